#pragma once

#include <string_view>

namespace tutti {

// True if the whole text fits the pattern: '*' stands for any number of characters (dots too), '?'
// for exactly one, anything else for itself. What training.freeze and warm_start.weights mean.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace tutti
