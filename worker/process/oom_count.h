#pragma once

#include <cstdint>

namespace tutti::worker {

// How often the kernel's out-of-memory killer ended a process of this process's cgroup so far
// (memory.events of cgroup v2, memory.oom_control of v1); 0 if no such file can be read.
std::int64_t OomKillCount();

}  // namespace tutti::worker
