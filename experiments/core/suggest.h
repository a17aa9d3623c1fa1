#pragma once

#include <string>
#include <string_view>
#include <vector>

// "Did you mean" for names that people type: keys, layers, presets, searchers, commands.

namespace tutti {

// Fewest insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal
// string alignment distance).
int EditDistance(std::string_view a, std::string_view b);

// The name nearest to `text`, the earlier one on a tie; "" if none is near enough to be meant (more
// than a third of the longer word would change). Upper and lower case, '-' and '_' are the same.
std::string ClosestName(std::string_view text, const std::vector<std::string>& names);

// "; did you mean 'kernel'?" if a name is near, else "; known are a, b, c".
std::string DidYouMean(std::string_view text, const std::vector<std::string>& names);

}  // namespace tutti
