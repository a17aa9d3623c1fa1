#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/result.h"

// The small files of a state directory by which others find the coordinator:
//   coordinator.json  {address, port, pid, incarnation, version}, only while it serves
//   port              the port to use again, so that workers and scripts keep their address
//   nonce             proves that a worker shares this file system

namespace tutti {

struct CoordinatorFile {
  std::string address;  // "127.0.0.1:7077"
  int port = 0;
  std::int64_t pid = 0;
  std::int64_t incarnation = 0;
  std::string version;
};

// Written beside and renamed, mode 0600, so that a reader sees all or nothing.
Status WriteCoordinatorFile(const std::string& state_dir, const CoordinatorFile& file);
// Missing is fine.
void RemoveCoordinatorFile(const std::string& state_dir);

// The port of an earlier start, 0 if there is none.
int ReadLastPort(const std::string& state_dir);
Status WriteLastPort(const std::string& state_dir, int port);

// Random bytes as text, new at every start.
Result<std::string> WriteNonce(const std::string& state_dir);

}  // namespace tutti
