#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "experiments/core/ids.h"
#include "experiments/core/result.h"

// Copies committed checkpoint directories to and from the coordinator, for a worker that does not
// see the coordinator's state directory. One transfer at a time, on a thread of its own, since
// files are large and calls take long. Failed transfers are tried again with capped back-off.

namespace tutti::worker {

class CheckpointTransfer {
 public:
  struct Job {
    enum class Kind { kUpload, kDownload } kind = Kind::kUpload;
    AllocationId allocation;
    AttemptId attempt;
    std::int64_t fence = 0;
    std::int64_t ticket = 0;  // the caller's, given back
    std::string name;         // checkpoint directory below root
    std::filesystem::path root;
  };
  struct Finished {
    Job job;
    Status status;
  };

  // `wake`: called on the transfer's thread when Take has something.
  explicit CheckpointTransfer(std::function<void()> wake);
  ~CheckpointTransfer();  // cancels the transfer that is under way

  // Where the coordinator is now; "" holds all jobs back.
  void SetAddress(const std::string& address);
  void Add(Job job);
  std::vector<Finished> Take();

 private:
  void Loop();

  const std::function<void()> wake_;
  std::mutex mutex_;  // guards all below but thread_
  std::condition_variable changed_;
  std::string address_;
  std::deque<Job> jobs_;  // bounded by the checkpoints of running attempts
  std::vector<Finished> finished_;
  bool ending_ = false;
  std::function<void()> cancel_;  // of the call that is under way
  std::thread thread_;            // last: starts when the rest is there
};

// One attempt at a copy. `on_start` gets a function that cancels it from another thread.
// kUnavailable and kDeadlineExceeded are worth another try; all else is final.
Status UploadCheckpoint(const std::string& address, const CheckpointTransfer::Job& job,
                        const std::function<void(std::function<void()>)>& on_start);
// Files appear in a temporary directory and get their name when all hashes fit.
Status DownloadCheckpoint(const std::string& address, const CheckpointTransfer::Job& job,
                          const std::function<void(std::function<void()>)>& on_start);

// true for what docs/records.md allows as a checkpoint's name: relative, no "." or ".." part, only
// [A-Za-z0-9._-] in a part.
bool IsCheckpointName(const std::string& name);

}  // namespace tutti::worker
