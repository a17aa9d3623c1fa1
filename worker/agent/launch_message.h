#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "worker/process/file_descriptor.h"

// What the agent and its launcher process say to each other: JSON, one message per packet of a
// SOCK_SEQPACKET pair (the packet is the frame). A start request carries the descriptor for the
// gang's standard output and error (SCM_RIGHTS).

namespace tutti::worker {

struct LaunchRequest {
  enum class Kind { kStart, kStop, kKill } kind = Kind::kStart;
  std::int64_t gang = 0;
  std::vector<std::string> argv, env;  // kStart; argv[0] is a path, env entries are NAME=value
  std::string directory;               // kStart: working directory
  std::int64_t grace_ms = 0;           // kStop: between TERM and KILL
};

struct LaunchEvent {
  enum class Kind {
    kStarted,  // the leader runs (execve succeeded)
    kFailed,   // it could not be started; nothing is left of it
    kExited,   // the leader ended; its other processes are being killed
    kGone,     // no process of the gang is left
    kStuck,    // some process does not die after KILL; the launcher goes on trying
  } kind = Kind::kStarted;
  std::int64_t gang = 0;
  std::int64_t pid = 0;     // kStarted
  int exit_code = 0;        // kExited, kGone: of the leader
  int signal = 0;           // kExited, kGone: what ended the leader, or 0
  bool sent_kill = false;   // kExited, kGone: the launcher had sent KILL before the leader ended
  std::string text;         // kFailed: why; kStuck: process ids
};

inline constexpr std::size_t kMaxLaunchMessage = 128 * 1024;

std::string EncodeLaunchRequest(const LaunchRequest& request);
Result<LaunchRequest> DecodeLaunchRequest(std::string_view text);
std::string EncodeLaunchEvent(const LaunchEvent& event);
Result<LaunchEvent> DecodeLaunchEvent(std::string_view text);

// One packet. kUnavailable: the buffer is full or (receive) nothing is there; kNotFound from
// ReceivePacket: the other side is gone.
Status SendPacket(int socket, std::string_view text, int descriptor = -1);
struct Packet {
  std::string text;
  FileDescriptor descriptor;
};
Result<Packet> ReceivePacket(int socket);

}  // namespace tutti::worker
