#include "worker/process/oom_count.h"

#include <fstream>
#include <string>

namespace tutti::worker {
namespace {

std::int64_t CountIn(const std::string& path) {
  std::ifstream file(path);
  std::string name;
  std::int64_t value = 0;
  while (file >> name >> value) {
    if (name == "oom_kill") return value;
  }
  return 0;
}

}  // namespace

std::int64_t OomKillCount() {
  std::ifstream groups("/proc/self/cgroup");
  std::string line;
  while (std::getline(groups, line)) {
    // "0::/path" (v2) or "7:memory:/path" (v1). In a container the path may be the host's; then
    // the mount's root is ours.
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controller = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (!controller.empty() && controller != "memory") continue;
    const std::string root = controller.empty() ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const std::string file = controller.empty() ? "/memory.events" : "/memory.oom_control";
    if (const std::int64_t count = CountIn(root + path + file); count > 0) return count;
    if (const std::int64_t count = CountIn(root + file); count > 0) return count;
  }
  return 0;
}

}  // namespace tutti::worker
