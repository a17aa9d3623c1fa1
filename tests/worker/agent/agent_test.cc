// Goal: a worker does what the coordinator wants and loses no report. Method: the real tutti-worker
// and real (scripted) trainer processes against a coordinator's service in this process.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/agent/fake_coordinator.h"
#include "tests/worker/agent/worker_process.h"
#include "worker/agent/agent.h"
#include "worker/agent/trainer_command.h"

namespace tutti::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::DesiredAttempt Attempt(std::int64_t id, const std::string& script,
                           v1::DesiredAttempt::Stop stop = v1::DesiredAttempt::RUN) {
  v1::DesiredAttempt attempt;
  attempt.set_attempt_id(id);
  attempt.set_experiment_id(1);
  attempt.set_trial_id(id);
  attempt.set_trial_no(id);
  attempt.set_fence(7);
  attempt.set_trial_seed(0xffffffffffffffffULL);
  attempt.set_config_json(R"({"script":[)" + script + "]}");
  attempt.set_stop(stop);
  return attempt;
}

// Desired: one allocation `id` on slots 0 … ranks-1.
v1::DesiredState Gang(std::int64_t id, int ranks, const std::vector<v1::DesiredAttempt>& attempts) {
  v1::DesiredState state;
  auto& allocation = *state.add_allocations();
  allocation.set_allocation_id(id);
  allocation.set_world_size(ranks);
  for (int slot = 0; slot < ranks; ++slot) allocation.add_slots(slot);
  for (const auto& attempt : attempts) *allocation.add_attempts() = attempt;
  return state;
}

const char kEpoch[] = R"({"do":"epoch"})";
const char kWait[] = R"({"do":"wait"})";
const char kHang[] = R"({"do":"hang"})";

class AgentTest : public ::testing::Test {
 protected:
  bool AwaitEnd(std::int64_t attempt) {
    return coordinator_.Await([&] { return coordinator_.Find(attempt, "exit") != nullptr; });
  }
  bool AwaitState(std::int64_t allocation, v1::AllocationStatus::State state) {
    return coordinator_.Await([&] {
      const auto status = coordinator_.Status(allocation);
      return status && status->state() == state;
    });
  }
  bool AwaitType(std::int64_t attempt, const std::string& type) {
    return coordinator_.Await([&] { return coordinator_.Find(attempt, type) != nullptr; });
  }
  pid_t TrainerPid(std::int64_t attempt) {
    return static_cast<pid_t>(
        coordinator_.Find(attempt, "started")->record.header["pid"].AsInt());
  }
  std::string ExitField(std::int64_t attempt, const std::string& field) {
    const auto* exit = coordinator_.Find(attempt, "exit");
    if (exit == nullptr) return "(no exit)";
    const Json& value = exit->record.header[field];
    return value.is_string() ? value.AsString() : value.Dump();
  }

  FakeCoordinator coordinator_;
};

TEST_F(AgentTest, RunsTwoAttemptsInOneWarmProcess) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "2"});
  coordinator_.SetDesired(Gang(5, 1, {Attempt(11, kEpoch), Attempt(12, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(12)) << worker.Log();
  EXPECT_EQ(coordinator_.hello().slots_size(), 2);
  EXPECT_THAT(coordinator_.Types(11), ElementsAre("started", "epoch", "exit"));
  EXPECT_THAT(coordinator_.Types(12), ElementsAre("started", "epoch", "exit"));
  EXPECT_EQ(ExitField(12, "outcome"), "completed");
  EXPECT_EQ(coordinator_.Find(11, "exit")->fence, 7);
  EXPECT_EQ(coordinator_.Find(11, "started")->record.header["pid"],
            coordinator_.Find(12, "started")->record.header["pid"]);
  EXPECT_TRUE(AwaitState(5, v1::AllocationStatus::READY));

  coordinator_.SetIdle();
  EXPECT_TRUE(coordinator_.Await([&] { return !coordinator_.Status(5); }));
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

TEST_F(AgentTest, ReportsSurviveACoordinatorThatRestarts) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.acknowledge = false;
  const auto desired = Gang(1, 1, {Attempt(1, std::string(kEpoch) + "," + kWait)});
  coordinator_.SetDesired(desired);
  ASSERT_TRUE(AwaitType(1, "epoch")) << worker.Log();
  coordinator_.Stop();
  coordinator_.acknowledge = true;
  coordinator_.incarnation = 2;
  coordinator_.Start();
  ASSERT_TRUE(coordinator_.Await([&] { return coordinator_.sessions() == 2; })) << worker.Log();
  coordinator_.SetDesired(Gang(
      1, 1, {Attempt(1, std::string(kEpoch) + "," + kWait, v1::DesiredAttempt::FINISH)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1), ElementsAre("started", "epoch", "exit"));
  EXPECT_EQ(ExitField(1, "outcome"), "finished");
}

TEST_F(AgentTest, SendsAgainFromAGapAndInParts) {
  coordinator_.refuse_once = {2};
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(
      1, 1,
      {Attempt(1, std::string(kEpoch) + R"(,{"do":"evaluation","bytes":3000000},)" + kEpoch)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1),
              ElementsAre("started", "epoch", "evaluation", "epoch", "exit"));
  EXPECT_EQ(coordinator_.Find(1, "evaluation")->record.payload, std::string(3'000'000, 'x'));
}

TEST_F(AgentTest, StopsAnAttemptThatWasReplaced) {
  coordinator_.fenced = {1};
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kWait), Attempt(2, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(2)) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1), IsEmpty());
}

