#pragma once

#include <string>

#include "cli/verbs.h"
#include "experiments/core/result.h"

// A coordinator for verbs that need one (run, predict, evaluate, report): the live one, or one that
// is started for this command and stopped after it.

namespace tutti::cli {

class TemporaryCluster {
 public:
  // --coordinator, $TUTTI_COORDINATOR or the live coordinator of the state directory are used and
  // left running. Otherwise a cluster is started there (a line on stderr says so); `cluster` says
  // with which slots and data. Errors: of StartCluster.
  static Result<TemporaryCluster> Open(const Globals& globals, const ClusterOptions& cluster = {});

  TemporaryCluster(TemporaryCluster&& other) noexcept;
  TemporaryCluster& operator=(TemporaryCluster&&) = delete;
  // Stops the cluster if it is this command's own; a failure is printed.
  ~TemporaryCluster();

  const std::string& address() const { return address_; }
  const std::string& state_dir() const { return state_dir_; }
  bool own() const { return own_; }

  // Checkpoints what runs and stops the cluster, if it is this command's own. Called by the
  // destructor; call it yourself to print something after it.
  Status Stop();

 private:
  TemporaryCluster(std::string address, std::string state_dir, bool own)
      : address_(std::move(address)), state_dir_(std::move(state_dir)), own_(own) {}

  std::string address_;
  std::string state_dir_;
  bool own_ = false;
};

}  // namespace tutti::cli
