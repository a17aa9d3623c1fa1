#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// YAML text to trees: the one place that knows yaml-cpp.
//
// Accepted is what JSON can say: maps with scalar keys, lists, and the scalars of YAML's core
// schema (null, true and false, integers in base 10, 8 and 16, floats; a quoted scalar is a
// string). Errors with a position: syntax, duplicate keys, anchors, aliases, merge keys, tags,
// keys that are maps or lists, control characters and broken UTF-8, more than 1 MiB, 32 levels or
// 100,000 nodes.

namespace tutti::spec {

struct YamlDocument {
  Node root;
  int first_line = 1;  // of the slice of the text that belongs to this document
  int last_line = 0;
};

// One tree for each `---` document; empty documents are left out. Problems go to `report` with
// `source` as their source index. A syntax error or a limit ends the reading, is reported alone
// and leaves no document; other problems are all reported, and the documents come without the
// values concerned.
std::vector<YamlDocument> ReadYaml(std::string_view text, std::int32_t source, Report& report);

// YAML's core schema for a plain (unquoted) scalar: "1e-3" is the number 0.001, "yes" a string.
Json PlainScalar(const std::string& text);

}  // namespace tutti::spec
