// Goal: the gang's state machine, case by case. Method: a gang with a host that records what it is
// told, and time as plain numbers.

#include "worker/agent/gang.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tutti::worker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RecordingHost final : public GangHost {
 public:
  void SendToRank(AllocationId, int rank, const Record& record) override {
    std::string text = std::to_string(rank) + ":" + std::string(record.type());
    if (const Json* attempt = record.header.Find("attempt")) text += " " + attempt->Dump();
    if (const Json* how = record.header.Find("how")) text += " " + how->AsString();
    log.push_back(text);
  }
  void StopProcesses(AllocationId, milliseconds) override { log.push_back("TERM"); }
  Record RunRecord(const DesiredAttempt& attempt) override {
    return {Json::MakeObject({{"type", "run"}, {"attempt", attempt.attempt.value}}), ""};
  }
  void OnReport(AllocationId, AttemptId attempt, Record&& record) override {
    log.push_back("report " + ToString(attempt) + " " + std::string(record.type()));
  }
  void OnProgress(AttemptId attempt, const Json&) override {
    log.push_back("progress " + ToString(attempt));
  }
  void OnLog(AttemptId attempt, const std::string& text) override {
    log.push_back("log " + ToString(attempt) + " " + text);
  }
  void OnEnd(AllocationId, const DesiredAttempt& attempt, const AttemptEnd& end) override {
    log.push_back("end " + ToString(attempt.attempt) + " " + end.outcome +
                  (end.failure.empty() ? "" : " " + end.failure));
    message = end.message;
  }

  std::vector<std::string> Take() { return std::exchange(log, {}); }
  std::vector<std::string> log;
  std::string message;
};

DesiredAttempt Order(std::int64_t id) {
  DesiredAttempt attempt;
  attempt.attempt = AttemptId(id);
  return attempt;
}

Record Make(const char* type, std::int64_t attempt, Json::Object more = {}) {
  Record record;
  record.header = Json(std::move(more));
  record.header.Set("type", type);
  record.header.Set("attempt", attempt);
  return record;
}

class GangTest : public ::testing::Test {
 protected:
  explicit GangTest(int ranks = 2) : gang_(Allocation(ranks), Gang::Limits{}, host_, At(0)) {}

  static DesiredAllocation Allocation(int ranks) {
    DesiredAllocation allocation;
    allocation.allocation = AllocationId(1);
    allocation.world_size = ranks;
    for (int i = 0; i < ranks; ++i) allocation.slots.push_back(i);
    return allocation;
  }
  static Gang::Time At(int second) { return Gang::Time(seconds(second)); }
  void Connect() {
    EXPECT_TRUE(gang_.OnHello(0, At(1)));
    EXPECT_TRUE(gang_.OnHello(1, At(1)));
    host_.Take();
  }
  // Ready, attempt 7 runs.
  void Run7() {
    Connect();
    gang_.Queue(Order(7), true, At(1));
    host_.Take();
  }
  void Done(int rank, std::int64_t attempt, const char* outcome, const char* cls = "",
            const char* message = "") {
    gang_.OnRecord(rank,
                   Make("done", attempt,
                        {{"outcome", outcome}, {"class", cls}, {"message", message}}),
                   At(2));
  }

  RecordingHost host_;
  Gang gang_;
};

TEST_F(GangTest, StartsTheFirstAttemptWhenEveryRankIsThere) {
  gang_.Queue(Order(7), true, At(0));
  EXPECT_TRUE(gang_.OnHello(1, At(1)));
  EXPECT_THAT(host_.Take(), IsEmpty());
  EXPECT_TRUE(gang_.OnHello(0, At(1)));
  EXPECT_EQ(gang_.state(), GangState::kReady);
  EXPECT_THAT(host_.Take(), ElementsAre("0:run 7", "1:run 7"));
}

TEST_F(GangTest, RefusesAStrangerAndASecondConnectionOfARank) {
  EXPECT_FALSE(gang_.OnHello(2, At(1)));
  EXPECT_FALSE(gang_.OnHello(-1, At(1)));
  EXPECT_TRUE(gang_.OnHello(1, At(1)));
  EXPECT_FALSE(gang_.OnHello(1, At(1)));
}

TEST_F(GangTest, TheNextAttemptBeginsWhenAllRanksAreDone) {
  Run7();
  gang_.Queue(Order(8), true, At(1));
  Done(0, 7, "completed");
  EXPECT_THAT(host_.Take(), IsEmpty());
  Done(1, 7, "completed");
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 completed", "0:run 8", "1:run 8"));
  EXPECT_EQ(gang_.running(), AttemptId(8));
}

TEST_F(GangTest, RecordsOfAnAttemptThatDoesNotRunAreDropped) {
  Run7();
  gang_.OnRecord(0, Make("epoch", 6), At(2));
  gang_.OnRecord(0, Make("epoch", 7), At(2));
  gang_.OnRecord(1, Make("progress", 7), At(2));
  gang_.OnRecord(0, Make("progress", 7), At(2));
  EXPECT_THAT(host_.Take(), ElementsAre("report 7 epoch", "progress 7"));
}

