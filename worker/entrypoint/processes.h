#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/result.h"

// The processes of a program: one per rank, each in a session of its own. All descendants belong
// to it: the host is a subreaper, so that none gets away.

namespace tutti::entrypoint {

// How the program ended: of the first rank that failed, or of all if none did.
struct ProgramEnd {
  int exit_code = 0;
  int signal = 0;
};

class Processes {
 public:
  // Starts one process per environment (NAME=value items). argv[0] without a slash is looked for
  // in the PATH of its environment. If one cannot be started, those before it are killed.
  // REQUIRES: none is alive.
  Status Start(const std::vector<std::string>& argv, const std::string& directory,
               const std::vector<std::vector<std::string>>& environments);

  // Collects who has died (and orphans). Call it after SIGCHLD.
  void Reap();
  // Ranks whose own process has not ended.
  bool alive() const;
  bool RankAlive(int rank) const;
  // Set when the ranks have all ended, or one has failed.
  const std::optional<ProgramEnd>& end() const { return end_; }
  bool started() const { return !ranks_.empty(); }

  // Of the ranks of the last program that have ended: the most resident memory that each has had
  // (the largest of its processes that it has waited for), summed.
  std::int64_t peak_memory_bytes() const { return peak_memory_bytes_; }

  void Terminate() const;  // TERM to the group of every rank
  // KILL to every descendant. True: there was none left.
  bool Kill();
  // Forgets the program. REQUIRES: Kill() was true.
  void Clear();

 private:
  struct Rank {
    pid_t pid = 0;
    bool running = true;
  };
  std::vector<Rank> ranks_;
  std::optional<ProgramEnd> end_;
  std::int64_t peak_memory_bytes_ = 0;
};

}  // namespace tutti::entrypoint
