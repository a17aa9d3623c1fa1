#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "experiments/core/record.h"
#include "worker/trainer/attempt.h"

namespace tutti::trainer {

// The connection to this rank's worker. A worker that is gone ends the process: nobody would hear
// of what it computes, and its slot may be given away.
class SocketLink final : public Link {
 public:
  // kUnavailable if nobody listens at `path`.
  static Result<std::unique_ptr<SocketLink>> Connect(const std::string& path);
  ~SocketLink() override;
  SocketLink(const SocketLink&) = delete;
  SocketLink& operator=(const SocketLink&) = delete;

  void Send(Record record) override;
  StopRequest PollStop(std::int64_t attempt) override;
  std::optional<std::int64_t> PollRunUntil(std::int64_t attempt) override;

  // Blocks until the next record other than a stop or a run_until of an attempt that is over. nullopt: the worker
  // closed the connection.
  Result<std::optional<Record>> Receive();

 private:
  explicit SocketLink(int fd) : fd_(fd) {}
  // Reads what is there; waits for something if `wait`. False: end of stream.
  Result<bool> Fill(bool wait);

  const int fd_;
  RecordDecoder decoder_;
  std::deque<Record> waiting_;  // received while an attempt ran
};

}  // namespace tutti::trainer
