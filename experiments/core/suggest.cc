#include "experiments/core/suggest.h"

#include <algorithm>
#include <cstddef>

namespace tutti {
namespace {

std::string Folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-') c = '_';
  }
  return out;
}

}  // namespace

int EditDistance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<int> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> int& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return at(a.size(), b.size());
}

std::string ClosestName(std::string_view text, const std::vector<std::string>& names) {
  // A typed word of kilobytes is no misspelling; the bound keeps the table small.
  if (text.empty() || text.size() > 64) return "";
  const std::string wanted = Folded(text);
  const std::string* best = nullptr;
  int best_distance = 0;
  for (const std::string& name : names) {
    const std::size_t longer = std::max(name.size(), wanted.size());
    const int distance = EditDistance(wanted, Folded(name));
    if (distance > std::max(1, static_cast<int>(longer / 3))) continue;
    if (distance >= static_cast<int>(longer)) continue;  // nothing in common
    if (best == nullptr || distance < best_distance) {
      best = &name;
      best_distance = distance;
    }
  }
  return best == nullptr ? "" : *best;
}

std::string DidYouMean(std::string_view text, const std::vector<std::string>& names) {
  const std::string closest = ClosestName(text, names);
  if (!closest.empty()) return "; did you mean '" + closest + "'?";
  if (names.empty()) return "";
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return "; known are " + all;
}

}  // namespace tutti
