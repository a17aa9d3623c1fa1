#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "experiments/core/json.h"
#include "experiments/spec/node.h"
#include "experiments/spec/position.h"
#include "experiments/spec/report.h"

namespace tutti::spec {

// A document whose shape is right, as the rules between its fields read it.
class Document {
 public:
  // `root` is the tree that `canonical` was made from.
  Document(const Json& canonical, const Node& root, Report& report)
      : canonical_(canonical), root_(root), report_(report) {}

  const Json* Get(std::string_view path) const { return canonical_.FindPath(path); }
  std::int64_t Int(std::string_view path) const { return Get(path)->AsInt(); }
  double Number(std::string_view path) const { return Get(path)->AsDouble(); }
  const std::string& Text(std::string_view path) const { return Get(path)->AsString(); }
  // A program trains, so that there is no data, model and training.
  bool HasEntrypoint() const { return Get("entrypoint") != nullptr; }
  const Json& canonical() const { return canonical_; }
  const Node& root() const { return root_; }

  // Whether the user gave it, as a value or in the search space.
  bool Written(const std::string& path) const {
    const auto there = [&](const std::string& where) {
      const Node* node = root_.FindPath(where);
      return node != nullptr && !node->is_null();
    };
    return there(path) || there("hyperparameters." + path);
  }

  void Fail(std::string_view path, std::string message) const {
    report_.Error(PositionOf(root_, path), path, std::move(message));
  }
  void Warn(std::string_view path, std::string message) const {
    report_.Warning(PositionOf(root_, path), path, std::move(message));
  }

 private:
  const Json& canonical_;
  const Node& root_;
  Report& report_;
};

// Rules by section; each reports what is wrong.
void CheckDataRules(const Document& document);
void CheckTrainingRules(const Document& document);
void CheckEntrypointRules(const Document& document);
// `configurations`: how many the searcher tries.
void CheckEnsembleRules(const Document& document, double configurations);

}  // namespace tutti::spec
