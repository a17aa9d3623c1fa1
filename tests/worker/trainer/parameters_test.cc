// Goal: what works on ranges of the flat buffers touches the trained parameters and nothing else;
// the clipping norm is that of the numbers and the same bits however it is divided. Method: small
// stores and vectors, compared with sums by hand.

#include "worker/trainer/parameters.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "worker/trainer/clipping.h"
#include "worker/trainer/optimizer.h"
#include "worker/trainer/square_sum_kernel.h"
#include "worker/trainer/weight_average.h"
#include "worker/trainer/weight_patterns.h"

namespace tutti::trainer {
namespace {

// a.weight, a.bias, b.weight, c.weight; every number 1, every gradient 2.
ParameterStore& Fill(ParameterStore& store, const std::vector<std::string>& freeze) {
  store.Declare("a.weight", {4, 10});
  store.Declare("a.bias", {4});
  store.Declare("b.weight", {33});
  store.Declare("c.weight", {7});
  store.DeclareBuffer("a.running_mean", at::full({4}, 3, at::kFloat));
  store.DeclareBuffer("a.num_batches_tracked", at::full({}, 5, at::kLong));
  store.Freeze(freeze);
  store.Allocate();
  for (Parameter& p : store.parameters()) {
    p.value.fill_(1);
    p.gradient.fill_(2);
  }
  return store;
}

TEST(Parameters, TrainedRangesHoldAllTrainedAndNothingFrozen) {
  const struct {
    std::vector<std::string> freeze;
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  // a at 0 and 64, b at 96, c at 160
  } cases[] = {
      {{}, {{0, 192}}},
      {{"a.*"}, {{96, 96}}},
      {{"a.bias"}, {{0, 64}, {96, 96}}},
      {{"b.*"}, {{0, 96}, {160, 32}}},
      {{"c.*", "a.weight"}, {{64, 96}}},
      {{"*"}, {}},
  };
  for (const auto& c : cases) {
    ParameterStore store(at::kCPU, at::kFloat, at::kFloat);
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (const FlatRange& r : Fill(store, c.freeze).trained_ranges()) {
      found.emplace_back(r.offset, r.size);
    }
    EXPECT_EQ(found, c.ranges) << PatternList(c.freeze);
  }
}

TEST(Parameters, BuffersOfTheMasterTypeAreOneFlatTensor) {
  ParameterStore store(at::kCPU, at::kFloat, at::kFloat);
  Fill(store, {});
  EXPECT_EQ(store.buffer_values().numel(), 4);
  store.buffer_values().fill_(9);
  EXPECT_EQ(store.buffers()[0].value.sum().item<double>(), 36);
  EXPECT_EQ(store.buffers()[1].value.item<std::int64_t>(), 5);
}

TEST(Optimizer, LeavesFrozenParametersAsTheyAre) {
  for (const char* name : {"sgd", "adam", "adamw"}) {
    OptimizerConfig config;
    config.name = name;
    config.beta1 = 0.9;
    config.beta2 = 0.999;
    config.eps = 1e-8;
    config.weight_decay = 0.1;
    config.momentum = 0.9;
    ParameterStore store(at::kCPU, at::kFloat, at::kFloat);
    auto optimizer = Optimizer::Make(config, Fill(store, {"a.bias", "b.*"}));
    ASSERT_TRUE(optimizer.ok());
    optimizer->Step(0.01);
    optimizer->Step(0.01);
    for (const Parameter& p : store.parameters()) {
      const bool changed = !p.value.eq(1).all().item<bool>();
      EXPECT_EQ(changed, p.trained) << name << " " << p.name;
    }
  }
}

TEST(Clipping, ScalesToTheLimitAndOnlyWhatIsTrained) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    ParameterStore store(at::kCPU, type, type);
    OptimizerConfig config;
    config.name = "sgd";
    auto optimizer = Optimizer::Make(config, Fill(store, {"b.*"}));
    ASSERT_TRUE(optimizer.ok());
    const double norm = 2 * std::sqrt(40 + 4 + 7);
    ClipGradients(optimizer->gradients(), norm * 1.01);
    EXPECT_TRUE(store.parameters()[0].gradient.eq(2).all().item<bool>());
    ClipGradients(optimizer->gradients(), 1);
    const double factor = 1 / (norm + 1e-6);
    EXPECT_NEAR(store.parameters()[0].gradient[3][9].item<double>(), 2 * factor, 1e-7);
    EXPECT_NEAR(store.parameters()[3].gradient[6].item<double>(), 2 * factor, 1e-7);
    EXPECT_EQ(store.parameters()[2].gradient[0].item<double>(), 2);
  }
}

