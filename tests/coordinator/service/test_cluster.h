#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/service/coordinator.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// A coordinator in the test's process, on a port and a state directory of its own, and what a
// client asks of it. Failures of the set-up are test failures.

namespace tutti {

class TestCluster {
 public:
  explicit TestCluster(CoordinatorOptions options = {});
  ~TestCluster();

  // Again on the same directory.
  void Start();
  // As `kill -9` would: nothing is flushed.
  void Crash() { coordinator.reset(); }
  // A client's Shutdown call with `checkpoint`, then the process's end.
  void ShutDown();

  // The canonical document of a small valid experiment; `yaml` is appended to it.
  static std::string Document(const std::string& yaml = "");

  struct Submitted {
    std::int64_t experiment = 0;
    std::string state;
    std::vector<std::string> warnings;
  };
  Result<Submitted> Submit(const std::string& canonical_json, const std::string& request_id);
  // method: "Pause", "Resume", "Cancel", "Kill", "Archive", "Unarchive". The new state.
  Result<std::string> Act(const std::string& method, std::int64_t experiment,
                          const std::string& request_id, std::int64_t trial_no = 0);
  // Fields by name: "priority", "weight", "max_slots", "save_experiment_best", …; a member that is no
  // number is left out. The reply's object.
  Result<Json> Set(std::int64_t experiment, const Json& fields, const std::string& request_id);
  // canonical_json "": as it was. The new state.
  Result<std::string> Continue(std::int64_t experiment, const std::string& canonical_json,
                               const std::string& request_id);
  // {"state", "lines": […], "decisions": ["trial 1.1: text", …]}.
  Result<Json> Why(std::int64_t experiment, std::int64_t trial_no = 0);
  Result<Json> Drain(const std::string& node, bool drain, bool now,
                     const std::string& request_id);
  Result<Json> Get(std::int64_t experiment, std::int64_t trial_no = 0);
  struct EnsembleOutcome {
    std::int64_t ensemble = 0;
    std::string state;
    std::string message;
  };
  Result<EnsembleOutcome> CreateEnsemble(const std::vector<std::string>& members,
                                         const std::string& spec_json,
                                         const std::string& request_id,
                                         const std::string& name = "");
  Result<EnsembleOutcome> EvaluateEnsemble(std::int64_t ensemble, const std::string& spec_json,
                                           const std::string& request_id);
  Result<Json> ListWorkers();
  Result<Json> ListTrials(std::int64_t experiment);
  // Rows of a query, read by the server's helper process. *truncated, if given, is set.
  Result<Json> Query(const std::string& sql, std::int64_t max_rows = 0,
                     bool* truncated = nullptr);
  // Snapshots until the stream ends; `on_state` gets each state and how many trials are completed.
  Status Watch(std::int64_t experiment, const std::function<void(const std::string&)>& on_state);
  Result<std::string> Logs(std::int64_t experiment, std::int64_t trial_no, bool follow,
                           std::int64_t tail, const std::function<void()>& on_chunk = {});

  // One integer from the database file, read without the coordinator; -1 if there is no row.
  std::int64_t ReadInt(const std::string& sql);
  // Repeats until `met` or 20 s have passed.
  bool Await(const std::function<bool()>& met);

  CoordinatorOptions options;
  std::string address;
  std::unique_ptr<Coordinator> coordinator;

 private:
  struct Client;
  std::unique_ptr<Client> client_;
};

}  // namespace tutti