struct EndCase {
  const char* name;
  const char* script;
  const char* outcome;
  const char* failure;
  const char* message;
};
class AttemptEnds : public AgentTest, public ::testing::WithParamInterface<EndCase> {};

TEST_P(AttemptEnds, WithTheClassOfItsCause) {
  WorkerProcess worker(coordinator_.address(),
                       {"--slots", "1", "--setup-limit", "1", "--grace", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, GetParam().script), Attempt(2, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_EQ(ExitField(1, "outcome"), GetParam().outcome);
  EXPECT_EQ(ExitField(1, "class"), GetParam().failure);
  EXPECT_THAT(ExitField(1, "message"), HasSubstr(GetParam().message));
  // The gang is not used again; what waited behind is given back.
  ASSERT_TRUE(AwaitState(1, v1::AllocationStatus::EXITED)) << worker.Log();
  EXPECT_EQ(ExitField(2, "outcome"), "preempted");
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, AttemptEnds,
    ::testing::Values(
        EndCase{"Error", R"({"do":"error","class":"NAN","message":"loss is nan"})", "error", "NAN",
                "loss is nan"},
        EndCase{"ExitCode", R"({"do":"exit","code":9})", "error", "USER", "exit code 9"},
        EndCase{"EarlyExit", R"({"do":"exit","code":0})", "error", "INFRA", "exit code 0"},
        EndCase{"Segfault", R"({"do":"signal","number":11})", "error", "INFRA", "SIGSEGV"},
        EndCase{"Kill", R"({"do":"signal","number":9})", "error", "INFRA", "SIGKILL"},
        // Stopped processes take no TERM; KILL ends them.
        EndCase{"Stopped", R"({"do":"signal","number":19})", "error", "HANG", "section setup"},
        EndCase{"Hang", R"({"do":"hang"})", "error", "HANG", "no progress for 1 s"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(AgentTest, GivesOutputLinesToTheRunningAttempt) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(
      Gang(1, 1, {Attempt(1, R"({"do":"print","text":"hello from the trainer"})")}));
  ASSERT_TRUE(coordinator_.Await([&] {
    return coordinator_.logs().find("hello from the trainer\n") != std::string::npos;
  })) << worker.Log();
}

TEST_F(AgentTest, StartsAGangOnlyWhenItsSlotsAreFree) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kWait)}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  coordinator_.SetDesired(Gang(2, 1, {Attempt(2, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(2)) << worker.Log();
  EXPECT_EQ(ExitField(1, "outcome"), "killed");
  // In the order of arrival: the first attempt's end came before the second began.
  std::vector<std::int64_t> order;
  for (const auto& report : coordinator_.reports()) order.push_back(report.attempt);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(AgentTest, RefusesSlotsItDoesNotHave) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 2, {Attempt(1, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_EQ(ExitField(1, "class"), "INFRA");
  EXPECT_THAT(ExitField(1, "message"), HasSubstr("wants slot 1; this node has 1"));
}

TEST_F(AgentTest, TermEndsGangsAndGivesTheirAttemptsBack) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kWait)}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  worker.Signal(SIGTERM);
  EXPECT_EQ(worker.Wait(), 0) << worker.Log();
  EXPECT_EQ(ExitField(1, "outcome"), "preempted");
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

TEST_F(AgentTest, AKilledWorkerLeavesNoTrainerBehind) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "2"});
  auto desired = Gang(1, 1, {Attempt(1, kHang)});
  auto& stopped = *desired.add_allocations();
  stopped = Gang(2, 1, {Attempt(2, R"({"do":"signal","number":19})")}).allocations(0);
  stopped.set_slots(0, 1);
  coordinator_.SetDesired(desired);
  ASSERT_TRUE(AwaitType(1, "started") && AwaitType(2, "started")) << worker.Log();
  worker.Signal(SIGKILL);
  EXPECT_TRUE(AwaitDeath(TrainerPid(1)));
  EXPECT_TRUE(AwaitDeath(TrainerPid(2)));
}

TEST_F(AgentTest, ASecondWorkerCannotUseTheSameWorkDirectory) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  ASSERT_TRUE(coordinator_.Await([&] { return coordinator_.sessions() == 1; })) << worker.Log();
  const auto lock = LockWorkDirectory(worker.directory(), std::chrono::milliseconds(0));
  ASSERT_FALSE(lock.ok());
  EXPECT_THAT(lock.error().message(), HasSubstr("another worker uses"));
}

