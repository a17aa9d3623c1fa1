#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "experiments/spec/diagnostic.h"
#include "experiments/spec/node.h"

// Where positions become diagnostics.

namespace tutti::spec {

// The texts that positions point into.
struct Source {
  std::string name;                // "experiments/a.yaml" or "--set a.b=value"
  std::vector<std::string> lines;  // empty: positions have no line
};

std::vector<std::string> SplitLines(std::string_view text);

// Collects diagnostics; the same message at the same place counts once, so that a document can be
// checked again with other values in it.
class Report {
 public:
  explicit Report(std::vector<Source> sources) : sources_(std::move(sources)) {}

  // Returns the index for Position::source.
  std::int32_t AddSource(Source source);
  void Error(Position at, std::string_view path, std::string message);
  void Warning(Position at, std::string_view path, std::string message);

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  // Sorted.
  std::vector<Diagnostic> diagnostics() const;

 private:
  void Add(Severity severity, Position at, std::string_view path, std::string message);

  std::vector<Source> sources_;
  std::vector<Diagnostic> diagnostics_;
  std::set<std::tuple<std::int32_t, std::int32_t, std::int32_t, std::string>> seen_;
  std::size_t errors_ = 0;
};

}  // namespace tutti::spec
