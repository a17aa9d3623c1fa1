#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "coordinator/service/event_loop.h"
#include "experiments/core/json.h"
#include "storage/run_store.h"

// The thread that owns the RunStore. Group commit: an idle writer commits at once; all that is
// submitted while a commit runs goes into the next one, within limits. Order is kept, and what is
// to happen after a commit is posted to the event loop, so nothing uncommitted ever leaves.

namespace tutti {

struct WriterLimits {
  std::size_t items_per_commit = 4096;
  std::size_t bytes_per_commit = 4u << 20;  // one larger batch still goes, alone
  std::size_t queued_bytes = 64u << 20;     // above it HasRoom() is false
  // What comes so soon after a commit waits for the rest of this time, or until so many submissions
  // are there, and goes with what else has come: a commit costs a flush of the disk however small.
  // After a pause nothing waits.
  std::chrono::microseconds gather{3'000};
  std::size_t gather_jobs = 512;
};

class Writer {
 public:
  using Committed = std::function<void()>;

  // A failed write calls LogFatalAndExit. `loop` must outlive the writer.
  Writer(std::unique_ptr<storage::RunStore> store, EventLoop& loop, WriterLimits limits = {});
  ~Writer() { Abandon(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs on the loop after the on_committed of everything that was in one commit. REQUIRES: before
  // the first Submit.
  void SetAfterCommit(Committed after_commit) { after_commit_ = std::move(after_commit); }

  // The items of one call are in one transaction. on_committed runs on the loop.
  void Submit(std::vector<storage::WriteItem> items, Committed on_committed);
  // After all that was submitted before it, before all that comes later.
  void SaveSnapshot(Json snapshot, int engine_version);
  // The stored reply of an earlier request, on the loop.
  using Found = std::function<void(std::optional<storage::StoredReply>)>;
  void FindReply(std::string request_id, Found on_found);

  // False while more is queued than limits.queued_bytes: the sources of reports must wait.
  bool HasRoom() const { return queued_bytes_.load() <= limits_.queued_bytes; }
  // Since the last COMMIT; -1 before the first.
  std::int64_t last_commit_age_ms() const;

  // Writes all that is queued, then closes the store. The writer accepts nothing any more.
  Status Close();
  // Stops after the transaction that runs now, as a crash would: the rest is dropped.
  void Abandon();

 private:
  struct Batch {
    std::vector<storage::WriteItem> items;
    Committed on_committed;
    std::size_t bytes = 0;
  };
  struct Snapshot {
    Json state;
    int engine_version = 0;
  };
  struct Lookup {
    std::string request_id;
    Found on_found;
  };
  using Job = std::variant<Batch, Snapshot, Lookup>;

  void Push(Job job);
  void Run();
  // Takes the front job, and with a batch as many following batches as fit in one commit.
  std::vector<Job> Take();
  void Commit(std::vector<Job> batches);

  const WriterLimits limits_;
  EventLoop& loop_;
  Committed after_commit_;
  std::unique_ptr<storage::RunStore> store_;  // the writer's thread only, until it has ended
  std::atomic<std::size_t> queued_bytes_{0};
  std::atomic<std::int64_t> last_commit_ms_{-1};  // steady clock
  std::mutex mutex_;                              // guards jobs_, closing_, abandoned_
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  bool abandoned_ = false;
  bool gathering_ = false;  // the writer waits for more, not for the first
  std::chrono::steady_clock::time_point committed_at_;  // the writer's thread only
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace tutti
