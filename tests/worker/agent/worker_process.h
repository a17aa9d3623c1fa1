#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace tutti::worker {

// A real tutti-worker with the scripted trainer, in a work directory of its own below /tmp. The
// destructor kills it and removes the directory.
class WorkerProcess {
 public:
  // `flags` come after --coordinator ADDRESS (or --state, if address is empty).
  WorkerProcess(const std::string& address, std::vector<std::string> flags);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  void Signal(int signal) const;
  // Waits for its end; exit code, or 128 + signal.
  int Wait();
  const std::string& directory() const { return directory_; }
  // What it wrote to standard error so far.
  std::string Log() const;
  // Processes with the scripted trainer's name that belong to this worker's work directory.
  std::vector<pid_t> Trainers() const;

 private:
  std::string directory_;
  pid_t pid_ = -1;
};

// Waits (at most 60 s) until the process is gone; false on time-out.
bool AwaitDeath(pid_t pid);

// A new folder below /tmp.
std::string MakeScratchDirectory();

}  // namespace tutti::worker
