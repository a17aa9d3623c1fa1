// Goal: tasks pass through a worker whole: order, weights and pixels down, results of any size up.
// Method: the real tutti-worker and real (scripted) trainer processes against a coordinator's
// service in this process.

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/agent/fake_coordinator.h"
#include "tests/worker/agent/worker_process.h"

namespace tutti::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::DesiredAttempt Task(std::int64_t id, const std::string& script) {
  v1::DesiredAttempt attempt;
  attempt.set_attempt_id(id);
  attempt.set_experiment_id(1);
  attempt.set_trial_id(1);
  attempt.set_trial_no(1);
  attempt.set_fence(7);
  attempt.set_config_json(R"({"script":[)" + script + "]}");
  attempt.set_task_id(40 + id);
  attempt.set_task(R"({"kind":"predict","n":1})");
  return attempt;
}

v1::DesiredState OnSlotZero(const std::vector<v1::DesiredAttempt>& attempts) {
  v1::DesiredState state;
  auto& allocation = *state.add_allocations();
  allocation.set_allocation_id(1);
  allocation.set_world_size(1);
  allocation.add_slots(0);
  for (const auto& attempt : attempts) *allocation.add_attempts() = attempt;
  return state;
}

class AgentTaskTest : public ::testing::Test {
 protected:
  bool AwaitEnd(std::int64_t attempt) {
    return coordinator_.Await([&] { return coordinator_.Find(attempt, "exit") != nullptr; });
  }
  std::string ExitField(std::int64_t attempt, const std::string& field) {
    const auto* exit = coordinator_.Find(attempt, "exit");
    return exit == nullptr ? "(no exit)" : exit->record.header[field].AsString();
  }

  FakeCoordinator coordinator_;
};

// 24 MiB are more than a session's or a trainer's message may have otherwise; the result is many
// parts of a report.
TEST_F(AgentTaskTest, ATaskGetsItsOrderAndPixelsAndItsResultArrivesWhole) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  auto task = Task(1, R"({"do":"result","bytes":9000001})");
  const std::size_t bytes = 24u << 20;
  task.set_input(std::string(bytes, '\3'));
  coordinator_.SetDesired(OnSlotZero({task}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_THAT(coordinator_.Types(1), ElementsAre("started", "result", "exit"));
  ASSERT_NE(coordinator_.Find(1, "result"), nullptr) << worker.Log();
  const Record& result = coordinator_.Find(1, "result")->record;
  EXPECT_EQ(result.header["task_id"].AsInt(), 41);
  EXPECT_EQ(result.header["task"].Dump(), R"({"kind":"predict","n":1})");
  EXPECT_EQ(result.header["input_bytes"].AsInt(), static_cast<std::int64_t>(bytes));
  EXPECT_EQ(result.header["input_sum"].AsInt(), static_cast<std::int64_t>(3 * bytes));
  EXPECT_EQ(result.payload, std::string(9'000'001, 'r'));
}

// The coordinator repeats a desired state, then without the pixels that the worker has already.
TEST_F(AgentTaskTest, ARepeatedOrderWithoutPixelsChangesNothing) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  const auto first = Task(1, R"({"do":"wait"})");
  auto second = Task(2, R"({"do":"result","bytes":1})");
  second.set_input("abc");
  coordinator_.SetDesired(OnSlotZero({first, second}));
  ASSERT_TRUE(coordinator_.Await([&] {
    const auto status = coordinator_.Status(1);
    return status && status->attempts_size() == 2;
  })) << worker.Log();
  second.clear_input();
  auto stopped = first;
  stopped.set_stop(v1::DesiredAttempt::KILL);
  coordinator_.SetDesired(OnSlotZero({stopped, second}));
  ASSERT_TRUE(AwaitEnd(2)) << worker.Log();
  ASSERT_NE(coordinator_.Find(2, "result"), nullptr) << worker.Log();
  EXPECT_EQ(coordinator_.Find(2, "result")->record.header["input_bytes"].AsInt(), 3);
}

TEST_F(AgentTaskTest, FetchesBothCheckpointsOfATrainingThatResumesAndIsWarmStarted) {
  coordinator_.download = "{}";
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  auto attempt = Task(1, R"({"do":"result","bytes":0})");
  attempt.clear_task();
  attempt.clear_task_id();
  attempt.set_resume_from("1/1/9-step-4");
  attempt.set_weights_from("1/2/5-step-8");
  attempt.set_weights_manifest_sha256("beef");
  coordinator_.SetDesired(OnSlotZero({attempt}));
  ASSERT_TRUE(AwaitEnd(1)) << worker.Log();
  EXPECT_EQ(ExitField(1, "outcome"), "completed");
  for (const char* name : {"1/1/9-step-4", "1/2/5-step-8"}) {
    EXPECT_TRUE(std::filesystem::exists(worker.directory() + "/checkpoints/" + name +
                                        "/manifest.json")) << name;
  }
  ASSERT_NE(coordinator_.Find(1, "result"), nullptr) << worker.Log();
  const Record& result = coordinator_.Find(1, "result")->record;
  EXPECT_EQ(result.header["weights_from"].AsString(), "1/2/5-step-8");
  EXPECT_EQ(result.header["weights_sha256"].AsString(), "beef");
  EXPECT_TRUE(result.header["task"].is_null());
}

TEST_F(AgentTaskTest, ATaskWhoseWeightsAreGoneFailsAndTheNextRuns) {
  WorkerProcess worker(coordinator_.address(), {"--slots", "1"});
  auto task = Task(1, R"({"do":"result","bytes":0})");
  task.set_weights_from("1/2/5-step-8");
  coordinator_.SetDesired(OnSlotZero({task, Task(2, R"({"do":"result","bytes":0})")}));
  ASSERT_TRUE(AwaitEnd(1) && AwaitEnd(2)) << worker.Log();
  EXPECT_THAT(ExitField(1, "message"), HasSubstr("1/2/5-step-8"));
  EXPECT_EQ(ExitField(2, "outcome"), "completed");
}

}  // namespace
}  // namespace tutti::worker
