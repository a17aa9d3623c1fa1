// Goal: log text arrives in order in both files, tails and chunks end at lines, and followers hear
// of every change and of the end.
// Method: a temporary directory and the real files.

#include "coordinator/service/log_files.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

namespace tutti {
namespace {

class LogFilesTest : public testing::Test {
 protected:
  LogFilesTest() {
    std::string name = testing::TempDir() + "/tutti-logs-XXXXXX";
    directory_ = mkdtemp(name.data());
    auto logs = LogFiles::Open(directory_ + "/logs");
    EXPECT_TRUE(logs.ok());
    logs_ = std::move(*logs);
  }
  ~LogFilesTest() override {
    logs_.reset();
    std::filesystem::remove_all(directory_);
  }
  // Returns when all that was queued before is written.
  void Settle(LogFiles::Key key) {
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    const auto number = logs_->Subscribe(key, [&] {
      const std::lock_guard lock(mutex);
      ended = logs_->HasEnded(key);
      changed.notify_all();
    });
    logs_->End(key);
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return ended; }));
    lock.unlock();
    logs_->Unsubscribe(number);
  }
  std::string Text(LogFiles::Key key, std::int64_t offset = 0, std::size_t bytes = 1 << 20) {
    auto text = logs_->Read(key, offset, bytes);
    EXPECT_TRUE(text.ok());
    return text ? *text : "";
  }

  const LogFiles::Key one_{ExperimentId(3), 1};
  const LogFiles::Key two_{ExperimentId(3), 2};
  const LogFiles::Key all_{ExperimentId(3), 0};
  std::string directory_;
  std::unique_ptr<LogFiles> logs_;
};

TEST_F(LogFilesTest, EachTrialHasAFileAndTheExperimentHasAll) {
  logs_->Append(one_, "a\nb\n");
  logs_->Append(two_, "c");
  logs_->Append(one_, "d\n");
  Settle(all_);
  EXPECT_EQ(Text(one_), "a\nb\nd\n");
  EXPECT_EQ(Text(two_), "c\n");
  EXPECT_EQ(Text(all_), "[3.1] a\n[3.1] b\n[3.2] c\n[3.1] d\n");
}

TEST_F(LogFilesTest, AMissingFileIsEmpty) {
  EXPECT_EQ(Text(one_), "");
  EXPECT_EQ(logs_->TailOffset(one_, 3), 0);
}

TEST_F(LogFilesTest, AChunkEndsAtALine) {
  logs_->Append(one_, "first\nsecond\n");
  Settle(one_);
  EXPECT_EQ(Text(one_, 0, 9), "first\n");
  EXPECT_EQ(Text(one_, 6, 9), "second\n");
  EXPECT_EQ(Text(one_, 0, 3), "fir") << "a line longer than the chunk comes in pieces";
}

TEST_F(LogFilesTest, TailsCountLines) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "line " + std::to_string(i) + "\n";
  logs_->Append(one_, text);
  Settle(one_);
  EXPECT_EQ(Text(one_, logs_->TailOffset(one_, 1)), "line 49999\n");
  EXPECT_EQ(Text(one_, logs_->TailOffset(one_, 3)), "line 49997\nline 49998\nline 49999\n");
  EXPECT_EQ(Text(one_, logs_->TailOffset(one_, 20'000)).substr(0, 11), "line 30000\n");
  EXPECT_EQ(logs_->TailOffset(one_, 50'000), 0);
  EXPECT_EQ(logs_->TailOffset(one_, 99'000), 0);
}

}  // namespace
}  // namespace tutti
