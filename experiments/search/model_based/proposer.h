#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/search/model_based/history.h"

namespace tutti::search {

// The part of a model-based searcher that thinks. ModelSearcher does the rest: numbers, windows,
// events, snapshots.
class Proposer {
 public:
  struct Proposal {
    Point point;       // as UnitSpace::Decode takes it
    std::string why;   // for people: "the 4 best of 40 against the rest"
  };

  virtual ~Proposer() = default;

  // The next configuration. Its number is history.trials.size() + 1; randomness comes from a stream
  // of that number.
  virtual Proposal Propose(const History& history) = 0;

  // Configurations open at once where the user sets no limit.
  virtual std::int64_t window() const = 0;

  // What a restored proposer needs besides the history; null: nothing. Restore is called once, on a
  // new proposer; kDataLoss if the text is not one of its own.
  virtual Json Snapshot() const { return Json(); }
  virtual Status Restore(const Json& snapshot) {
    if (!snapshot.is_null()) return DataLoss("searcher snapshot: 'model' is not null");
    return Ok{};
  }
};

}  // namespace tutti::search
