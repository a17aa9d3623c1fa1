// Goal: group commit keeps order and atomicity, acknowledges only what is committed, and a crash
// (Abandon) drops the rest without a word.
// Method: a run store in memory whose writes wait for the test's permission.

#include "coordinator/service/writer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace tutti {
namespace {

constexpr auto kDeadline = std::chrono::seconds(20);

// What the store was asked to do, in order: "write 3", "snapshot".
struct Log {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> done;
  std::size_t begun = 0;
  std::size_t permitted = 0;

  void Permit(std::size_t writes) {
    const std::lock_guard lock(mutex);
    permitted += writes;
    changed.notify_all();
  }
  template <class Condition>
  bool Await(Condition condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, kDeadline, condition);
  }
};

class SlowStore final : public storage::RunStore {
 public:
  explicit SlowStore(Log& journal) : journal_(journal) {}
  std::int64_t incarnation() const override { return 1; }
  Status Write(const std::vector<storage::WriteItem>& items) override {
    std::unique_lock lock(journal_.mutex);
    const std::size_t number = ++journal_.begun;
    journal_.changed.notify_all();
    if (!journal_.changed.wait_for(lock, kDeadline,
                                   [&] { return journal_.permitted >= number; })) {
      return Internal("the test gave no permission");
    }
    journal_.done.push_back("write " + std::to_string(items.size()));
    journal_.changed.notify_all();
    return Ok{};
  }
  Result<Journal> LoadJournal() override { return Journal{}; }
  Status SaveSnapshot(const Json&, int) override {
    const std::lock_guard lock(journal_.mutex);
    journal_.done.push_back("snapshot");
    journal_.changed.notify_all();
    return Ok{};
  }
  Result<std::vector<AttemptPosition>> LoadPositions() override {
    return std::vector<AttemptPosition>{};
  }
  Result<NextIds> LoadNextIds() override { return NextIds{}; }
  Result<std::vector<KnownNode>> LoadNodes() override { return std::vector<KnownNode>{}; }
  Result<std::optional<storage::StoredReply>> FindReply(const std::string& id) override {
    return std::optional<storage::StoredReply>(storage::StoredReply{id, "M", "reply", 0});
  }
  Status Close() override { return Ok{}; }

 private:
  Log& journal_;
};

