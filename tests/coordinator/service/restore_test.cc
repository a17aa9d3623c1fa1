// Goal: a state directory of an older engine version goes on from a snapshot that nothing follows,
// and is refused with what to do if events would have to be replayed.
// Method: journals as the store gives them; and a coordinator whose journal is marked as version 1
// while it is down.

#include "coordinator/service/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/database.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

using testing::HasSubstr;

storage::RunStore::Journal JournalOf(int version) {
  storage::RunStore::Journal journal;
  journal.engine_version = version;
  const Json document = Json::Parse(TestCluster::Document("replicates: 2\n")).value();
  const std::vector<engine::Event> events = {
      engine::ExperimentSubmitted{1, ExperimentId(1), document},
      engine::NodeJoined{2, NodeId(1), "w1", "default", {{0, "cpu"}}, {}},
      engine::AttemptStarted{3, AttemptId(1), 10}};
  for (const engine::Event& event : events) journal.events.push_back(engine::ToJson(event));
  return journal;
}

// Version 3 shares slots otherwise: the events of older versions would give other commands, but a
// state is a state.
TEST(Restore, AnOlderStateGoesOnFromItsSnapshotIfNothingFollowsIt) {
  const auto now = RestoreEngine(JournalOf(engine::kEngineVersion), {});
  ASSERT_TRUE(now.ok()) << now.error().ToString();
  EXPECT_EQ(now->engine.View(ExperimentId(1))->trials.size(), 2u);
  storage::RunStore::Journal clean;
  clean.engine_version = 2;
  clean.snapshot = now->engine.Snapshot();
  clean.snapshot->Set("engine_version", 2);
  const auto old = RestoreEngine(clean, {});
  ASSERT_TRUE(old.ok()) << old.error().ToString();
  EXPECT_EQ(old->engine.View(ExperimentId(1))->trials.size(), 2u);
  storage::RunStore::Journal torn = JournalOf(2);
  torn.snapshot = clean.snapshot;
  const auto refused = RestoreEngine(torn, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("tutti down"));
}

TEST(Restore, OtherVersionsAreRefusedWithWhatToDo) {
  for (const int version : {0, engine::kEngineVersion + 1}) {
    const auto restored = RestoreEngine(JournalOf(version), {});
    ASSERT_FALSE(restored.ok()) << version;
    EXPECT_EQ(restored.error().code(), ErrorCode::kFailedPrecondition);
    EXPECT_THAT(restored.error().message(),
                HasSubstr("engine version " + std::to_string(version)));
    EXPECT_THAT(restored.error().message(), HasSubstr("--state"));
  }
}

TEST(Restore, ADirectoryOfVersionOneGoesOnAndStaysReadable) {  // after a clean stop
  TestCluster cluster;
  ASSERT_TRUE(cluster.Submit(TestCluster::Document(), "id-1").ok());
  cluster.ShutDown();
  {
    auto db = storage::Database::Open(cluster.options.state_dir + "/tutti.db",
                                      storage::Database::Mode::kReadWrite);
    ASSERT_TRUE(db.ok()) << db.error().ToString();
    ASSERT_TRUE((*db)->Execute("UPDATE journal SET engine_version = 1").ok());
    ASSERT_TRUE((*db)->Execute("UPDATE snapshots SET engine_version = 1").ok());
  }
  cluster.Start();
  const auto second = cluster.Submit(TestCluster::Document(), "id-2");
  ASSERT_TRUE(second.ok()) << second.error().ToString();
  EXPECT_EQ(second->experiment, 2);
  // Entries of both versions are in the file now; a snapshot stands between them.
  EXPECT_EQ(cluster.ReadInt("SELECT count(DISTINCT engine_version) FROM journal"), 2);
  cluster.Crash();
  cluster.Start();
  EXPECT_TRUE(cluster.Get(1).ok());
  EXPECT_TRUE(cluster.Get(2).ok());
}

}  // namespace
}  // namespace tutti
