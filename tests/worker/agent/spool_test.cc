// Goal: every result reaches the coordinator once, in order and numbered, whatever the memory
// limit, the acknowledgements and the reconnects. Method: a spool against a model receiver.

#include "worker/agent/spool.h"

#include <filesystem>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/agent/worker_process.h"

namespace tutti::worker {
namespace {

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() : directory_(MakeScratchDirectory()) {}
  ~SpoolTest() override { std::filesystem::remove_all(directory_); }

  Spool Make() { return Spool(AttemptId(3), 1, directory_ + "/3", budget_); }
  bool FileExists() const { return std::filesystem::exists(directory_ + "/3"); }

  std::string directory_;
  SpoolBudget budget_;
};

// Sequence number and bytes of the next whole report, or 0.
std::pair<std::int64_t, std::string> Take(Spool& spool) {
  std::string bytes;
  while (const auto part = spool.Next()) {
    if (part->part == 0) bytes.clear();
    bytes += part->data;
    if (part->part + 1 == part->parts) return {part->seq, bytes};
  }
  return {0, ""};
}

using Pair = std::pair<std::int64_t, std::string>;

TEST_F(SpoolTest, NumbersReportsFromOne) {
  Spool spool = Make();
  spool.Append("a", Spool::Class::kResult);
  spool.Append("b", Spool::Class::kTelemetry);
  EXPECT_EQ(Take(spool), Pair(1, "a"));
  EXPECT_EQ(Take(spool), Pair(2, "b"));
  EXPECT_EQ(Take(spool), Pair(0, ""));
  EXPECT_FALSE(spool.empty()) << "not acknowledged yet";
  spool.Acknowledge(2);
  EXPECT_TRUE(spool.empty());
  EXPECT_EQ(budget_.memory_used, 0u);
}

TEST_F(SpoolTest, LargeReportsTravelInParts) {
  Spool spool = Make();
  std::string large(2 * Spool::kPartBytes + 5, 'x');
  large[Spool::kPartBytes] = 'y';
  spool.Append(large, Spool::Class::kResult);
  EXPECT_EQ(spool.Next()->parts, 3);
  spool.RewindAll();
  EXPECT_EQ(Take(spool), Pair(1, large));
}

TEST_F(SpoolTest, AGapIsRepairedOnceHoweverOftenItIsReported) {
  Spool spool = Make();
  for (const char* text : {"a", "b", "c"}) spool.Append(text, Spool::Class::kResult);
  while (Take(spool).first != 0) {
  }
  spool.Gap(1);
  EXPECT_EQ(Take(spool), Pair(2, "b"));
  spool.Gap(1);  // the answer to "c" of the first pass
  EXPECT_EQ(Take(spool), Pair(3, "c"));
}

TEST_F(SpoolTest, AnAcknowledgementOfWhatWasNeverSentChangesNothing) {
  Spool spool = Make();
  spool.Append("a", Spool::Class::kResult);
  spool.Acknowledge(7);
  EXPECT_EQ(Take(spool), Pair(1, "a"));
}

TEST_F(SpoolTest, BeyondItsMemoryItUsesAFile) {
  budget_.memory_limit = 3;
  Spool spool = Make();
  for (const char* text : {"aa", "bbb", "c", "dd"}) {
    EXPECT_TRUE(spool.Append(text, Spool::Class::kResult));
  }
  EXPECT_TRUE(FileExists());
  EXPECT_LE(budget_.memory_used, 3u);
  EXPECT_EQ(Take(spool), Pair(1, "aa"));
  EXPECT_EQ(Take(spool), Pair(2, "bbb"));
  EXPECT_EQ(Take(spool), Pair(3, "c"));
  EXPECT_EQ(Take(spool), Pair(4, "dd"));
  spool.Acknowledge(4);
  EXPECT_FALSE(FileExists());
  EXPECT_EQ(budget_.file_used, 0u);
}

TEST_F(SpoolTest, WhenAllIsFullTelemetryIsCountedAndResultsAreKept) {
  budget_.memory_limit = 1;
  budget_.file_limit = 4;
  Spool spool = Make();
  EXPECT_TRUE(spool.Append("aaaa", Spool::Class::kTelemetry));
  EXPECT_FALSE(spool.Append("tttt", Spool::Class::kTelemetry));
  EXPECT_TRUE(spool.Append("rrrr", Spool::Class::kResult));
  EXPECT_EQ(spool.thinned(), 1);
  EXPECT_EQ(Take(spool), Pair(1, "aaaa"));
  EXPECT_EQ(Take(spool), Pair(2, "rrrr"));
}

TEST_F(SpoolTest, AResultThatNoDiskTakesStaysInMemory) {
  budget_.memory_limit = 1;
  Spool spool(AttemptId(3), 1, directory_ + "/no/such/folder/3", budget_);
  EXPECT_FALSE(spool.Append("tttt", Spool::Class::kTelemetry));
  EXPECT_TRUE(spool.Append("rrrr", Spool::Class::kResult));
  EXPECT_EQ(Take(spool), Pair(1, "rrrr"));
}

TEST_F(SpoolTest, AHeldReportHoldsBackAllBehindIt) {
  Spool spool = Make();
  spool.Append("a", Spool::Class::kResult);
  spool.Append("checkpoint", Spool::Class::kResult, 9);
  spool.Append("b", Spool::Class::kResult);
  EXPECT_EQ(Take(spool), Pair(1, "a"));
  EXPECT_EQ(Take(spool), Pair(0, ""));
  spool.Release(9);
  EXPECT_EQ(Take(spool), Pair(2, "checkpoint"));
  EXPECT_EQ(Take(spool), Pair(3, "b"));
}

TEST_F(SpoolTest, ADiscardedReportLeavesNoHoleInTheNumbers) {
  Spool spool = Make();
  spool.Append("checkpoint", Spool::Class::kResult, 9);
  spool.Append("b", Spool::Class::kResult);
  spool.Discard(9);
  EXPECT_EQ(Take(spool), Pair(1, "b"));
}

// The receiver commits in order, answers gaps, and now and then the connection breaks.
TEST_F(SpoolTest, ARandomReceiverGetsEveryResultOnceAndInOrder) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    budget_ = SpoolBudget{.memory_limit = 64, .file_limit = 1u << 20};
    Spool spool = Make();
    std::vector<std::string> sent, committed;
    std::int64_t last = 0;
    for (int step = 0; step < 400 || !spool.empty(); ++step) {
      if (step < 400 && random() % 3 == 0) {
        sent.push_back(std::to_string(step) + std::string(random() % 40, '.'));
        spool.Append(sent.back(), Spool::Class::kResult);
      }
      const auto [seq, bytes] = Take(spool);
      const auto dice = random() % 10;
      if (dice == 0) {
        spool.RewindAll();  // the connection broke; whatever was under way may be lost
      } else if (seq == last + 1 && dice != 1) {  // 1: lost on the way
        committed.push_back(bytes);
        ++last;
        if (dice != 2) spool.Acknowledge(last);  // 2: the answer is lost
      } else if (seq > last + 1) {
        spool.Gap(last);
      } else if (seq != 0) {
        spool.Acknowledge(last);
      }
      if (step >= 400 && seq == 0) spool.RewindAll();
    }
    EXPECT_EQ(committed, sent);
  }
}

}  // namespace
}  // namespace tutti::worker
