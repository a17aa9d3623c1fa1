#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/search/model_based/unit_space.h"

// What a model-based searcher knows: the configurations that it created and how they went.

namespace tutti::search {

enum class Outcome { kOpen, kDone, kFailed, kInvalid };
inline constexpr EnumTable<Outcome, 4> kOutcomeNames{{{{Outcome::kOpen, "open"},
                                                       {Outcome::kDone, "done"},
                                                       {Outcome::kFailed, "failed"},
                                                       {Outcome::kInvalid, "invalid"}}}};

// One configuration. A cost is a metric turned so that smaller is better; +infinity for NaN, for a
// missing value and for a trial that crashed.
struct Tried {
  Point point;  // as proposed
  Outcome outcome = Outcome::kOpen;
  // While it is open: whether it has reported, and its best feasible report (if it has none: its
  // best report). Once closed: what it counts as.
  bool reported = false;
  bool feasible = true;
  bool always_feasible = true;  // no report has violated a constraint
  double cost = 0;              // meaningful once reported or closed
  std::vector<double> objectives;  // searcher.metrics' costs at that report; empty without them
  friend bool operator==(const Tried&, const Tried&) = default;
};

// Whether a is the better result: feasible before infeasible, then the smaller cost.
bool Better(const Tried& a, const Tried& b);

struct History {
  std::vector<Tried> trials;         // configuration k is number k - 1
  std::vector<std::int64_t> closed;  // numbers of those done or failed, in the order they closed
  // From searcher.observations, in their order: those that have a value for each axis that they
  // switch on (paths that the space no longer has play no role). All done and feasible.
  std::vector<Tried> earlier;

  // Those whose results are known, oldest first: `earlier`, then in the order they closed.
  std::vector<const Tried*> Known() const;
  // Points of those that are still open, by number.
  std::vector<Point> Pending() const;
};

// The part of searcher.observations that fits the space.
std::vector<Tried> EarlierResults(const UnitSpace& space, const SearcherConfig& searcher);

// Coordinates in a snapshot; the reader takes the member "point" of an object. kDataLoss: a
// coordinate that is missing or outside its axis, a wrong number of them.
Json NumbersToJson(const std::vector<double>& values);
Result<Point> PointFromJson(const Json& object, const UnitSpace& space);

// `trials` and `closed` as JSON, and back. kDataLoss: anything that the searcher cannot have
// written: a coordinate outside its axis, a wrong number of them, closed ones that are open.
Json HistoryToJson(const History& history);
Result<History> HistoryFromJson(const Json& json, const UnitSpace& space, std::size_t objectives);

}  // namespace tutti::search
