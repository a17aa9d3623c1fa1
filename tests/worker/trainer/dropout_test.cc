// Goal: dropout drops at its rate, scales what it keeps, sends gradients where values went, and its
// masks follow the image: not the batch, the row or the number of ranks.
// Method: the module alone on tensors of ones, whose output is the mask.

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

constexpr std::uint64_t kSeed = 11;

Layer DropoutLayer(double p, const std::string& name = "4") {
  Layer layer;
  layer.kind = "dropout";
  layer.name = name;
  layer.p = p;
  return layer;
}

Pass TrainingPass(std::vector<std::int64_t> items, std::int64_t epoch = 1) {
  Pass pass;
  pass.training = true;
  pass.epoch = epoch;
  pass.items = std::move(items);
  return pass;
}

at::Tensor Mask(const Layer& layer, const Pass& pass, at::IntArrayRef item_shape,
                std::uint64_t seed = kSeed) {
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(pass.items.size())};
  shape.insert(shape.end(), item_shape.begin(), item_shape.end());
  at::Tensor ones = at::ones(shape);
  if (ones.dim() == 4) ones = ones.contiguous(at::MemoryFormat::ChannelsLast);
  return MakeDropout(layer, seed)->Forward(ones, pass);
}

TEST(Dropout, DropsAtItsRateAndScalesTheRest) {
  const c10::InferenceMode inference;
  for (const double p : {0.1, 0.25, 0.5, 0.9}) {
    const at::Tensor mask = Mask(DropoutLayer(p), TrainingPass({0, 1, 2, 3, 4, 5, 6, 7}), {5000});
    const at::Tensor kept = mask.ne(0);
    // 40,000 draws: five standard deviations are at most 0.0125.
    EXPECT_NEAR(kept.to(at::kDouble).mean().item<double>(), 1 - p, 0.0125) << p;
    EXPECT_TRUE(mask.eq(0).logical_or(mask.eq(static_cast<float>(1 / (1 - p)))).all().item<bool>());
  }
}

TEST(Dropout, KeepsFp64sPrecision) {
  const c10::InferenceMode inference;
  const at::Tensor ones = at::ones({2, 100}, at::kDouble);
  const at::Tensor y = MakeDropout(DropoutLayer(0.3), kSeed)->Forward(ones, TrainingPass({0, 1}));
  EXPECT_EQ(y.max().item<double>(), 1 / (1 - 0.3));
}

TEST(Dropout, GradientsGoWhereValuesWent) {
  const c10::InferenceMode inference;
  const Pass pass = TrainingPass({3, 9});
  const auto module = MakeDropout(DropoutLayer(0.5), kSeed);
  const at::Tensor x = at::rand({2, 4, 3, 5}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor y = module->Forward(x, pass);
  const at::Tensor g = at::rand({2, 4, 3, 5}).contiguous(at::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(module->Backward(g, pass).equal(g * (y / x)));
}

TEST(Dropout, MasksBelongToTheItemWhateverTheBatch) {
  const c10::InferenceMode inference;
  for (const auto& shape : {std::vector<std::int64_t>{300}, std::vector<std::int64_t>{4, 7, 6}}) {
    const Layer layer = DropoutLayer(0.5);
    const at::Tensor batch = Mask(layer, TrainingPass({17, 4, 99, 5}), shape);
    const at::Tensor other = Mask(layer, TrainingPass({5, 99}), shape);
    EXPECT_TRUE(batch[2].equal(other[1]));
    EXPECT_TRUE(batch[3].equal(other[0]));
    EXPECT_TRUE(batch[1].equal(Mask(layer, TrainingPass({4}), shape)[0]));
    EXPECT_FALSE(batch[0].equal(batch[1]));
  }
}

TEST(Dropout, MasksDifferByEpochLayerAndSeed) {
  const c10::InferenceMode inference;
  const at::Tensor mask = Mask(DropoutLayer(0.5), TrainingPass({1}), {300});
  EXPECT_FALSE(mask.equal(Mask(DropoutLayer(0.5), TrainingPass({1}, 2), {300})));
  EXPECT_FALSE(mask.equal(Mask(DropoutLayer(0.5, "6"), TrainingPass({1}), {300})));
  EXPECT_FALSE(mask.equal(Mask(DropoutLayer(0.5), TrainingPass({1}), {300}, kSeed + 1)));
}

TEST(Dropout, IsTheIdentityInEvaluation) {
  const c10::InferenceMode inference;
  const at::Tensor x = at::rand({2, 10});
  EXPECT_TRUE(MakeDropout(DropoutLayer(0.5), kSeed)->Forward(x, Pass()).equal(x));
}

}  // namespace
}  // namespace tutti::trainer
