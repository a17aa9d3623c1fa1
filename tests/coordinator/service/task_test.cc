// Goal: a task's order and pictures reach a worker, its result the client that waits, and nothing
// is left of a task whose client, trainer or coordinator went away.
// Method: the real coordinator over the real protocol; the test plays client and worker.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/wire/status.h"
#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"
#include "tutti/v1/control.grpc.pb.h"

namespace tutti {
namespace {

using testing::HasSubstr;

constexpr char kPredict[] = R"({"kind":"predict","n":2,"shape":[1,2,3]})";
const std::string kPixels(12, '\7');

struct Answer {
  Json header;
  std::string payload;
};

// One call, made on a thread of its own.
class Asked {
 public:
  Asked(const std::string& address, v1::EvaluateRequest request)
      : stub_(v1::Control::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    answer_ = std::async(std::launch::async, [this, request]() -> Result<Answer> {
      v1::EvaluateReply reply;
      const grpc::Status status = stub_->Evaluate(&context_, request, &reply);
      if (!status.ok()) return wire::StatusToError(status, context_);
      TUTTI_ASSIGN_OR_RETURN(Json header, Json::Parse(reply.result_json()));
      return Answer{std::move(header), reply.payload()};
    });
  }
  void GoAway() { context_.TryCancel(); }
  Result<Answer> Get() { return answer_.get(); }

 private:
  std::unique_ptr<v1::Control::Stub> stub_;
  grpc::ClientContext context_;
  std::future<Result<Answer>> answer_;
};

class TaskTest : public testing::Test {
 protected:
  // A trial that has ended with the checkpoint "1/1/1-step-10" of epoch 2, best and last.
  TaskTest() {
    EXPECT_TRUE(cluster_.Submit(TestCluster::Document(), "id-1").ok());
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    EXPECT_TRUE(worker_->Join(1));
    const auto attempt = worker_->AwaitAttempt().value_or(DesiredAttemptSeen{});
    worker_->ReportKnown();
    worker_->Send(attempt, 1, Json::MakeObject({{"type", "started"}, {"resumed_from_step", 0},
                                                {"resumed_from_epoch", 0}}));
    worker_->Send(attempt, 2,
                  Json::MakeObject({{"type", "epoch"}, {"epoch", 2}, {"step", 10},
                                    {"metrics", Json::MakeObject({{"validation",
                                         Json::MakeObject({{"loss", 0.5}})}})}}));
    worker_->Send(attempt, 3,
                  Json::MakeObject({{"type", "checkpoint"}, {"name", "1/1/1-step-10"},
                                    {"sha256", std::string(64, 'a')}, {"epoch", 2}, {"step", 10},
                                    {"bytes", 5}, {"metric", 0.5}, {"best", true},
                                    {"final", true}}));
    worker_->Send(attempt, 4, Json::MakeObject({{"type", "exit"}, {"outcome", "completed"}}));
    EXPECT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 4"));
  }

  v1::EvaluateRequest Request(const std::string& task = kPredict,
                              const std::string& checkpoint = "best") {
    v1::EvaluateRequest request;
    request.set_experiment_id(1);
    request.set_trial_no(1);
    request.set_checkpoint(checkpoint);
    request.set_task_json(task);
    if (task == kPredict) request.set_input(kPixels);
    return request;
  }

  // The order of the task that runs now, in a gang that has reported itself ready.
  std::optional<DesiredAttemptSeen> AwaitTask() {
    std::optional<DesiredAttemptSeen> found;
    worker_->Await([&] {
      for (const DesiredAttemptSeen& attempt : worker_->attempts()) {
        if (attempt.task_id != 0 && attempt.stop == "RUN") found = attempt;
      }
      return found.has_value();
    });
    return found;
  }

