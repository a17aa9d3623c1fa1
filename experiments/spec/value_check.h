#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "experiments/core/json.h"
#include "experiments/spec/field_table.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// Values without fields of their own against their row of the field table: texts, numbers, words,
// lists of them.

namespace tutti::spec {

// Where relative paths start: those of the file, and those from `--set`. Empty: left as they are.
struct PathBases {
  std::string file;
  std::string overrides;
};

class ValueChecker {
 public:
  // With `entrypoint` the document is about a program: some words are then its own.
  ValueChecker(const PathBases& bases, bool entrypoint, Report& report)
      : bases_(bases), entrypoint_(entrypoint), report_(report) {}

  bool ok() const { return ok_; }

 protected:
  void Fail(Position at, std::string_view path, std::string message);
  void FailValue(const Field& field, const Node& node, const std::string& suggestion = "");
  // How messages call a field: one of an item of a list by the item's place.
  std::string Shown(const std::string& path) const;

  Json CheckText(const Field& field, const Node& node);
  Json CheckNumber(const Field& field, const Node& node, bool integer);
  Json CheckChoice(const Field& field, const Node& node);
  Json CheckList(const Field& field, const Node& node);
  Json CheckTextMap(const Field& field, const Node& node);
  // A program with its arguments; a string is one line for the shell.
  Json CheckCommand(const Field& field, const Node& node);

  const PathBases& bases_;
  const bool entrypoint_;
  Report& report_;
  std::string item_of_;  // of an item: the path of its list, "searcher.stop"; of a part: "data"
  std::string item_;     // what it is called: "searcher.stop[0]"
  bool ok_ = true;

 private:
  bool in_list_ = false;  // the value at hand is an item of a list
};

}  // namespace tutti::spec
