// Goal: a task's logits are the network's, its activations those of PyTorch's operators, and what
// does not fit is an answer, not the trainer's end.
// Method: small networks with drawn weights are saved as checkpoints; the real EvaluationTask runs
// in this process with a link that keeps what is sent; convolutions are computed again with
// at::conv2d.

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "worker/comm/communicator.h"
#include "worker/trainer/evaluation_task.h"

namespace tutti::trainer {
namespace {

using testing::HasSubstr;

class KeepingLink : public Link {
 public:
  void Send(Record record) override { sent.push_back(std::move(record)); }
  StopRequest PollStop(std::int64_t) override { return stop; }
  std::optional<std::int64_t> PollRunUntil(std::int64_t) override { return std::nullopt; }
  const Record* Find(std::string_view type) const {
    for (const Record& record : sent) {
      if (record.type() == type) return &record;
    }
    return nullptr;
  }

  std::vector<Record> sent;
  StopRequest stop = StopRequest::kNone;
};

constexpr char kPlain[] =
    R"({"layers": [{"conv": {"out": 4, "kernel": 3}}, "relu", {"max_pool": 2},
                   {"conv": {"out": 3, "kernel": 3}}, "tanh", "flatten", {"linear": "classes"}]})";
constexpr char kResidual[] =
    R"({"layers": [{"conv": {"out": 4, "kernel": 3}}, "batch_norm", "relu",
                   {"residual": [{"conv": {"out": 4, "kernel": 3, "padding": "same"}},
                                 "batch_norm"]},
                   "relu", "global_average_pool", {"linear": "classes"}]})";

Json Options(int classes) {
  return Json::MakeObject({{"train", 60}, {"test", 40}, {"seed", 3}, {"classes", classes}});
}

class EvaluationTaskTest : public testing::Test {
 protected:
  EvaluationTaskTest() {
    std::string folder = testing::TempDir() + "/tutti-task-XXXXXX";
    order_.checkpoint_root = mkdtemp(folder.data());
    order_.attempt = 5;
    order_.task_id = 9;
    order_.seed = 11;
    order_.config.data.dataset = "glyphs";
    order_.config.data.validation_fraction = 0;
    order_.config.training.optimizer.name = "sgd";
    order_.config.data.options = Options(10);
    auto world = comm::Rendezvous::Join(1);
    EXPECT_TRUE(world.ok());
    world_ = std::move(*world);
    host_ = std::move(*world_->HostCommunicator(std::chrono::seconds(20)));
    gang_ = {c10::kCPU, host_.get(), host_.get(), &data_};
  }
  ~EvaluationTaskTest() override { std::filesystem::remove_all(order_.checkpoint_root); }

  // A checkpoint of a network of this model for glyphs' ten digits.
  void Save(const std::string& model) {
    const c10::InferenceMode inference;
    order_.config.model = *Json::Parse(model);
    auto graph = BuildGraph(order_.config.model, {1, 28, 28}, 10);
    ASSERT_TRUE(graph.ok()) << graph.error().ToString();
    network_ = std::make_unique<Network>(*graph, NetworkOptions{}, 42);
    auto optimizer = Optimizer::Make(order_.config.training.optimizer, network_->store());
    ASSERT_TRUE(optimizer.ok()) << optimizer.error().ToString();
    Trained trained;
    trained.network = network_.get();
    trained.optimizer = &*optimizer;
    for (int i = 0; i < 10; ++i) trained.class_names.push_back(std::to_string(i));
    TrainingState state;
    state.epoch = 4;
    state.step = 30;
    auto saved = SaveCheckpoint(order_.checkpoint_root, {1, 1, 1, 30}, 1, trained, state, 3);
    ASSERT_TRUE(saved.ok()) << saved.error().ToString();
    order_.weights_from = saved->name;
    order_.weights_sha256 = saved->sha256;
  }

