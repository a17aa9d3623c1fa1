#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "experiments/core/result.h"

namespace tutti::worker {

// fork and execve in a session of its own. The child gets exactly `env` and TUTTI_GANG=token,
// standard input from /dev/null, output and error to `output`, no other descriptor, default
// signal handling, and SIGKILL when its parent dies. Errors of the child before execve (missing
// program, no permission) are returned here. `output` < 0: the caller's own. The child dies with
// the thread that called this. REQUIRES: argv is not empty.
Result<pid_t> SpawnProcess(const std::vector<std::string>& argv,
                           const std::vector<std::string>& env, const std::string& directory,
                           const std::string& token, int output);

}  // namespace tutti::worker
