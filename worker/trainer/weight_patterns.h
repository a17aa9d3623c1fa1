#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// Glob patterns (experiments/core/glob.h) that choose weights by name.

namespace tutti::trainer {

bool MatchesAny(const std::vector<std::string>& patterns, std::string_view name);

// kInvalidArgument if a pattern matches none of `names` ("training.freeze": the field the patterns
// come from; the message names it, the pattern, and patterns that would match).
Status CheckEachMatches(const std::string& field, const std::vector<std::string>& patterns,
                        const std::vector<std::string>& names);

// The layers of weight names as patterns, in their order: "features.0.weight" and "features.3.bias"
// are both of 'features.*'.
std::vector<std::string> LayerPatterns(const std::vector<std::string>& names);

// "['a.*', 'b.*']", at most eight and then "…".
std::string PatternList(const std::vector<std::string>& patterns);

}  // namespace tutti::trainer
