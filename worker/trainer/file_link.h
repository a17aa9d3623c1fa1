#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "worker/trainer/attempt.h"

namespace tutti::trainer {

// Standalone runs: headers as lines of DIR/records.jsonl, each evaluation's payload as
// DIR/evaluation-SPLIT.bin. Only rank 0 writes.
class FileLink final : public Link {
 public:
  // stop_after_polls: polls of a running attempt after which it is told to checkpoint and stop;
  // 0 = never.
  static Result<std::unique_ptr<FileLink>> Open(const std::string& directory, bool writes,
                                                std::int64_t stop_after_polls);
  ~FileLink() override;
  FileLink(const FileLink&) = delete;
  FileLink& operator=(const FileLink&) = delete;

  void Send(Record record) override;
  StopRequest PollStop(std::int64_t attempt) override;
  std::optional<std::int64_t> PollRunUntil(std::int64_t) override { return std::nullopt; }

 private:
  FileLink(std::string directory, std::FILE* records, std::int64_t stop_after_polls)
      : directory_(std::move(directory)), records_(records), stop_after_polls_(stop_after_polls) {}

  const std::string directory_;
  std::FILE* records_;
  const std::int64_t stop_after_polls_;
  std::int64_t polls_ = 0;
};

}  // namespace tutti::trainer
