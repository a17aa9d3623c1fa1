#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "experiments/core/result.h"

// The coordinator as one object: a state directory, an engine behind its journal, and the gRPC
// services on a loopback port.

namespace tutti {

struct CoordinatorOptions {
  std::string state_dir;
  std::string host = "127.0.0.1";  // loopback only
  int port = 0;                    // 0: the one of the last start if it is free, else any
  std::int64_t heartbeat_ms = 2'000;
  std::int64_t self_kill_after_ms = 60'000;  // less than lost_after_ms
  std::int64_t lost_after_ms = 90'000;
  std::int64_t drain_ms = 30'000;       // how long a shutdown waits for checkpoints
  std::int64_t snapshot_every = 5'000;  // journal entries
  std::string version;
  std::string query_program;  // an executable with storage::QueryHelperMain; empty: this one
};

// kInvalidArgument says which value does not fit.
Status ValidateOptions(const CoordinatorOptions& options);

class Coordinator {
 public:
  // Locks the state directory, restores, listens, then writes coordinator.json.
  static Result<std::unique_ptr<Coordinator>> Start(CoordinatorOptions options);
  // Without Stop() this is a crash: what is not yet committed is dropped, coordinator.json stays.
  ~Coordinator();
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  int port() const;
  std::string address() const;
  std::int64_t incarnation() const;

  // Any thread; the same as the Shutdown call of a client. With `checkpoint`, running attempts
  // checkpoint first, at most drain_ms.
  void RequestShutdown(bool checkpoint);
  // True once a requested shutdown has drained: it is time to Stop(). Waits up to timeout_ms.
  bool WaitForShutdown(std::int64_t timeout_ms);
  // Writes what is queued and a snapshot, closes the database and removes coordinator.json.
  Status Stop();

 private:
  struct Parts;
  explicit Coordinator(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tutti
