#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::worker {

// One row of /proc. Zombies are left out: they hold no memory, no GPU and no file.
struct ProcessRow {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
};
std::vector<ProcessRow> ReadProcessTable();

// The gang a process belongs to by its environment (TUTTI_GANG=<token>), "" if it has none or is
// not ours to read. Finds processes that left the gang's session.
std::string GangTokenOf(pid_t pid);

// Processes of the table that belong to the session of `leader`, or carry `token`.
// `own_session`: the session of the caller, whose processes are never members.
std::vector<pid_t> MembersOf(const std::vector<ProcessRow>& table, pid_t leader,
                             const std::string& token, pid_t own_session);

// Processes of the table below `root`, and `root` itself.
std::vector<pid_t> FamilyOf(const std::vector<ProcessRow>& table, pid_t root);

// The most resident memory that the process has had (VmHWM), in bytes; 0 if it is gone.
std::int64_t PeakMemoryOf(pid_t pid);

}  // namespace tutti::worker
