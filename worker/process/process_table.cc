#include "worker/process/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <set>
#include <string_view>

#include "worker/process/file_descriptor.h"

namespace tutti::worker {
namespace {

std::string ReadProcFile(pid_t pid, const char* name, std::size_t limit) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/%d/%s", static_cast<int>(pid), name);
  FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!file) return text;
  char buffer[4096];
  while (text.size() < limit) {
    const ssize_t n = ::read(file.get(), buffer, sizeof(buffer));
    if (n <= 0) break;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

}  // namespace

std::vector<ProcessRow> ReadProcessTable() {
  std::vector<ProcessRow> rows;
  DIR* directory = ::opendir("/proc");
  if (directory == nullptr) return rows;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name(entry->d_name);
    ProcessRow row;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), row.pid);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    const std::string stat = ReadProcFile(row.pid, "stat", 4096);
    // "pid (any text) state ppid pgrp session …": the name may hold spaces and parentheses.
    const std::size_t close = stat.rfind(')');
    if (close == std::string::npos) continue;
    char state = 0;
    int parent = 0, group = 0, session = 0;
    if (std::sscanf(stat.c_str() + close + 1, " %c %d %d %d", &state, &parent, &group, &session) !=
        4) {
      continue;
    }
    if (state == 'Z' || state == 'X') continue;
    row.parent = parent;
    row.session = session;
    rows.push_back(row);
  }
  ::closedir(directory);
  return rows;
}

std::string GangTokenOf(pid_t pid) {
  constexpr std::string_view kName = "TUTTI_GANG=";
  const std::string environment = ReadProcFile(pid, "environ", 256 * 1024);
  std::string_view rest(environment);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    const std::string_view item = rest.substr(0, end);
    if (item.starts_with(kName)) return std::string(item.substr(kName.size()));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return "";
}

std::vector<pid_t> MembersOf(const std::vector<ProcessRow>& table, pid_t leader,
                             const std::string& token, pid_t own_session) {
  std::vector<pid_t> members;
  for (const ProcessRow& row : table) {
    if (row.session == own_session) continue;
    if (row.session == leader || (!token.empty() && GangTokenOf(row.pid) == token)) {
      members.push_back(row.pid);
    }
  }
  return members;
}

std::vector<pid_t> FamilyOf(const std::vector<ProcessRow>& table, pid_t root) {
  std::set<pid_t> family = {root};
  std::vector<pid_t> found = {root};
  for (bool grew = true; grew;) {
    grew = false;
    for (const ProcessRow& row : table) {
      if (!family.contains(row.parent) || !family.insert(row.pid).second) continue;
      found.push_back(row.pid);
      grew = true;
    }
  }
  return found;
}

std::int64_t PeakMemoryOf(pid_t pid) {
  const std::string status = ReadProcFile(pid, "status", 8192);
  const std::size_t at = status.find("VmHWM:");
  long long kilobytes = 0;
  if (at == std::string::npos || std::sscanf(status.c_str() + at, "VmHWM: %lld", &kilobytes) != 1) {
    return 0;
  }
  return kilobytes * 1024;
}

}  // namespace tutti::worker
