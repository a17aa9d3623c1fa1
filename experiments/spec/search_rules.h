#pragma once

#include <string>
#include <vector>

#include "experiments/spec/document.h"
#include "experiments/spec/search_spaces.h"

// Rules about the search itself: metrics and their directions, lengths, constraints.

namespace tutti::spec {

// What is known of a metric's direction: true where nothing is.
bool SmallerIsBetter(const std::string& metric);

// Searcher pbt changes values while a trial goes on from another's checkpoint: reports a space that
// cannot change there, such as those of data.
void CheckContinues(const SpaceUse& use, Report& report);

// Reports what is wrong; returns how many configurations the searcher tries.
double CheckSearchRules(const Document& document, const std::vector<SpaceUse>& spaces,
                        Report& report);

}  // namespace tutti::spec
