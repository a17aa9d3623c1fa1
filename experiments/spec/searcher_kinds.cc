#include "experiments/spec/searcher_kinds.h"

#include <algorithm>

namespace tutti::spec {
namespace {

std::vector<std::string> NamesWhere(bool SearcherKind::* property) {
  std::vector<std::string> names;
  for (const SearcherKind& kind : SearcherKinds()) {
    if (kind.*property) names.push_back(kind.name);
  }
  return names;
}

}  // namespace

const std::vector<SearcherKind>& SearcherKinds() {
  static const std::vector<SearcherKind> kinds{
      {"single", "one configuration.", false, false, false},
      {"random", "max_trials samples.", true, false, false},
      {"grid", "every combination.", false, false, false},
      {"sobol", "max_trials points that cover the space evenly.", true, false, false},
      {"async_halving", "ASHA: samples, of which most are stopped early.", true, true, false},
      {"adaptive_asha", "several ASHA searches that stop less and less early.", true, true, false},
      {"hyperband", "brackets of successive halving.", true, true, false},
      {"tpe", "proposes by densities of good and bad values; takes any space.", true, false, true},
      {"gp", "proposes by a Gaussian process; for few, costly trials.", true, false, true},
      {"cmaes", "moves a normal distribution; for numbers.", true, false, true},
      {"bohb", "hyperband, with samples from tpe.", true, true, true},
      {"pbt", "a population that copies its best and changes their values while it trains.", false,
       false, false},
      {"nsga2", "a population for several metrics at once.", true, false, false}};
  return kinds;
}

const SearcherKind* FindSearcherKind(std::string_view name) {
  const auto& kinds = SearcherKinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const SearcherKind& kind) { return kind.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::vector<std::string> EarlyStoppers() { return NamesWhere(&SearcherKind::stops_early); }

std::vector<std::string> Learners() { return NamesWhere(&SearcherKind::learns); }

std::vector<std::string> NotOf(const std::vector<std::string>& names) {
  std::vector<std::string> others;
  for (const SearcherKind& kind : SearcherKinds()) {
    if (std::find(names.begin(), names.end(), kind.name) == names.end()) {
      others.push_back(kind.name);
    }
  }
  return others;
}

}  // namespace tutti::spec
