#include "worker/trainer/weight_patterns.h"

#include <algorithm>

#include "experiments/core/glob.h"

namespace tutti::trainer {

bool MatchesAny(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return GlobMatches(pattern, name); });
}

std::vector<std::string> LayerPatterns(const std::vector<std::string>& names) {
  std::vector<std::string> patterns;
  for (const std::string& name : names) {
    std::string pattern = name.substr(0, name.find('.')) + ".*";
    if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end()) {
      patterns.push_back(std::move(pattern));
    }
  }
  return patterns;
}

std::string PatternList(const std::vector<std::string>& patterns) {
  constexpr std::size_t kShown = 8;
  std::string text = "[";
  for (std::size_t i = 0; i < std::min(patterns.size(), kShown); ++i) {
    text += (i > 0 ? ", '" : "'") + patterns[i] + "'";
  }
  return text + (patterns.size() > kShown ? ", …]" : "]");
}

Status CheckEachMatches(const std::string& field, const std::vector<std::string>& patterns,
                        const std::vector<std::string>& names) {
  for (const std::string& pattern : patterns) {
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return GlobMatches(pattern, name); })) {
      continue;
    }
    return InvalidArgument(field + ": '" + pattern +
                           "' matches no weight of this model; its layers are " +
                           PatternList(LayerPatterns(names)));
  }
  return Ok{};
}

}  // namespace tutti::trainer
