#pragma once

#include <string>
#include <string_view>
#include <vector>

// What the rules know of each searcher.

namespace tutti::spec {

struct SearcherKind {
  std::string name;
  std::string doc;
  bool needs_max_trials = false;
  bool stops_early = false;  // compares trials at rungs; needs a length common to all trials
  bool learns = false;       // can start from what earlier experiments reported
};

const std::vector<SearcherKind>& SearcherKinds();
// nullptr for an unknown name.
const SearcherKind* FindSearcherKind(std::string_view name);

// Names for the field table.
std::vector<std::string> EarlyStoppers();
std::vector<std::string> Learners();
// All others.
std::vector<std::string> NotOf(const std::vector<std::string>& names);

}  // namespace tutti::spec
