#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/spec/node.h"

// Paths: of fields in a document, and of files.

namespace tutti::spec {

// Where `path` stands, or its nearest ancestor that is there: the key of a map, else the value.
// Items of lists are addressed as "data.options.parts[0].classes".
Position PositionOf(const Node& root, std::string_view path);

// "/a/b" and "../c" -> "/a/c". An absolute path is only tidied.
std::string JoinPath(std::string_view base, std::string_view path);

// "; did you mean 'x'?", or "" if no name is near.
std::string Suggestion(std::string_view text, const std::vector<std::string>& names);

}  // namespace tutti::spec