class WriterTest : public testing::Test {
 protected:
  WriterTest() { loop_.Start(); }
  ~WriterTest() override {
    log_.Permit(1'000);
    writer_.reset();
    loop_.Stop();
  }
  void Start(WriterLimits limits = {}) {
    writer_ = std::make_unique<Writer>(std::make_unique<SlowStore>(log_), loop_, limits);
  }
  void Submit(int name, std::size_t items = 1, std::size_t payload = 0) {
    std::vector<storage::WriteItem> batch(items, storage::StoredReport{});
    std::get<storage::StoredReport>(batch[0]).record.payload.assign(payload, 'x');
    writer_->Submit(std::move(batch), [this, name] {
      const std::lock_guard lock(log_.mutex);
      acknowledged_.push_back(name);
      log_.changed.notify_all();
    });
  }
  bool AwaitBegun(std::size_t writes) {
    return log_.Await([&] { return log_.begun >= writes; });
  }
  bool AwaitAcknowledged(std::size_t count) {
    return log_.Await([&] { return acknowledged_.size() >= count; });
  }

  Log log_;
  std::vector<int> acknowledged_;  // guarded by log_.mutex
  EventLoop loop_;
  std::unique_ptr<Writer> writer_;
};

using Names = std::vector<std::string>;

TEST_F(WriterTest, WhatComesDuringACommitGoesIntoTheNextOne) {
  Start();
  Submit(1);
  ASSERT_TRUE(AwaitBegun(1));
  Submit(2, 3);
  Submit(3);
  Submit(4);
  {
    const std::lock_guard lock(log_.mutex);
    EXPECT_TRUE(acknowledged_.empty()) << "nothing is committed yet";
  }
  log_.Permit(2);
  ASSERT_TRUE(AwaitAcknowledged(4));
  EXPECT_EQ(acknowledged_, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(log_.done, (Names{"write 1", "write 5"}));
}

TEST_F(WriterTest, WhatFollowsACommitGathersUntilEnoughIsThere) {
  WriterLimits limits;
  limits.gather = kDeadline * 10;  // what the test sees within its deadlines, time has not brought
  limits.gather_jobs = 3;
  Start(limits);
  log_.Permit(10);
  Submit(1);
  ASSERT_TRUE(AwaitAcknowledged(1)) << "nothing was committed before: it does not wait";
  Submit(2);
  Submit(3);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  {
    const std::lock_guard lock(log_.mutex);
    EXPECT_EQ(log_.begun, 1u) << "two are not enough";
  }
  Submit(4);
  ASSERT_TRUE(AwaitAcknowledged(4));
  EXPECT_EQ(log_.done, (Names{"write 1", "write 3"}));
}

TEST_F(WriterTest, WhatGathersGoesWhenItsTimeIsOver) {
  WriterLimits limits;
  limits.gather = std::chrono::seconds(1);
  Start(limits);
  log_.Permit(10);
  Submit(1);
  ASSERT_TRUE(AwaitAcknowledged(1));
  Submit(2);
  Submit(3);
  ASSERT_TRUE(AwaitAcknowledged(3));
  EXPECT_EQ(log_.done, (Names{"write 1", "write 2"}));
}

TEST_F(WriterTest, ALookupASnapshotAndTheEndWaitForNoGathering) {
  WriterLimits limits;
  limits.gather = kDeadline * 10;
  Start(limits);
  log_.Permit(10);
  Submit(1);
  ASSERT_TRUE(AwaitAcknowledged(1));
  Submit(2);
  std::promise<std::string> reply;
  writer_->FindReply("r", [&](const auto& found) { reply.set_value(found->request_id); });
  ASSERT_EQ(reply.get_future().wait_for(kDeadline), std::future_status::ready);
  ASSERT_TRUE(AwaitAcknowledged(2));
  Submit(3);
  writer_->SaveSnapshot(Json::MakeObject(), 1);
  ASSERT_TRUE(AwaitAcknowledged(3));
  Submit(4);
  EXPECT_TRUE(writer_->Close().ok());
  EXPECT_EQ(log_.done, (Names{"write 1", "write 1", "write 1", "snapshot", "write 1"}));
}

TEST_F(WriterTest, ACommitIsBounded) {
  WriterLimits limits;
  limits.bytes_per_commit = 10'000;
  limits.items_per_commit = 4;
  Start(limits);
  Submit(1);
  ASSERT_TRUE(AwaitBegun(1));
  Submit(2, 3);
  Submit(3, 3);               // too many items together
  Submit(4, 1, 50'000);       // too large, goes alone
  Submit(5);
  log_.Permit(10);
  ASSERT_TRUE(AwaitAcknowledged(5));
  EXPECT_EQ(log_.done, (Names{"write 1", "write 3", "write 3", "write 1", "write 1"}));
}

TEST_F(WriterTest, ASnapshotStaysBetweenItsNeighbours) {
  Start();
  Submit(1);
  ASSERT_TRUE(AwaitBegun(1));
  Submit(2);
  writer_->SaveSnapshot(Json::MakeObject(), 1);
  Submit(3);
  log_.Permit(10);
  ASSERT_TRUE(AwaitAcknowledged(3));
  EXPECT_EQ(log_.done, (Names{"write 1", "write 1", "snapshot", "write 1"}));
}

TEST_F(WriterTest, ItsQueueHasABound) {
  WriterLimits limits;
  limits.queued_bytes = 10'000;
  Start(limits);
  EXPECT_TRUE(writer_->HasRoom());
  Submit(1, 1, 20'000);
  EXPECT_FALSE(writer_->HasRoom());
  log_.Permit(1);
  ASSERT_TRUE(AwaitAcknowledged(1));
  EXPECT_TRUE(writer_->HasRoom());
  EXPECT_GE(writer_->last_commit_age_ms(), 0);
}

TEST_F(WriterTest, CloseWritesAllThatIsQueued) {
  Start();
  Submit(1);
  ASSERT_TRUE(AwaitBegun(1));
  Submit(2);
  Submit(3);
  log_.Permit(10);
  ASSERT_TRUE(writer_->Close().ok());
  EXPECT_EQ(log_.done, (Names{"write 1", "write 2"}));
}

TEST_F(WriterTest, AbandonDropsWhatIsQueued) {
  Start();
  Submit(1);
  ASSERT_TRUE(AwaitBegun(1));
  Submit(2);
  auto abandoned = std::async(std::launch::async, [this] { writer_->Abandon(); });
  // The transaction that runs is not cut off; Abandon waits for it.
  log_.Permit(10);
  ASSERT_EQ(abandoned.wait_for(kDeadline), std::future_status::ready);
  ASSERT_TRUE(AwaitAcknowledged(1));
  const std::lock_guard lock(log_.mutex);
  EXPECT_LE(log_.begun, 2u);
  EXPECT_EQ(log_.done.size(), log_.begun);
}

TEST_F(WriterTest, AStoredReplyIsFoundOnTheLoop) {
  Start();
  std::promise<std::string> found;
  writer_->FindReply("id", [&found](const std::optional<storage::StoredReply>& reply) {
    found.set_value(reply ? reply->reply : "none");
  });
  auto future = found.get_future();
  ASSERT_EQ(future.wait_for(kDeadline), std::future_status::ready);
  EXPECT_EQ(future.get(), "reply");
}

}  // namespace
}  // namespace tutti
