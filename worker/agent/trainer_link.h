#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "experiments/core/ids.h"
#include "experiments/core/record.h"
#include "worker/process/event_loop.h"

// The Unix socket that trainers connect to: one connection per rank, records of docs/records.md in
// both directions. Never blocks; lives on the thread of its loop.

namespace tutti::worker {

struct TrainerRank {
  AllocationId allocation;
  int rank = 0;
  auto operator<=>(const TrainerRank&) const = default;
};

class TrainerLink {
 public:
  struct Events {
    // false refuses the connection (unknown allocation, rank taken or out of range).
    std::function<bool(TrainerRank, const Record& hello)> on_hello;
    std::function<void(TrainerRank, Record&&)> on_record;
    // The only record of a connection of `tutti-worker remote-exec` (remote_exec.h); false: refused.
    std::function<bool(const Record&)> on_remote_exec;
    // The connection ended; `why` is "" for a plain end of file.
    std::function<void(TrainerRank, const std::string& why)> on_closed;
  };

  // Listens on `path` (mode 0600, at most 107 bytes; a stale socket there is replaced).
  static Result<std::unique_ptr<TrainerLink>> Listen(EventLoop& loop, const std::string& path,
                                                     Events events);
  ~TrainerLink();
  TrainerLink(const TrainerLink&) = delete;
  TrainerLink& operator=(const TrainerLink&) = delete;

  const std::string& path() const { return path_; }
  // false: there is no such connection, or it has not read 16 MiB of earlier records; such a one is
  // closed by the next CloseBroken.
  bool Send(TrainerRank rank, const Record& record);
  // Closes, with on_closed, the connections that Send found broken. Apart from Send because its
  // caller is in the middle of something. Call it once a round.
  void CloseBroken();
  // Closes without on_closed.
  void Disconnect(AllocationId allocation);

 private:
  struct Connection {
    FileDescriptor socket;
    RecordDecoder decoder;
    std::string out;
    std::size_t out_at = 0;
    TrainerRank rank;
    bool greeted = false;
    std::string broken;  // why it must be closed
  };

  TrainerLink(EventLoop& loop, std::string path, FileDescriptor listener, Events events);
  void Accept();
  void OnReady(int fd, std::uint32_t events);
  bool ReadRecords(int fd);
  // false: the connection was closed.
  bool Dispatch(int fd, Record&& record);
  bool Write(Connection& connection);
  void Close(int fd, const std::string& why);

  EventLoop& loop_;
  std::string path_;
  FileDescriptor listener_;
  Events events_;
  std::map<int, std::unique_ptr<Connection>> connections_;
  std::map<TrainerRank, int> ranks_;
};

}  // namespace tutti::worker