TEST_F(AgentTest, TheWorkDirectoryIsFreeWhenTheTrainersOfAKilledWorkerAreGone) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kHang)}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  worker.Signal(SIGKILL);
  const auto lock = LockWorkDirectory(worker.directory(), std::chrono::seconds(30));
  EXPECT_TRUE(lock.ok());
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

// Several ranks: mpirun puts each into a process group of its own.
class MpiGang : public AgentTest {
 protected:
  void SetUp() override {
    if (FindInPath("mpirun").empty()) GTEST_SKIP() << "mpirun is not installed";
  }
};

TEST_F(MpiGang, RunsAttemptsOnAllRanks) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "2"});
  coordinator_.SetDesired(Gang(1, 2, {Attempt(1, kEpoch), Attempt(2, kWait)}));
  ASSERT_TRUE(AwaitEnd(1) && AwaitType(2, "started")) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1), ElementsAre("started", "epoch", "exit"));
  EXPECT_EQ(worker.Trainers().size(), 3u) << "two ranks and mpirun";
  coordinator_.SetIdle();
  ASSERT_TRUE(coordinator_.Await([&] { return !coordinator_.Status(1); })) << worker.Log();
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

TEST_F(MpiGang, AKilledWorkerLeavesNoRankBehind) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "2"});
  coordinator_.SetDesired(
      Gang(1, 2, {Attempt(1, std::string(R"({"do":"signal","number":19,"rank":1},)") + kHang)}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  const auto pids = worker.Trainers();
  ASSERT_EQ(pids.size(), 3u);
  worker.Signal(SIGKILL);
  for (const pid_t pid : pids) EXPECT_TRUE(AwaitDeath(pid)) << pid;
}

TEST_F(MpiGang, SlotsAreFreeOnlyWhenAStoppedRankIsGoneToo) {
  WorkerProcess worker(coordinator_.address(),
                       {"--slots", "2", "--setup-limit", "2", "--grace", "1"});
  coordinator_.SetDesired(
      Gang(1, 2, {Attempt(1, R"({"do":"signal","number":19,"rank":1})")}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  const auto pids = worker.Trainers();
  ASSERT_EQ(pids.size(), 3u);
  ASSERT_TRUE(AwaitState(1, v1::AllocationStatus::EXITED)) << worker.Log();
  for (const pid_t pid : pids) EXPECT_EQ(::kill(pid, 0), -1) << pid << " is still there";
  EXPECT_EQ(ExitField(1, "class"), "HANG");
  EXPECT_THAT(ExitField(1, "message"), HasSubstr("rank 1"));
}

TEST_F(MpiGang, ACrashOfOneRankEndsTheGang) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "2"});
  coordinator_.SetDesired(Gang(
      1, 2, {Attempt(1, std::string(R"({"do":"signal","number":11,"rank":1},)") + kWait)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_EQ(ExitField(1, "class"), "INFRA");
  EXPECT_THAT(ExitField(1, "message"), HasSubstr("rank 1 closed its connection"));
  EXPECT_TRUE(AwaitState(1, v1::AllocationStatus::EXITED));
  EXPECT_THAT(worker.Trainers(), IsEmpty());
}

const char kCheckpoint[] = R"({"do":"checkpoint","name":"1/1/1-step-10"})";

TEST_F(AgentTest, UploadsACheckpointBeforeItReportsIt) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(
      Gang(1, 1, {Attempt(1, std::string(kEpoch) + "," + kCheckpoint + "," + kEpoch)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1),
              ElementsAre("started", "epoch", "checkpoint", "epoch", "exit"));
  ASSERT_EQ(coordinator_.uploads().size(), 1u);
  EXPECT_EQ(coordinator_.uploads()[0].checkpoint(), "1/1/1-step-10");
  EXPECT_EQ(coordinator_.uploads()[0].file(), "manifest.json");
  EXPECT_EQ(coordinator_.uploads()[0].data(), "{\"step\":1}");
  EXPECT_EQ(coordinator_.uploads()[0].fence(), 7);
}

TEST_F(AgentTest, WithASharedStateDirectoryCheckpointsAreWrittenThere) {
  const std::string state = MakeScratchDirectory();
  std::ofstream(state + "/nonce") << "n0nce\n";
  coordinator_.state_dir = state;
  coordinator_.nonce = "n0nce";
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kCheckpoint)}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_THAT(coordinator_.uploads(), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(state + "/checkpoints/1/1/1-step-10/manifest.json"));
  std::filesystem::remove_all(state);
}

TEST_F(AgentTest, FetchesTheCheckpointAnAttemptStartsFrom) {
  coordinator_.download = "{}";
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  auto attempt = Attempt(1, kEpoch);
  attempt.set_resume_from("1/1/9-step-4");
  coordinator_.SetDesired(Gang(1, 1, {attempt}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_EQ(ExitField(1, "outcome"), "completed");
  EXPECT_TRUE(
      std::filesystem::exists(worker.directory() + "/checkpoints/1/1/9-step-4/manifest.json"));
}

TEST_F(AgentTest, AnAttemptWhoseCheckpointIsGoneFailsAndTheNextRuns) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  auto attempt = Attempt(1, kEpoch);
  attempt.set_resume_from("1/1/9-step-4");
  coordinator_.SetDesired(Gang(1, 1, {attempt, Attempt(2, kEpoch)}));
  ASSERT_TRUE(AwaitEnd(1) && AwaitEnd(2)) << worker.Log();
  EXPECT_THAT(ExitField(1, "message"), HasSubstr("no such checkpoint"));
  EXPECT_EQ(ExitField(2, "outcome"), "completed");
}

TEST_F(AgentTest, WithoutContactItKillsItsOwnGangs) {
  coordinator_.self_kill_after_ms = 300;
  WorkerProcess worker(coordinator_.address(), {"--slots", "1", "--grace", "0"});
  coordinator_.SetDesired(Gang(1, 1, {Attempt(1, kHang)}));
  ASSERT_TRUE(AwaitType(1, "started")) << worker.Log();
  const pid_t trainer = TrainerPid(1);
  coordinator_.Stop();
  EXPECT_TRUE(AwaitDeath(trainer)) << worker.Log();
  EXPECT_THAT(worker.Log(), HasSubstr("no contact with the coordinator"));
}

TEST_F(AgentTest, ARefusedWorkerEndsWithTheReason) {
  coordinator_.refuse_with = "the name node-under-test is taken";
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  EXPECT_EQ(worker.Wait(), 1);
  EXPECT_THAT(worker.Log(), HasSubstr("the name node-under-test is taken"));
}

TEST_F(AgentTest, FindsACoordinatorThatMovedToAnotherPort) {
  const std::string state = MakeScratchDirectory();
  const auto publish = [&](const std::string& address) {
    std::ofstream(state + "/coordinator.json") << R"({"address":")" << address << R"(","pid":1})";
  };
  publish(coordinator_.address());
  WorkerProcess worker("", {"--state", state, "--slots", "1"});
  ASSERT_TRUE(coordinator_.Await([&] { return coordinator_.sessions() == 1; })) << worker.Log();
  FakeCoordinator second;
  publish(second.address());
  coordinator_.Stop();
  EXPECT_TRUE(second.Await([&] { return second.sessions() == 1; })) << worker.Log();
  std::filesystem::remove_all(state);
}

}  // namespace
}  // namespace tutti::worker
