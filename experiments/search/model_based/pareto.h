#pragma once

#include <cstddef>
#include <vector>

// Comparing results by several objectives at once. Objectives are costs: smaller is better; turn
// the sign of what should be large. Infinity is the worst value; NaN is not allowed.

namespace tutti::search {

// One result: a cost per objective, and whether it keeps to the constraints.
struct Costs {
  std::vector<double> values;
  bool feasible = true;
};

// Deb's constraint-domination: feasible before infeasible; among equals in that, no objective is
// worse and one is better. REQUIRES: as many values.
bool Dominates(const Costs& a, const Costs& b);

// Which results no other dominates, in their order. Equal ones all belong to it.
std::vector<std::size_t> ParetoFront(const std::vector<Costs>& results);

// The front of each result: 0 for the Pareto front, 1 for what would be it without front 0, …
// (Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II",
// 2002, section III.A).
std::vector<std::size_t> FrontNumbers(const std::vector<Costs>& results);

// How alone each result of one front is: the sum over the objectives of the distance between its
// two neighbours, relative to the front's range; infinity at the ends (section III.B).
std::vector<double> CrowdingDistances(const std::vector<Costs>& front);

}  // namespace tutti::search
