#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/engine/event.h"
#include "coordinator/simulation/learning_curve.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What happens in a simulation besides what the engine decides: the machines, what people submit
// and ask for, what breaks, and how long things take. Times are virtual milliseconds from 0.

namespace tutti::simulation {

struct NodeSpec {
  std::string name;
  std::int64_t slots = 1;
  std::string pool = "default";
  std::map<std::string, std::string> labels;
  bool spans_nodes = true;
  std::int64_t slot_memory_bytes = 0;
  std::int64_t joins_at_ms = 0;
};

// How the trials of an experiment behave.
struct TrialModel {
  LearningCurve curve;
  std::int64_t unit_ms = 10'000;  // one unit of time_metric
  double speed_spread = 0;        // an attempt's unit takes uniformly 1 ± this times as long
  std::int64_t load_ms = 500;     // from the gang to the first step
  std::int64_t checkpoint_ms = 200;
  std::int64_t evaluate_ms = 500;     // at the end
  std::int64_t checkpoint_every = 1;  // units; 0: only when it stops, holds or ends
  std::int64_t peak_memory_bytes = 0;
  double invalid = 0;  // share of the configurations whose values the trainer refuses
};

// What goes wrong by chance, and how long messages and processes take.
struct Weather {
  std::int64_t message_ms_min = 1, message_ms_max = 20;
  std::int64_t start_gang_ms = 1'000;
  std::int64_t stop_gang_ms = 200;
  double fail_per_unit = 0;   // an attempt ends with an error, for each unit that it trains
  double crash_per_unit = 0;  // its processes vanish without a word
  std::int64_t heartbeat_ms = 5'000;
  std::int64_t tick_ms = 1'000;
  std::int64_t lost_after_ms = 90'000;
  std::int64_t self_kill_after_ms = 60'000;
};

struct Submit {
  Json canonical;
  TrialModel model;
};
struct Act {
  engine::Action action = engine::Action::kPause;
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;  // 0: all of it
};
struct Change {
  engine::ExperimentSettingsChanged settings;
};
struct Drain {
  std::string node;
  bool drain = true;
  bool now = false;
};
struct Disconnect {  // the network fails; what runs goes on
  std::string node;
  std::int64_t for_ms = 0;
};
struct CrashNode {  // all its processes die; comes back empty
  std::string node;
  std::int64_t for_ms = 0;  // negative: for good
};
struct CrashTrial {  // the attempt that trains now fails
  std::int64_t experiment = 0, trial_no = 0;
  engine::FailureClass failure = engine::FailureClass::kInfra;
};
// The coordinator's process dies and starts again from its newest snapshot and journal.
struct RestartCoordinator {
  std::int64_t for_ms = 0;
};
using Happening = std::variant<Submit, Act, Change, Drain, Disconnect, CrashNode, CrashTrial,
                               RestartCoordinator>;
// One line for people: "disconnect node a for 20 s".
std::string Describe(const Happening& what);
std::string Seconds(std::int64_t ms);  // "1.5 s"

struct Step {
  std::int64_t at_ms = 0;
  Happening what;
};

// Experiments are numbered from 1 in the order of their Submit steps.
struct Scenario {
  std::string name;
  std::vector<NodeSpec> nodes;
  Weather weather;
  std::vector<Step> steps;
  std::int64_t snapshot_every = 64;  // journal entries
  // The run fails as stuck when experiments are open and nothing has moved for stuck_after_ms, or
  // when the horizon is reached.
  std::int64_t horizon_ms = 30LL * 24 * 3600 * 1000;
  std::int64_t stuck_after_ms = 20 * 60 * 1000;
};

// Reads the JSON of a scenario file (tests/sim/README.md has the fields). Every `document` must be
// canonical by now. Unknown keys are errors that name their path.
Result<Scenario> ReadScenario(const Json& json);

}  // namespace tutti::simulation