TEST(Clipping, AnInfiniteGradientMakesNoneThatLooksFine) {
  at::Tensor gradient = at::full({40}, 1, at::kFloat);
  gradient[7] = INFINITY;
  ClipGradients({gradient}, 1);
  EXPECT_TRUE(gradient[7].isnan().item<bool>());
}

TEST(Clipping, SquareSumsOfEveryLengthAreRight) {
  for (std::int64_t n = 0; n < 70; ++n) {
    std::vector<float> narrow;
    std::vector<double> wide;
    double expected = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      narrow.push_back(static_cast<float>(i) - 20);
      wide.push_back(static_cast<double>(i) - 20);
      expected += wide.back() * wide.back();
    }
    EXPECT_EQ(SquareSum(narrow.data(), n), expected) << n;
    EXPECT_EQ(SquareSum(wide.data(), n), expected) << n;
  }
}

TEST(Clipping, IsTheSameBitsForAnyNumberOfThreads) {
  const at::Tensor values = at::arange(300'000, at::kFloat).sin();
  const int threads = at::get_num_threads();
  std::vector<at::Tensor> clipped;
  for (const int n : {1, 2, 3}) {
    at::set_num_threads(n);
    clipped.push_back(values.clone());
    ClipGradients({clipped.back()}, 1);
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(clipped[0].equal(clipped[1]));
  EXPECT_TRUE(clipped[0].equal(clipped[2]));
  EXPECT_NEAR(at::linalg_vector_norm(clipped[0], 2).item<double>(), 1, 1e-6);
}

TEST(WeightAverage, FollowsTheFormulaAndExchangesBitForBit) {
  ParameterStore store(at::kCPU, at::kDouble, at::kDouble);
  Fill(store, {});
  WeightAverage average(0.25, store);
  store.values().fill_(3);
  store.buffers()[1].value.fill_(6);
  average.Update(1);  // 2 / 11 < 0.25
  const double first = 1 + (3.0 - 1) * (1 - 2.0 / 11);
  EXPECT_NEAR(average.values()[0].item<double>(), first, 1e-15);
  store.values().fill_(5);
  average.Update(2);  // 3 / 12 = 0.25
  const double second = first + (5 - first) * 0.75;
  EXPECT_NEAR(average.values()[0].item<double>(), second, 1e-15);
  const at::Tensor trained = store.values().clone();
  average.Exchange();
  EXPECT_NEAR(store.parameters()[2].value[32].item<double>(), second, 1e-15);
  EXPECT_EQ(store.buffers()[1].value.item<std::int64_t>(), 6);
  average.Exchange();
  EXPECT_TRUE(store.values().equal(trained));
}

TEST(WeightPatterns, APatternForNothingIsAnErrorThatNamesTheLayers) {
  const std::vector<std::string> names{"features.0.weight", "features.0.bias", "classifier.1.weight"};
  EXPECT_TRUE(CheckEachMatches("training.freeze", {"features.*", "*.weight"}, names).ok());
  const Status status = CheckEachMatches("training.freeze", {"features.*", "head.*"}, names);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.error().ToString(),
            "training.freeze: 'head.*' matches no weight of this model; its layers are "
            "['features.*', 'classifier.*']");
}

}  // namespace
}  // namespace tutti::trainer
