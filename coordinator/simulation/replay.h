#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/engine/engine.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Re-derives the decisions of a coordinator from its journal: each recorded event is applied to the
// production engine, and what it answers is compared with what was recorded.

namespace tutti::simulation {

// A row of the table `journal`.
struct JournalRow {
  std::int64_t seq = 0;
  std::int64_t engine_version = 0;
  std::string event;     // JSON
  std::string commands;  // JSON: a list
};
// A row of the table `snapshots`.
struct JournalSnapshot {
  std::int64_t journal_seq = 0;  // of the last event that it contains
  std::int64_t engine_version = 0;
  std::string state;  // JSON
};

struct Difference {
  std::int64_t seq = 0;
  std::string text;  // for people: event, the command that differs, recorded and derived values
};

class Replay {
 public:
  // `experiment`: only decisions about it are counted and compared; none: all of them.
  explicit Replay(ExperimentId experiment);

  // Begins after this snapshot instead of at the first event. REQUIRES: before the first Next.
  // Errors: another engine version, damaged.
  Status StartFrom(const JournalSnapshot& snapshot);

  // The next row, in order. The first difference is the last: nothing after it can be compared.
  // A row that is missing, cannot be read, or was written by another engine version is one too.
  std::optional<Difference> Next(const JournalRow& row);

  std::int64_t events() const { return events_; }        // replayed
  std::int64_t decisions() const { return decisions_; }  // commands compared
  std::int64_t next_seq() const { return next_seq_; }
  const engine::Engine& engine() const { return engine_; }

 private:
  bool Concerns(const Json& command);
  void Learn(const Json& command);
  std::vector<const Json*> Relevant(const Json& commands);

  ExperimentId experiment_;
  engine::Engine engine_;
  std::int64_t events_ = 0, decisions_ = 0, next_seq_ = 1;
  std::map<std::int64_t, std::int64_t> experiment_of_trial_, experiment_of_attempt_;
};

// The paths at which two values differ, with both values: "state: recorded "RUNNING", derived
// "QUEUED"". At most `most`.
std::vector<std::string> JsonDifferences(const Json& recorded, const Json& derived,
                                         std::size_t most);

}  // namespace tutti::simulation