  AttemptEnd Run(const std::string& task) {
    const c10::InferenceMode inference;
    order_.task = *Json::Parse(task);
    link_.sent.clear();
    return EvaluationTask(order_, gang_, networks_, link_).Run();
  }
  const Record& Result() {
    const Record* result = link_.Find("result");
    EXPECT_NE(result, nullptr);
    return *result;
  }
  std::string ErrorText() {
    const Json* error = Result().header.Find("error");
    return error != nullptr ? (*error)["code"].AsString() + ": " + (*error)["message"].AsString()
                            : "none";
  }
  static at::Tensor Floats(const std::string& payload, std::size_t at, at::IntArrayRef shape) {
    at::Tensor out = at::empty(shape, at::kFloat);
    EXPECT_LE(at + out.nbytes(), payload.size());
    std::memcpy(out.mutable_data_ptr(), payload.data() + at, out.nbytes());
    return out;
  }
  at::Tensor Weight(const std::string& name) {
    for (const Parameter& p : network_->store().parameters()) {
      if (p.name == name) return p.value.view(p.shape).clone();
    }
    ADD_FAILURE() << "no weight " << name;
    return {};
  }
  static double Difference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
  }

  AttemptOrder order_;
  KeepingLink link_;
  TaskNetworks networks_;
  DataCache data_{c10::kCPU};
  std::unique_ptr<comm::Rendezvous> world_;
  std::unique_ptr<comm::Communicator> host_;
  GangContext gang_;
  std::unique_ptr<Network> network_;
};

// The same three pictures as items of a split, and then as pixels of the client's.
TEST_F(EvaluationTaskTest, PixelsGiveTheLogitsOfTheItemsTheyAre) {
  Save(kPlain);
  EXPECT_EQ(Run(R"({"kind":"predict","split":"test","items":[7,2,39],"pixels":true})").outcome,
            "completed");
  ASSERT_EQ(ErrorText(), "none");
  const Record items = Result();
  EXPECT_EQ(items.header["items"].Dump(), "[7,2,39]");
  EXPECT_EQ(items.header["labels"].size(), 3u);
  EXPECT_EQ(items.header["shape"].Dump(), "[1,28,28]");
  EXPECT_EQ(items.header["class_names"].size(), 10u);
  const std::size_t logit_bytes = 3 * 10 * 4, pixel_bytes = 3 * 28 * 28;
  ASSERT_EQ(items.payload.size(), logit_bytes + pixel_bytes);
  order_.input = items.payload.substr(logit_bytes);
  EXPECT_EQ(Run(R"({"kind":"predict","n":3,"shape":[1,28,28]})").outcome, "completed");
  ASSERT_EQ(ErrorText(), "none");
  EXPECT_EQ(Result().payload, items.payload.substr(0, logit_bytes));
  // And those of the network itself.
  const c10::InferenceMode inference;
  at::Tensor x = at::empty({3, 1, 28, 28}, at::kByte);
  std::memcpy(x.mutable_data_ptr(), order_.input.data(), pixel_bytes);
  const at::Tensor logits = network_->Forward(
      x.to(at::kFloat).div(255).contiguous(at::MemoryFormat::ChannelsLast), Pass{});
  EXPECT_LE(Difference(logits, Floats(items.payload, 0, {3, 10})), 1e-5);
}

TEST_F(EvaluationTaskTest, ActivationsAreTheConvolutionsBehindTheirActivationFunctions) {
  Save(kPlain);
  order_.input.assign(2 * 28 * 28, '\0');
  for (std::size_t i = 0; i < order_.input.size(); ++i) {
    order_.input[i] = static_cast<char>(i * 37 % 251);
  }
  Run(R"({"kind":"predict","n":2,"shape":[1,28,28],"activations":true})");
  ASSERT_EQ(ErrorText(), "none");
  const Record& result = Result();
  EXPECT_EQ(result.header["activations"].Dump(),
            R"([{"layer":"0","kind":"relu","shape":[4,26,26]},)"
            R"({"layer":"3","kind":"tanh","shape":[3,11,11]}])");
  const c10::InferenceMode inference;
  at::Tensor x = at::empty({2, 1, 28, 28}, at::kByte);
  std::memcpy(x.mutable_data_ptr(), order_.input.data(), order_.input.size());
  const at::Tensor first =
      at::relu(at::conv2d(x.to(at::kFloat) / 255, Weight("0.weight"), Weight("0.bias")));
  const at::Tensor second = at::tanh(
      at::conv2d(at::max_pool2d(first, {2, 2}), Weight("3.weight"), Weight("3.bias")));
  const std::size_t at_first = 2 * 10 * 4;
  EXPECT_LE(Difference(first, Floats(result.payload, at_first, first.sizes())), 1e-5);
  EXPECT_LE(Difference(second, Floats(result.payload, at_first + first.nbytes(), second.sizes())),
            1e-5);
  EXPECT_EQ(result.payload.size(), at_first + first.nbytes() + second.nbytes());
}