  void Exit(const DesiredAttemptSeen& task, std::int64_t seq, const std::string& outcome,
            const std::string& failure = "", const std::string& message = "") {
    worker_->Send(task, seq, Json::MakeObject({{"type", "exit"}, {"outcome", outcome},
                                               {"class", failure}, {"message", message}}));
  }
  void Started(const DesiredAttemptSeen& task) {
    worker_->Send(task, 1, Json::MakeObject({{"type", "started"}, {"resumed_from_step", 0},
                                             {"resumed_from_epoch", 0}}));
  }

  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
};

TEST_F(TaskTest, TheOrderGoesDownAndTheResultComesBack) {
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->weights_from, "1/1/1-step-10");
  EXPECT_EQ(task->weights_sha256, std::string(64, 'a'));
  EXPECT_EQ(task->input, kPixels);
  EXPECT_EQ(task->task, kPredict);
  EXPECT_EQ(task->resume_from, "");
  Started(*task);
  worker_->Send(*task, 2, Json::MakeObject({{"type", "result"}, {"task_id", task->task_id},
                                            {"kind", "predict"}, {"n", 2}}),
                std::string(3000, 'p'));
  Exit(*task, 3, "completed");
  const auto answer = asked.Get();
  ASSERT_TRUE(answer.ok()) << answer.error().ToString();
  EXPECT_EQ(answer->header.Dump(), R"({"kind":"predict","n":2})");
  EXPECT_EQ(answer->payload, std::string(3000, 'p'));
  // The trial is as it was; the attempt is not one of its trainings.
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM attempts WHERE kind = 'evaluate'"), 1);
  EXPECT_EQ(cluster_.ReadInt("SELECT attempts FROM v_trials"), 1);
}

TEST_F(TaskTest, PicturesAreNotSentAgainToAWorkerThatHasThem) {
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  worker_->ReportKnown();
  EXPECT_TRUE(worker_->Await([&] {
    const auto all = worker_->attempts();
    return all.size() == 1 && all[0].attempt == task->attempt && all[0].input.empty();
  }));
  asked.GoAway();
}

TEST_F(TaskTest, AnEvaluationIsStoredWithItsDataSet) {
  auto request = Request(R"({"kind":"evaluate","splits":["test"]})");
  auto document = Json::Parse(TestCluster::Document());
  document->SetPath("data.dataset", "mnist");
  request.set_config_json(document->Dump());
  Asked asked(cluster_.address, request);
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  EXPECT_THAT(task->config, HasSubstr(R"("dataset":"mnist")"));
  Started(*task);
  worker_->Send(*task, 2,
                Json::MakeObject({{"type", "evaluation"}, {"epoch", 2}, {"step", 10},
                                  {"split", "test"}, {"checkpoint", "1/1/1-step-10"},
                                  {"dataset", "mnist"}, {"n", 0}, {"classes", 2},
                                  {"metrics", Json::MakeObject({{"n", 0}, {"classes", 2},
                                                                {"labelled", false}})}}));
  worker_->Send(*task, 3, Json::MakeObject({{"type", "result"}, {"kind", "evaluate"}}));
  Exit(*task, 4, "completed");
  const auto answer = asked.Get();
  ASSERT_TRUE(answer.ok()) << answer.error().ToString();
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM evaluations WHERE dataset = 'mnist'"), 1);
}

TEST_F(TaskTest, WhatTheTrainerCannotDoIsTheClientsError) {
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  worker_->Send(*task, 1,
                Json::MakeObject({{"type", "result"},
                                  {"error",
                                   Json::MakeObject({{"code", "invalid argument"},
                                                     {"message", "1x2x3 is no 1x28x28"}})}}));
  Exit(*task, 2, "completed");
  const auto answer = asked.Get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(answer.error().ToString(), HasSubstr("1x2x3 is no 1x28x28"));
}

TEST_F(TaskTest, ATrainerThatDiesUnderATaskIsAnErrorThatSaysSo) {
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  Started(*task);
  Exit(*task, 2, "error", "INFRA", "the trainer was killed by signal 9");
  const auto answer = asked.Get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), ErrorCode::kInternal);
  EXPECT_THAT(answer.error().ToString(), HasSubstr("signal 9"));
}

TEST_F(TaskTest, AClientThatGoesAwayStopsItsTask) {
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  asked.GoAway();
  EXPECT_FALSE(asked.Get().ok());
  EXPECT_TRUE(worker_->Await([&] {
    for (const DesiredAttemptSeen& attempt : worker_->attempts()) {
      if (attempt.attempt == task->attempt) return attempt.stop == "KILL";
    }
    return false;
  }));
}

