#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/agent/launch_message.h"

namespace tutti::worker {

// The agent's side of the launcher process (launcher_process.h). Owned by the agent's loop thread.
// The launcher kills every gang as soon as this object's socket closes, be it by the destructor or
// because the worker was killed.
class Launcher {
 public:
  // REQUIRES: the process has one thread (nothing of gRPC has started).
  static Result<Launcher> Fork();
  Launcher(Launcher&&) = default;
  Launcher& operator=(Launcher&&) = delete;
  ~Launcher();

  int fd() const { return socket_.get(); }
  pid_t pid() const { return pid_; }

  // `output` becomes standard output and error of every process of the gang.
  void Start(const LaunchRequest& request, FileDescriptor output);
  // TERM to the leader's process group, KILL to every process of the gang after grace_ms.
  void Stop(std::int64_t gang, std::int64_t grace_ms);
  void Kill(std::int64_t gang);

  // Sends what the socket did not take at once; false: something is still waiting.
  Result<bool> Flush();
  // All events that are there; never blocks. kNotFound: the launcher is gone.
  Result<std::vector<LaunchEvent>> Read();

 private:
  Launcher(FileDescriptor socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}

  struct Waiting {
    std::string text;
    FileDescriptor descriptor;
  };
  FileDescriptor socket_;
  pid_t pid_ = -1;
  std::deque<Waiting> waiting_;  // bounded by the number of gangs: a few requests each
};

}  // namespace tutti::worker