TEST_F(GangTest, AnUnpreparedAttemptHoldsUpThoseBehindIt) {
  Connect();
  gang_.Queue(Order(7), false, At(1));
  gang_.Queue(Order(8), true, At(1));
  EXPECT_THAT(host_.Take(), IsEmpty());
  gang_.Prepared(AttemptId(7), At(2));
  EXPECT_THAT(host_.Take(), ElementsAre("0:run 7", "1:run 7"));
}

TEST_F(GangTest, AnErrorOfOneRankEndsTheGangAfterItsLastWords) {
  Run7();
  gang_.Queue(Order(8), true, At(1));
  Done(1, 7, "error", "NAN", "loss is nan in step 12");
  EXPECT_EQ(gang_.state(), GangState::kStopping);
  EXPECT_THAT(host_.Take(), ElementsAre("end 8 preempted"));
  gang_.OnTick(At(4));
  EXPECT_THAT(host_.Take(), ElementsAre("TERM"));
  gang_.OnGone({1, 0, false, false});
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 error NAN"));
  EXPECT_EQ(host_.message, "loss is nan in step 12");
  EXPECT_EQ(gang_.state(), GangState::kExited);
}

TEST_F(GangTest, AStopGoesToAllRanksAndItsOutcomeIsTheTrainers) {
  Run7();
  gang_.StopAttempt(AttemptId(7), StopHow::kFinish, At(2));
  EXPECT_THAT(host_.Take(), ElementsAre("0:stop 7 finish", "1:stop 7 finish"));
  gang_.StopAttempt(AttemptId(7), StopHow::kFinish, At(2));
  EXPECT_THAT(host_.Take(), IsEmpty());
  Done(0, 7, "finished");
  Done(1, 7, "finished");
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 finished"));
  EXPECT_EQ(gang_.state(), GangState::kReady);
}

TEST_F(GangTest, OneThatResumesAndIsToFinishBeginsAndHearsItAtOnce) {
  Run7();
  DesiredAttempt order = Order(8);
  order.resume_from = "c1";
  order.stop = StopHow::kFinish;
  gang_.Queue(order, true, At(1));
  EXPECT_THAT(host_.Take(), IsEmpty());
  order = Order(9);
  order.resume_from = "c2";
  gang_.Queue(order, true, At(1));
  gang_.StopAttempt(AttemptId(9), StopHow::kFinish, At(1));
  EXPECT_THAT(host_.Take(), IsEmpty()) << "it has something to evaluate";
  Done(0, 7, "completed");
  Done(1, 7, "completed");
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 completed", "0:run 8", "1:run 8",
                                        "0:stop 8 finish", "1:stop 8 finish"));
  Done(0, 8, "finished");
  Done(1, 8, "finished");
  EXPECT_THAT(host_.Take(), ElementsAre("end 8 finished", "0:run 9", "1:run 9",
                                        "0:stop 9 finish", "1:stop 9 finish"));
  gang_.Queue(Order(10), true, At(2));
  gang_.StopAttempt(AttemptId(10), StopHow::kFinish, At(2));
  EXPECT_THAT(host_.Take(), ElementsAre("end 10 finished")) << "it has nothing";
}

TEST_F(GangTest, AKillThatIsNotAnsweredEndsTheProcesses) {
  Run7();
  gang_.StopAttempt(AttemptId(7), StopHow::kKill, At(2));
  host_.Take();
  gang_.OnTick(At(11));
  EXPECT_THAT(host_.Take(), IsEmpty());
  gang_.OnTick(At(12));
  EXPECT_THAT(host_.Take(), ElementsAre("TERM"));
  gang_.OnGone({0, 15, false, false});
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 killed"));
}

TEST_F(GangTest, AnIdleGangIsAskedToShutDownAndTermedIfItDoesNot) {
  Connect();
  gang_.Stop({"killed", "", "released", 0, 0}, At(5));
  EXPECT_THAT(host_.Take(), ElementsAre("0:shutdown", "1:shutdown"));
  gang_.OnTick(At(7));
  EXPECT_THAT(host_.Take(), IsEmpty());
  gang_.OnTick(At(8));
  EXPECT_THAT(host_.Take(), ElementsAre("TERM"));
}

TEST_F(GangTest, AttemptsThatComeTooLateAreGivenBack) {
  Connect();
  gang_.OnGone({0, 9, false, false});
  gang_.Queue(Order(9), true, At(9));
  EXPECT_THAT(host_.Take(), testing::Contains("end 9 preempted"));
}

TEST_F(GangTest, AFailedLaunchFailsTheFirstAttemptAndGivesTheOthersBack) {
  gang_.Queue(Order(7), true, At(0));
  gang_.Queue(Order(8), true, At(0));
  gang_.OnLaunchFailed("no such file");
  EXPECT_THAT(host_.Take(),
              testing::IsSupersetOf({std::string("end 8 preempted"),
                                     std::string("end 7 error INFRA")}));
  EXPECT_THAT(gang_.message(), HasSubstr("no such file"));
  EXPECT_EQ(gang_.state(), GangState::kExited);
}

