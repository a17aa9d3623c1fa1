#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"

// Watches that a gang gets on, not only that it lives: (section, epoch, step) of every rank that
// reports it. Time comes in as data.

namespace tutti::worker {

enum class Section { kSetup, kTrain, kEvaluate, kCheckpoint };
inline constexpr EnumTable<Section, 4> kSectionNames{{{{Section::kSetup, "setup"},
                                                       {Section::kTrain, "train"},
                                                       {Section::kEvaluate, "evaluate"},
                                                       {Section::kCheckpoint, "checkpoint"}}}};

// How long a section may take without any progress.
struct SectionLimits {
  std::chrono::milliseconds setup{300'000};
  std::chrono::milliseconds train{120'000};
  std::chrono::milliseconds evaluate{300'000};
  std::chrono::milliseconds checkpoint{120'000};

  std::chrono::milliseconds Of(Section section) const;
};

class ProgressWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;

  ProgressWatch(int ranks, SectionLimits limits);

  // A gang was launched or an attempt began: all ranks are in `setup`.
  void Begin(Time now);
  void End();  // idle: nothing is watched
  // A `progress` record; the same place as before is no progress.
  void OnProgress(int rank, const Json& header, Time now);
  // A result of the attempt is progress too.
  void OnResult(int rank, Time now);
  // This rank is through and waits for the others.
  void OnDone(int rank, Time now);

  // "no progress for 120 s in section train; slowest is rank 1 (step 210, last heard of 9 s ago)",
  // or nothing while the limit has not passed.
  std::optional<std::string> Overdue(Time now) const;

 private:
  struct Rank {
    Section section = Section::kSetup;
    double epoch = 0;
    std::int64_t step = 0;
    Time at;
    bool reports = false;
    bool done = false;
  };
  std::size_t Slowest() const;

  SectionLimits limits_;
  std::vector<Rank> ranks_;
  Section section_ = Section::kSetup;
  Time last_;
  bool active_ = false;
};

}  // namespace tutti::worker
