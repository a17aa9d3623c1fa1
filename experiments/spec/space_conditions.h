#pragma once

#include <vector>

#include "experiments/core/json.h"
#include "experiments/spec/search_spaces.h"

// `when:`, hyperparameters that exist only where others have certain values.

namespace tutti::spec {

// Finds for each condition the dimension that it is about, which must stand above, and reports
// conditions that name none or can never hold. Spaces with such conditions are taken out.
void ResolveConditions(std::vector<SpaceUse>& spaces, Report& report);

// One value for each space: the first of each, but such that spaces[index] exists.
std::vector<Node> ChoiceWith(const std::vector<SpaceUse>& spaces, std::size_t index);

// Which of the spaces exist where each has the value of `choice`.
std::vector<bool> Existing(const std::vector<SpaceUse>& spaces, const std::vector<Node>& choice);

// The conditions of a space as they stand in the canonical document, their values as in
// `canonical`, the spaces before it.
Json CanonicalWhen(const std::vector<SpaceUse>& spaces, std::size_t index, const Json& canonical);

}  // namespace tutti::spec
