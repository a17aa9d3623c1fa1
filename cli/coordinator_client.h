#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// The coordinator as the verbs see it: plain values, one deadline per call, errors with the code
// that decides the exit code. Proto types stay in the .cc file.

namespace tutti::cli {

// One trial in a snapshot of a running experiment.
struct TrialProgress {
  std::int64_t trial_no = 0;
  std::string state;
  double time = 0;  // in the experiment's time_metric
  double max_time = 0;
  std::optional<double> metric;
  std::optional<double> best_metric;
  double images_per_second = 0;
  std::string summary;
  std::string reason;
};

struct ExperimentProgress {
  std::int64_t experiment_id = 0;
  std::string name;
  std::string state;
  bool terminal = false;
  std::string metric;
  bool smaller_is_better = true;
  std::vector<TrialProgress> trials;
  std::string time_metric = "epochs";
  std::int64_t trials_completed = 0;
  std::int64_t trials_expected = 0;
  std::string reason;
  std::int64_t held_ms = 0;  // slot time for which held trials did not train
};

enum class Action { kPause, kResume, kCancel, kKill, kArchive, kUnarchive };

// What may be changed of an open experiment; absent: stays.
struct Settings {
  std::optional<std::int64_t> priority;   // 1 to 99
  std::optional<double> weight;
  std::optional<std::int64_t> max_slots;  // 0: no limit
  std::optional<std::int64_t> save_experiment_best, save_trial_best, save_trial_latest;
};

struct Explanation {
  std::string state;
  std::vector<std::string> lines;  // the first one answers
  struct Decision {
    std::string at, subject, text;
  };
  std::vector<Decision> decisions;  // oldest first
};

struct Submission {
  std::string raw_text;
  std::string canonical_json;
  std::string provenance_json;
};

struct SubmitOutcome {
  std::int64_t experiment_id = 0;
  std::string state;
  std::vector<std::string> warnings;
};

// One task on the weights of a trial's checkpoint (docs/records.md, Tasks).
struct Evaluation {
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;      // from 1
  std::string checkpoint = "best";  // "best", "last" or "e17"
  Json task;                      // e.g. {"kind": "predict", "n": 1, "shape": [1, 28, 28]}
  std::string input;              // uint8 pixels [n, c, h, w], 0 = background; or empty
  std::string config_json;        // "": the trial's own; else it with another `data`
  std::chrono::milliseconds deadline = std::chrono::minutes(10);
};

struct EvaluationResult {
  Json header;          // "kind", "n", "classes", "class_names", "shape", … (EvaluateReply)
  std::string payload;  // logits, pixels, activations (EvaluateReply)

  // float32 [n, classes], copied out of the payload. Empty for an "evaluate" task.
  // kDataLoss if the payload is too short.
  Result<std::vector<float>> Logits() const;
};

// An ensemble of what has been trained, or (with an id) another evaluation of one.
struct EnsembleOrder {
  std::int64_t ensemble = 0;         // 0: a new one, of `members`
  std::string name;                  // "": made from the members
  std::vector<std::string> members;  // "12.3", "12.3@e17"
  Json spec = Json::MakeObject();    // combine, weights, min_members; what is absent stays
};
struct EnsembleOutcome {
  std::int64_t ensemble = 0;
  std::string state;  // COMPLETED or FAILED
  std::string message;
};

class CoordinatorClient {
 public:
  // No connection is made before the first call.
  explicit CoordinatorClient(const std::string& address);
  ~CoordinatorClient();
  CoordinatorClient(const CoordinatorClient&) = delete;
  CoordinatorClient& operator=(const CoordinatorClient&) = delete;

  const std::string& address() const { return address_; }

  Result<Json> Info(std::chrono::milliseconds deadline = std::chrono::seconds(5));
  // Retried with the same request id while the coordinator is away (it may be restarting).
  Result<SubmitOutcome> Submit(const Submission& submission);
  // The new state. All calls that change something are retried like Submit.
  Result<std::string> Act(Action action, std::int64_t experiment, std::int64_t trial_no);
  // canonical_json "": as it was. The new state.
  Result<std::string> Continue(std::int64_t experiment, const std::string& canonical_json);
  // All settings as they are now.
  Result<Json> Set(std::int64_t experiment, const Settings& settings);
  Result<Explanation> Why(std::int64_t experiment, std::int64_t trial_no);
  // The node as ListWorkers shows it.
  Result<Json> Drain(const std::string& node, bool drain, bool now);
  Result<Json> Get(std::int64_t experiment, std::int64_t trial_no);
  Result<Json> ListWorkers();
  Result<Table> Query(const std::string& sql, const Json& params = Json::MakeArray(),
                      std::int64_t max_rows = 0);
  // Calls `on_update` for each snapshot until the experiment is terminal, `on_update` returns
  // false, `give_up` returns true (asked also while nothing happens), or the coordinator goes away
  // (kUnavailable; the caller may watch again).
  Status Watch(std::int64_t experiment,
               const std::function<bool(const ExperimentProgress&)>& on_update,
               const std::function<bool()>& give_up = {});
  // Calls `on_text` with whole lines; the same ways to end as Watch.
  Status Logs(std::int64_t experiment, std::int64_t trial_no, bool follow, std::int64_t tail,
              const std::function<bool(const std::string&)>& on_text);
  // Waits until the task has run (also for a free slot); an interrupt or the deadline cancels it.
  // Errors: kNotFound (no such trial or checkpoint; lists what exists), kInvalidArgument (the task
  // does not fit the network), kUnavailable (the coordinator went away: ask again), kCancelled,
  // kDeadlineExceeded, and those of the trainer.
  Result<EvaluationResult> Evaluate(const Evaluation& evaluation);
  // Waits until the ensemble has been evaluated; asked again, with the same request id, while the
  // coordinator is away (it may be restarting). Errors: kNotFound, kInvalidArgument,
  // kFailedPrecondition (it is being evaluated, or a member's trial has not ended).
  Result<EnsembleOutcome> Evaluate(const EnsembleOrder& order);
  Status Shutdown(bool checkpoint);

  struct Connection;  // coordinator_connection.h

 private:
  const std::string address_;
  std::unique_ptr<Connection> connection_;
};

// Raised by SIGINT in the verbs that wait; Watch and Logs end with kCancelled soon after.
void InstallInterruptHandler();
bool Interrupted();

}  // namespace tutti::cli
