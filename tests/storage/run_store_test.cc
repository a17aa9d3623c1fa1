// Goal: what the coordinator relies on: a report is stored exactly once or not at all, an older
// coordinator cannot write any more, and a restart finds journal, positions, ids and replies.
// Method: a real database in a temporary directory, looked at through the read-only side.

#include "storage/run_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "coordinator/engine/engine.h"
#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

JournalEntry Event(const std::string& name) {
  JournalEntry entry;
  entry.at_ms = 5;
  entry.event = Json::MakeObject({{"type", name}});
  return entry;
}

TEST(RunStore, CreatesTheFileForItsOwnerOnly) {
  SampleStore sample;
  struct stat info {};
  ASSERT_EQ(stat(sample.database().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

struct WrongReport {
  const char* name;
  std::int64_t attempt, fence, seq;
};
class RefusedReport : public ::testing::TestWithParam<WrongReport> {};

// One wrong report: nothing of its transaction is stored, and nothing after it.
TEST_P(RefusedReport, StoresNothingOfItsTransaction) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(1, 2.0, 2.5)));
  const std::string counts =
      "SELECT (SELECT count(*) FROM epochs), (SELECT count(*) FROM journal), "
      "(SELECT last_seq FROM attempts), (SELECT count(*) FROM noncanonical_records)";
  const std::string before = sample.Rows(counts);
  StoredReport report;
  report.attempt = AttemptId(GetParam().attempt);
  report.fence = GetParam().fence;
  report.seq = GetParam().seq;
  report.record = Epoch(2, 1.0, 1.5);
  const Status written = sample.store().Write({Event("before"), report, Event("after")});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::kInternal);
  EXPECT_THAT(written.error().ToString(), HasSubstr("does not follow"));
  EXPECT_EQ(sample.Rows(counts), before);
  EXPECT_FALSE(sample.store().Write({Event("later")}));
  EXPECT_EQ(sample.Rows(counts), before);
}
INSTANTIATE_TEST_SUITE_P(Reports, RefusedReport,
                         ::testing::Values(WrongReport{"AgainTheSame", 1, 1, 2},
                                           WrongReport{"FromLongAgo", 1, 1, 1},
                                           WrongReport{"WithAGap", 1, 1, 4},
                                           WrongReport{"OfAnotherFence", 1, 2, 3},
                                           WrongReport{"OfAnUnknownAttempt", 7, 1, 1}),
                         [](const auto& test) { return test.param.name; });

TEST(RunStore, NonsenseAdvancesTheSequenceAndIsKeptAside) {
  SampleStore sample;
  sample.AddTrial();
  Record nonsense;
  nonsense.header = Json::MakeObject({{"type", "epoch"}, {"epoch", -3}});
  ASSERT_FALSE(CheckReport(nonsense));
  ASSERT_TRUE(sample.Report(1, 1, nonsense));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(1, 2.0, 2.5)));
  EXPECT_EQ(sample.Rows("SELECT attempt_id, seq, reason LIKE '%epoch%-3%' "
                        "FROM noncanonical_records"),
            "[[1,1,1]]");
  EXPECT_EQ(sample.Rows("SELECT last_seq FROM attempts"), "[[2]]");
}

TEST(RunStore, ReportsOfAFencedAttemptAreKeptOnceAndShownNowhere) {
  SampleStore sample;
  sample.AddTrial();
  NoncanonicalReport report;
  report.attempt = AttemptId(1);
  report.fence = 1;
  report.seq = 9;
  report.record = Epoch(3, 1.0, 1.5);
  ASSERT_TRUE(sample.store().Write({report}));
  ASSERT_TRUE(sample.store().Write({report}));  // sent again until it is acknowledged
  EXPECT_EQ(sample.Rows("SELECT seq, reason FROM noncanonical_records"), "[[9,\"fenced\"]]");
  EXPECT_EQ(sample.Rows("SELECT count(*) FROM v_epochs"), "[[0]]");
  EXPECT_EQ(sample.Rows("SELECT last_seq FROM attempts"), "[[0]]");
}