TEST_F(GangTest, NamesTheSectionAndTheSlowRankOfAHang) {
  Run7();
  const auto progress = [&](int rank, std::int64_t step, int second) {
    gang_.OnRecord(rank, Make("progress", 7, {{"section", "train"}, {"epoch", 0.5},
                                              {"step", step}}),
                   At(second));
  };
  progress(0, 40, 10);
  progress(1, 39, 10);
  progress(0, 40, 100);  // the same place again is no progress
  gang_.OnTick(At(129));
  EXPECT_EQ(gang_.state(), GangState::kReady);
  gang_.OnTick(At(130));
  EXPECT_EQ(gang_.state(), GangState::kStopping);
  gang_.OnGone({0, 9, true, false});
  EXPECT_THAT(host_.Take(), testing::Contains("end 7 error HANG"));
  EXPECT_THAT(host_.message, HasSubstr("section train"));
  EXPECT_THAT(host_.message, HasSubstr("rank 1 (step 39"));
}

TEST_F(GangTest, AnIdleGangMayWaitForever) {
  Connect();
  gang_.OnTick(At(1'000'000));
  EXPECT_EQ(gang_.state(), GangState::kReady);
}

TEST_F(GangTest, NamesTheRanksThatNeverConnected) {
  gang_.Queue(Order(7), true, At(0));
  gang_.OnHello(0, At(1));
  gang_.OnTick(At(400));
  gang_.OnGone({0, 9, true, false});
  EXPECT_THAT(host_.message, HasSubstr("not connected: rank 1"));
}

struct EndCase {
  ProcessEnd end;
  const char* failure;
  int signal;
};
class Classify : public ::testing::TestWithParam<EndCase> {};
TEST_P(Classify, ByExitCodeSignalAndOomCount) {
  const AttemptEnd end = ClassifyEnd(GetParam().end);
  EXPECT_EQ(end.failure, GetParam().failure);
  EXPECT_EQ(end.signal, GetParam().signal);
}
INSTANTIATE_TEST_SUITE_P(
    All, Classify,
    ::testing::Values(EndCase{{1, 0, false, false}, "USER", 0},
                      EndCase{{0, 0, false, false}, "INFRA", 0},
                      EndCase{{0, 11, false, false}, "INFRA", 11},
                      EndCase{{139, 0, false, false}, "INFRA", 11},  // mpirun's form
                      EndCase{{0, 9, false, false}, "INFRA", 9},
                      EndCase{{0, 9, false, true}, "OOM", 9},
                      EndCase{{137, 0, false, true}, "OOM", 9},
                      EndCase{{0, 11, false, true}, "INFRA", 11}));

// Ranks 2 and 3 of a gang that another node leads.
class FollowingGangTest : public ::testing::Test {
 protected:
  FollowingGangTest() : gang_(Allocation(), Gang::Limits{}, host_, Gang::Time(seconds(0))) {}
  static DesiredAllocation Allocation() {
    DesiredAllocation allocation;
    allocation.allocation = AllocationId(1);
    allocation.world_size = 4;
    allocation.slots = {0, 1};
    allocation.first_rank = 2;
    allocation.leader = false;
    allocation.parts = {{1, "a", {0, 1}}, {2, "b", {0, 1}}};
    return allocation;
  }
  const Gang::Time now_{seconds(1)};
  RecordingHost host_;
  Gang gang_;
};

TEST_F(FollowingGangTest, IsReadyWithItsOwnRanksAndTellsThemByTheirNumbersInTheGang) {
  gang_.Queue(Order(7), true, now_);
  EXPECT_FALSE(gang_.OnHello(0, now_)) << "that rank is on the other node";
  EXPECT_FALSE(gang_.OnHello(4, now_));
  EXPECT_TRUE(gang_.OnHello(3, now_));
  EXPECT_TRUE(gang_.OnHello(2, now_));
  EXPECT_THAT(host_.Take(), ElementsAre("2:run 7", "3:run 7"));
}

TEST_F(FollowingGangTest, AnAttemptEndsWithItsRanksAndReportsNothing) {
  EXPECT_TRUE(gang_.OnHello(2, now_) && gang_.OnHello(3, now_));
  gang_.Queue(Order(7), true, now_);
  host_.Take();
  gang_.OnRecord(2, Make("epoch", 7), now_);
  EXPECT_THAT(host_.Take(), IsEmpty());
  for (const int rank : {3, 2}) {
    gang_.OnRecord(rank, Make("done", 7, {{"outcome", "completed"}, {"class", ""},
                                          {"message", ""}}), now_);
  }
  EXPECT_THAT(host_.Take(), ElementsAre("end 7 completed"));
  EXPECT_EQ(gang_.state(), GangState::kReady);
}

}  // namespace
}  // namespace tutti::worker
