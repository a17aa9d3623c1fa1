#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "worker/comm/communicator.h"
#include "worker/trainer/task_networks.h"
#include "worker/trainer/training_run.h"

// One rank's life: it joins its gang and runs attempts, warm, until it is told to end.

namespace tutti::trainer {

struct TrainerFlags {
  std::string socket;           // the worker's; empty: standalone
  std::int64_t allocation = 0;
  int world = 1;
  int threads = 1;
  std::string device = "cpu";   // cpu | cuda
  // Standalone.
  bool standalone = false;
  std::string config;           // canonical document of the trial (JSON file)
  std::string out;              // directory for records and checkpoints
  std::string data_root;
  std::uint64_t seed = 0;
  std::int64_t attempt = 1;
  std::string resume_from;
  std::int64_t stop_after = 0;
  std::int64_t trial = 1;
  std::int64_t run_until = 0;
  std::string dump_gradients;
};

// Rank, communicators, device and data of a gang, kept between attempts.
class GangSession {
 public:
  static Result<std::unique_ptr<GangSession>> Join(const TrainerFlags& flags);

  // Runs one attempt and sends its `done`. False if it failed: the process must end then.
  bool RunAttempt(Record run, Link& link);
  bool RunAttempt(const AttemptOrder& order, Link& link);

  int rank() const { return world_->rank(); }

 private:
  GangSession() = default;
  AttemptEnd Guarded(const AttemptOrder& order, Link& link);

  std::unique_ptr<comm::Rendezvous> world_;
  std::unique_ptr<comm::Communicator> host_;
  std::unique_ptr<comm::Communicator> device_comm_;
  std::unique_ptr<DataCache> data_;
  TaskNetworks networks_;
  c10::Device device_{c10::kCPU};
};

// Both return the process's exit code.
int RunWithWorker(const TrainerFlags& flags);
int RunStandalone(const TrainerFlags& flags);

}  // namespace tutti::trainer