TEST_F(EvaluationTaskTest, ActivationsInsideBlocksAndBehindBatchNorm) {
  Save(kResidual);
  Run(R"({"kind":"predict","split":"test","items":[0],"activations":true})");
  ASSERT_EQ(ErrorText(), "none");
  const Json& activations = Result().header["activations"];
  ASSERT_EQ(activations.size(), 2u);
  EXPECT_EQ(activations[0]["kind"].AsString(), "relu");
  EXPECT_EQ(activations[1]["kind"].AsString(), "conv");  // the block's ReLU is behind the sum
  EXPECT_THAT(activations[1]["layer"].AsString(), HasSubstr("3."));
}

TEST_F(EvaluationTaskTest, AnEvaluationIsARecordAndItsMetricsAreTheResult) {
  Save(kPlain);
  EXPECT_EQ(Run(R"({"kind":"evaluate","splits":["test","train"]})").outcome, "completed");
  ASSERT_EQ(ErrorText(), "none");
  const Record* evaluation = link_.Find("evaluation");
  ASSERT_NE(evaluation, nullptr);
  EXPECT_EQ(evaluation->header["dataset"].AsString(), "glyphs");
  EXPECT_EQ(evaluation->header["checkpoint"].AsString(), order_.weights_from);
  EXPECT_EQ(evaluation->header["epoch"].AsInt(), 3);
  EXPECT_EQ(evaluation->header["step"].AsInt(), 30);
  EXPECT_EQ(evaluation->payload.size(), 40u * 8 + 40u * 10 * 4);
  const Json& rows = Result().header["evaluations"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["metrics"]["loss"], evaluation->header["metrics"]["loss"]);
  EXPECT_EQ(link_.Find("started")->header["class_names"].size(), 10u);
}

TEST_F(EvaluationTaskTest, TheSecondTaskFindsTheNetworkReady) {
  Save(kPlain);
  const std::string task = R"({"kind":"predict","split":"test","items":[1]})";
  Run(task);
  ASSERT_EQ(ErrorText(), "none");
  const Record first = Result();
  std::filesystem::remove_all(order_.checkpoint_root);
  Run(task);
  ASSERT_EQ(ErrorText(), "none");
  EXPECT_EQ(Result().payload, first.payload);
  // Another checkpoint is not mistaken for it.
  order_.weights_sha256 = std::string(64, '0');
  Run(task);
  EXPECT_THAT(ErrorText(), HasSubstr("not found"));
}

TEST_F(EvaluationTaskTest, WhatDoesNotFitIsAnAnswerThatNamesBoth) {
  Save(kPlain);
  order_.input.assign(20 * 20, 'x');
  EXPECT_EQ(Run(R"({"kind":"predict","n":1,"shape":[1,20,20]})").outcome, "completed");
  EXPECT_THAT(ErrorText(), HasSubstr("invalid argument: the pictures are 1x20x20"));
  EXPECT_THAT(ErrorText(), HasSubstr("takes 1x28x28"));
  Run(R"({"kind":"predict","split":"test","items":[40]})");
  EXPECT_THAT(ErrorText(), HasSubstr("item 40 is not in the test split of glyphs"));
  Run(R"({"kind":"evaluate","splits":["validation"]})");
  EXPECT_THAT(ErrorText(), HasSubstr("no validation split"));
  order_.config.data.options = Options(12);
  Run(R"({"kind":"evaluate","splits":["test"]})");
  EXPECT_THAT(ErrorText(), HasSubstr("tells 10 (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"));
  EXPECT_THAT(ErrorText(), HasSubstr("has 12 (0, 1"));
  EXPECT_EQ(link_.Find("evaluation"), nullptr);
}

TEST_F(EvaluationTaskTest, AResultThatIsTooLargeIsRefusedWithWhatIsPossible) {
  Save(kPlain);
  order_.input.assign(6000u * 28 * 28, '\1');
  Run(R"({"kind":"predict","n":6000,"shape":[1,28,28],"activations":true})");
  EXPECT_THAT(ErrorText(), HasSubstr("ask for at most"));
}

TEST_F(EvaluationTaskTest, EndsWhenItIsToldTo) {
  Save(kPlain);
  link_.stop = StopRequest::kKill;
  EXPECT_EQ(Run(R"({"kind":"evaluate","splits":["test"]})").outcome, "killed");
  link_.stop = StopRequest::kCheckpoint;
  EXPECT_EQ(Run(R"({"kind":"predict","split":"test","items":[1]})").outcome, "preempted");
  EXPECT_EQ(link_.Find("result"), nullptr);
}

}  // namespace
}  // namespace tutti::trainer