TEST(RunStore, AnOlderCoordinatorIsFenced) {
  SampleStore sample;
  OpenOptions options;
  options.path = sample.database();
  auto newer = RunStore::Open(options);
  ASSERT_TRUE(newer) << newer.error().ToString();
  EXPECT_EQ((*newer)->incarnation(), sample.store().incarnation() + 1);
  const Status old = sample.store().Write({Event("old")});
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code(), ErrorCode::kFenced);
  EXPECT_TRUE((*newer)->Write({Event("new")}));
  EXPECT_EQ(sample.Rows("SELECT event ->> 'type' FROM journal"), "[[\"new\"]]");
}

TEST(RunStore, AStartLoadsTheNewestSnapshotAndTheEventsAfterIt) {
  SampleStore sample;
  ASSERT_TRUE(sample.store().Write({Event("a"), Event("b")}));
  ASSERT_TRUE(sample.store().SaveSnapshot(Json::MakeObject({{"n", 1}}), engine::kEngineVersion));
  ASSERT_TRUE(sample.store().Write({Event("c")}));
  ASSERT_TRUE(sample.store().SaveSnapshot(Json::MakeObject({{"n", 2}}), engine::kEngineVersion));
  ASSERT_TRUE(sample.store().Write({Event("d"), Event("e")}));
  sample.Reopen();
  const auto journal = sample.store().LoadJournal();
  ASSERT_TRUE(journal) << journal.error().ToString();
  EXPECT_EQ(journal->engine_version, engine::kEngineVersion);
  ASSERT_TRUE(journal->snapshot);
  EXPECT_EQ((*journal->snapshot)["n"].AsInt(), 2);
  ASSERT_EQ(journal->events.size(), 2u);
  EXPECT_EQ(journal->events[0]["type"].AsString(), "d");
  EXPECT_EQ(journal->events[1]["type"].AsString(), "e");
}

TEST(RunStore, AStartLoadsPositionsIdsNodesAndReplies) {
  SampleStore sample;
  sample.AddTrial();
  sample.AddAttempt(2, "COMPLETED");
  engine::PersistNode node;
  node.node = NodeId(4);
  node.name = "box";
  node.pool = "default";
  node.state = "ONLINE";
  node.slots = 2;
  ASSERT_TRUE(sample.WriteCommand(node));
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  ASSERT_TRUE(sample.Report(1, 2, CheckpointAt(1, "1/1/1-step-10"), 7));
  const StoredReply reply{"request", "Submit", std::string("\0\xff", 2), 9};
  ASSERT_TRUE(sample.store().Write({reply}));
  ASSERT_TRUE(sample.store().Write({StoredReply{"request", "Submit", "another", 10}}));
  sample.Reopen();
  const auto positions = sample.store().LoadPositions();
  ASSERT_TRUE(positions);
  ASSERT_EQ(positions->size(), 1u);  // not the completed one
  EXPECT_EQ((*positions)[0].attempt, AttemptId(1));
  EXPECT_EQ((*positions)[0].fence, 1);
  EXPECT_EQ((*positions)[0].last_seq, 2);
  const auto ids = sample.store().LoadNextIds();
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->experiment, 2);
  EXPECT_EQ(ids->checkpoint, 8);
  EXPECT_EQ(ids->node, 5);
  const auto nodes = sample.store().LoadNodes();
  ASSERT_TRUE(nodes);
  ASSERT_EQ(nodes->size(), 1u);
  EXPECT_EQ((*nodes)[0].name, "box");
  const auto found = sample.store().FindReply("request");
  ASSERT_TRUE(found);
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->reply, reply.reply);  // the first stays
  EXPECT_EQ((*found)->at_ms, 9);
  const auto unknown = sample.store().FindReply("unknown");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(*unknown);
}

TEST(RunStore, AnEmptyDatabaseStartsAtOne) {
  SampleStore sample;
  EXPECT_EQ(sample.store().incarnation(), 1);
  const auto ids = sample.store().LoadNextIds();
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->experiment, 1);
  EXPECT_EQ(ids->checkpoint, 1);
  const auto journal = sample.store().LoadJournal();
  ASSERT_TRUE(journal);
  EXPECT_FALSE(journal->snapshot);
  EXPECT_TRUE(journal->events.empty());
}

TEST(RunStore, NothingIsWrittenAfterClose) {
  SampleStore sample;
  ASSERT_TRUE(sample.store().Close());
  EXPECT_FALSE(sample.store().Write({Event("late")}));
}

}  // namespace
}  // namespace tutti::storage
