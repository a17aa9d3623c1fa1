#pragma once

#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "worker/entrypoint/attempt_order.h"

// What a program gets when it is started, and the line that tells a connected one of an attempt:
// the same facts twice, so that a shell needs no JSON and no socket. Pure.

namespace tutti::entrypoint {

// Where the program finds its host.
struct Places {
  std::string socket;   // JSON lines, both ways
  std::string report;   // FIFO: JSON lines to the host
  std::string stop;     // file: exists when it is to stop; holds "finish" or "checkpoint"
  std::string scratch;  // a directory on the host's file system that is emptied after the attempt
};

// The gang, as this node has it.
struct Crew {
  int world = 1;
  std::vector<std::string> slots;  // one per rank
  int threads = 1;                 // of each rank
  std::string device;              // "cpu" | "cuda"
  int master_port = 0;             // world > 1: free when it was looked for
};

// Of the checkpoint to resume from; an empty directory: from scratch.
struct Resume {
  std::string directory;
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  std::int64_t time = 0;  // in the searcher's time_metric
};

// "model.width" -> "TUTTI_HP_MODEL_WIDTH": upper case, all but letters and digits become "_".
std::string VariableOf(const std::string& hparam);

// NAME=value for one rank. `inherited` (the host's own) come first; of a name that stands twice
// the last one counts: the experiment's `environment` before Tutti's own variables.
std::vector<std::string> EnvironmentOf(const AttemptOrder& order, const Places& places,
                                       const Crew& crew, const Resume& resume, int rank,
                                       const std::vector<std::string>& inherited);

// The `run` message.
Json RunMessage(const AttemptOrder& order, const Places& places, const Crew& crew,
                const Resume& resume, int rank);

}  // namespace tutti::entrypoint
