#include "experiments/search/model_based/pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "experiments/core/check.h"

namespace tutti::search {

bool Dominates(const Costs& a, const Costs& b) {
  TUTTI_CHECK(a.values.size() == b.values.size(), "results have the same objectives");
  if (a.feasible != b.feasible) return a.feasible;
  bool better = false;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i] > b.values[i]) return false;
    better = better || a.values[i] < b.values[i];
  }
  return better;
}

std::vector<std::size_t> ParetoFront(const std::vector<Costs>& results) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const bool beaten = std::any_of(results.begin(), results.end(), [&](const Costs& other) {
      return Dominates(other, results[i]);
    });
    if (!beaten) front.push_back(i);
  }
  return front;
}

std::vector<std::size_t> FrontNumbers(const std::vector<Costs>& results) {
  const std::size_t n = results.size();
  std::vector<std::size_t> beaten_by(n, 0);
  std::vector<std::vector<std::size_t>> beats(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || !Dominates(results[i], results[j])) continue;
      beats[i].push_back(j);
      ++beaten_by[j];
    }
  }
  std::vector<std::size_t> numbers(n, 0);
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < n; ++i) {
    if (beaten_by[i] == 0) front.push_back(i);
  }
  for (std::size_t number = 0; !front.empty(); ++number) {
    std::vector<std::size_t> next;
    for (const std::size_t i : front) {
      numbers[i] = number;
      for (const std::size_t j : beats[i]) {
        if (--beaten_by[j] == 0) next.push_back(j);
      }
    }
    front = std::move(next);
  }
  return numbers;
}

std::vector<double> CrowdingDistances(const std::vector<Costs>& front) {
  constexpr double kAlone = std::numeric_limits<double>::infinity();
  const std::size_t n = front.size();
  std::vector<double> distances(n, 0);
  if (n == 0) return distances;
  std::vector<std::size_t> order(n);
  for (std::size_t m = 0; m < front.front().values.size(); ++m) {
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
      return front[i].values[m] < front[j].values[m];
    });
    const double low = front[order.front()].values[m];
    const double high = front[order.back()].values[m];
    distances[order.front()] = distances[order.back()] = kAlone;
    if (!(high > low) || !std::isfinite(high - low)) continue;  // says nothing about the middle
    for (std::size_t k = 1; k + 1 < n; ++k) {
      distances[order[k]] +=
          (front[order[k + 1]].values[m] - front[order[k - 1]].values[m]) / (high - low);
    }
  }
  return distances;
}

}  // namespace tutti::search
