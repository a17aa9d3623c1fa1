#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "experiments/core/result.h"
#include "worker/checkpoint/checkpoint_directory.h"

// Checkpoints of foreign programs: directories that are handed over become checkpoints like all
// others (manifest, hashes, fsync, rename). Files are large, so it has a thread of its own.

namespace tutti::entrypoint {

// Publishes `source` as the checkpoint `id` below `root`. The directory is moved, or copied from
// another file system and then removed; its files must be regular ones with the names that
// checkpoint::CheckFileNames allows, at least one. kInvalidArgument: they are not;
// kFailedPrecondition: this checkpoint exists. After an error nothing is left of it.
Result<checkpoint::Committed> Publish(const std::string& root, checkpoint::CheckpointId id,
                                      std::int64_t epoch, std::int64_t time, int world,
                                      const std::string& source);

class CheckpointDesk {
 public:
  struct Job {
    enum class Kind { kPublish, kVerify } kind = Kind::kPublish;
    std::int64_t attempt = 0;
    std::string root;
    checkpoint::CheckpointId id;  // kPublish
    std::int64_t epoch = 0;
    std::int64_t time = 0;  // in the searcher's time_metric
    int world = 1;
    std::string source;
    std::string name, sha256;  // kVerify: of an existing one
    // The caller's, given back.
    int rank = -1;
    Json metric;
    bool best = false;
  };
  struct Finished {
    Job job;
    Result<checkpoint::Committed> published;         // kPublish
    Result<checkpoint::Manifest> verified;  // kVerify
  };

  // `wake`: called on the desk's thread when Take has something.
  explicit CheckpointDesk(std::function<void()> wake);
  ~CheckpointDesk();  // waits for the job that is under way

  void Add(Job job);
  std::vector<Finished> Take();
  // Jobs that Take has not given back.
  std::size_t open() const { return open_; }

 private:
  void Loop();

  const std::function<void()> wake_;
  std::size_t open_ = 0;  // of the caller's thread
  std::mutex mutex_;      // guards all below but thread_
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<Finished> finished_;
  bool ending_ = false;
  std::thread thread_;  // last: starts when the rest is there
};

}  // namespace tutti::entrypoint