TEST_F(TaskTest, AfterARestartTheOldTaskIsStoppedAndTheNextIsServed) {
  Asked lost(cluster_.address, Request());
  const auto old = AwaitTask();
  ASSERT_TRUE(old);
  cluster_.Crash();
  EXPECT_EQ(lost.Get().error().code(), ErrorCode::kUnavailable);
  cluster_.Start();
  worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
  worker_->Hello(1);
  ASSERT_TRUE(worker_->Await([&] { return worker_->welcomed(); }));
  worker_->ReportAllocations({});  // its gangs are gone too
  Asked asked(cluster_.address, Request());
  const auto task = AwaitTask();
  ASSERT_TRUE(task);
  EXPECT_GT(task->task_id, old->task_id);
  worker_->Send(*task, 1, Json::MakeObject({{"type", "result"}, {"kind", "predict"}}), "x");
  Exit(*task, 2, "completed");
  const auto answer = asked.Get();
  ASSERT_TRUE(answer.ok()) << answer.error().ToString();
  EXPECT_EQ(answer->payload, "x");
}

TEST_F(TaskTest, AShutdownAnswersOpenTasks) {
  Asked asked(cluster_.address, Request());
  ASSERT_TRUE(AwaitTask());
  cluster_.coordinator->RequestShutdown(false);
  const auto answer = asked.Get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), ErrorCode::kUnavailable);
}

TEST_F(TaskTest, AtMostSixtyFourTasksAreOpen) {
  std::vector<std::unique_ptr<Asked>> waiting;
  for (int i = 0; i < 64; ++i) {
    waiting.push_back(std::make_unique<Asked>(cluster_.address, Request()));
  }
  const auto requested = [&] {
    return cluster_.ReadInt("SELECT count(*) FROM v_events WHERE kind = 'task_requested'");
  };
  ASSERT_TRUE(cluster_.Await([&] { return requested() == 64; }));
  Asked asked(cluster_.address, Request());
  const auto answer = asked.Get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), ErrorCode::kResourceExhausted);
  EXPECT_THAT(answer.error().ToString(), HasSubstr("at most 64"));
  for (const auto& each : waiting) each->GoAway();
  for (const auto& each : waiting) EXPECT_FALSE(each->Get().ok());
  // All but the one that the worker still has to stop are gone, and there is room again.
  EXPECT_TRUE(cluster_.Await([&] {
    return cluster_.ReadInt("SELECT count(*) FROM v_events WHERE kind = 'task_ended'") >= 63;
  }));
  Asked again(cluster_.address, Request());
  EXPECT_TRUE(cluster_.Await([&] { return requested() == 65; }));
  again.GoAway();
}

struct Refusal {
  const char* name;
  std::string task, checkpoint;
  std::int64_t trial_no;
  std::size_t input_bytes;
  ErrorCode code;
  const char* words;
};

class Refused : public TaskTest, public testing::WithParamInterface<Refusal> {};

TEST_P(Refused, WithTheReason) {
  v1::EvaluateRequest request = Request(GetParam().task, GetParam().checkpoint);
  request.set_trial_no(GetParam().trial_no);
  request.set_input(std::string(GetParam().input_bytes, 'x'));
  Asked asked(cluster_.address, request);
  const auto answer = asked.Get();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), GetParam().code);
  EXPECT_THAT(answer.error().ToString(), HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, Refused,
    testing::Values(
        Refusal{"no_such_trial", kPredict, "best", 7, 12, ErrorCode::kNotFound, "1.7"},
        Refusal{"no_such_checkpoint", kPredict, "e9", 1, 12, ErrorCode::kNotFound,
                "kept: @e2"},
        Refusal{"no_checkpoint_form", kPredict, "newest", 1, 12, ErrorCode::kInvalidArgument,
                "newest"},
        Refusal{"no_json", "{", "best", 1, 0, ErrorCode::kInvalidArgument, "task_json"},
        Refusal{"unknown_kind", R"({"kind":"guess"})", "best", 1, 0, ErrorCode::kInvalidArgument,
                "'guess', expected predict or evaluate"},
        Refusal{"pixels_missing", kPredict, "best", 1, 11, ErrorCode::kInvalidArgument,
                "11 bytes, expected 12"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace tutti
