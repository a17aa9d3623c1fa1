#pragma once

#include <string>
#include <vector>

#include "experiments/core/result.h"

// How a gang over several nodes is launched, without ssh: mpirun of the leading node is told
// (plm_rsh_agent) to start its daemons with `tutti-worker remote-exec HOST orted …`, which asks its
// worker, which asks the coordinator, which asks the worker of that node. Hosts are addresses that
// stand for parts of the allocation, since mpirun must neither resolve them nor take one for its
// own machine: 198.18.0.0/15 is reserved for benchmarks (RFC 2544) and routed nowhere.

namespace tutti::worker {

// "198.18.0.3" for part 3. REQUIRES: 1 <= part < 65,536.
std::string HostOfPart(int part);
// The part a host stands for. kInvalidArgument: none.
Result<int> PartOfHost(const std::string& host);

// The words of the command that mpirun gives its agent: the arguments joined by blanks and taken
// apart as a shell would, for what mpirun uses (blanks, single and double quotes, backslashes).
// What sends the daemon to the background is left out: it is to stay the launcher's child.
// kInvalidArgument: an unclosed quote, or a command that is not orted.
Result<std::vector<std::string>> DaemonCommand(const std::vector<std::string>& arguments);

// The program `tutti-worker remote-exec HOST COMMAND…`: TUTTI_SOCKET and TUTTI_ALLOCATION of the
// environment say which worker and which gang. The exit code: 0 once the request is on its way.
int RemoteExecMain(const std::vector<std::string>& arguments);

}  // namespace tutti::worker
