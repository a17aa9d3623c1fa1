// Goal: every layer's hand-written gradient is PyTorch's, in fp64 and fp32, for one layer after the
// other and for the fused kernels.
// Method: small models that put each kind of layer, with its paddings, strides and odd sizes,
// between layers with weights; one training step on random images; every weight's gradient is
// compared with autograd's over PyTorch's operators (autograd_reference.h) by
// max|difference| / max|gradient|.

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <numeric>
#include <ostream>

#include "experiments/core/json.h"
#include "tests/worker/trainer/autograd_reference.h"
#include "worker/trainer/loss.h"
#include "worker/trainer/network.h"

namespace tutti::trainer {
namespace {

struct Case {
  const char* name;
  const char* model;  // JSON
  Shape input;
  std::int64_t batch = 10;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"two_block_cnn", R"({"preset": "two_block_cnn", "width": 16, "dropout": 0})", {1, 28, 28}, 32},
    {"mnist_cnn", R"({"preset": "mnist_cnn", "dropout": 0})", {1, 28, 28}, 16},
    {"stem_5x5_with_pool",
     R"({"layers": [{"conv": {"out": 16, "kernel": 5}}, "relu", {"max_pool": 2}, "flatten",
                    {"linear": "classes"}]})", {1, 14, 14}},
    {"stem_pool_before_relu",
     R"({"layers": [{"conv": {"out": 32, "kernel": 3, "padding": "same"}}, {"max_pool": 2}, "relu",
                    "flatten", {"linear": "classes"}]})", {1, 13, 11}},
    {"stem_without_relu",
     R"({"layers": [{"conv": {"out": 16, "kernel": 3, "padding": 1, "bias": false}},
                    {"max_pool": 2}, "flatten", {"linear": "classes"}]})", {1, 9, 9}},
    {"stem_with_nothing_behind",
     R"({"layers": [{"conv": {"out": 16, "kernel": 3}}, "tanh", "flatten",
                    {"linear": "classes"}]})", {1, 8, 7}, 1},
    {"linear_only", R"({"layers": ["flatten", {"linear": 20}, "relu", {"linear": 12}, "tanh",
                                   {"linear": "classes"}]})", {1, 7, 6}},
    {"gelu", R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "gelu", "flatten", {"linear": 9},
                            "gelu", {"linear": "classes"}]})", {3, 8, 8}},
    {"silu", R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "silu", "flatten", {"linear": 9},
                            "silu", {"linear": "classes"}]})", {3, 8, 8}},
    {"tanh", R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "tanh", "flatten", {"linear": 9},
                            "tanh", {"linear": "classes"}]})", {3, 8, 8}},
    {"sigmoid", R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "sigmoid", "flatten",
                               {"linear": 9}, "sigmoid", {"linear": "classes"}]})", {3, 8, 8}},
    {"average_pool",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, {"avg_pool": 2}, "tanh", "flatten",
                    {"linear": "classes"}]})", {2, 11, 9}},
    {"average_pool_overlapping",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3}},
                    {"avg_pool": {"kernel": 3, "stride": 2}}, "tanh", "flatten",
                    {"linear": "classes"}]})", {2, 10, 9}},
    {"max_pool_odd", R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, {"max_pool": 2}, "tanh",
                                    "flatten", {"linear": "classes"}]})", {2, 11, 9}},
    {"max_pool_odd_with_relu",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "relu", {"max_pool": 2},
                    {"conv": {"out": 5, "kernel": 2}}, {"max_pool": 2}, "relu", "flatten",
                    {"linear": "classes"}]})", {2, 13, 15}},
    {"max_pool_3_stride_2_padding_1",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3}}, "relu",
                    {"max_pool": {"kernel": 3, "stride": 2, "padding": 1}}, "flatten",
                    {"linear": "classes"}]})", {2, 11, 10}},
    {"max_pool_same",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3}},
                    {"max_pool": {"kernel": 2, "stride": 2, "padding": "same"}}, "relu", "flatten",
                    {"linear": "classes"}]})", {2, 11, 10}},
    {"asymmetric_same",
     R"({"layers": [{"conv": {"out": 6, "kernel": 4, "padding": "same"}}, "tanh",
                    {"conv": {"out": 5, "kernel": 3, "stride": 2, "padding": "same"}}, "tanh",
                    {"conv": {"out": 4, "kernel": 2, "padding": "same"}}, "flatten",
                    {"linear": "classes"}]})", {2, 10, 8}},
    {"strides",
     R"({"layers": [{"conv": {"out": 6, "kernel": 3, "stride": 2}}, "tanh",
                    {"conv": {"out": 5, "kernel": 3, "stride": 3, "padding": 1}}, "flatten",
                    {"linear": "classes"}]})", {1, 17, 15}},
    {"groups",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "tanh",
                    {"conv": {"out": 12, "kernel": 3, "groups": 4, "padding": 1}}, "tanh",
                    {"conv": {"out": 12, "kernel": 3, "groups": 12, "padding": 1, "bias": false}},
                    "flatten", {"linear": "classes"}]})", {2, 8, 8}},
    {"global_average_pool",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "tanh", "global_average_pool",
                    {"linear": "classes"}]})", {2, 9, 7}},
    {"batch_norm",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "batch_norm", "relu", {"max_pool": 2},
                    "flatten", {"linear": 10}, "batch_norm", "relu", {"linear": "classes"}]})",
     {2, 10, 9}},
    {"batch_norm_first",
     R"({"layers": ["batch_norm", {"conv": {"out": 8, "kernel": 3}}, "tanh", "flatten",
                    {"linear": "classes"}]})", {2, 6, 6}},
    {"residual_identity",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "relu",
                    {"residual": {"layers": [{"conv": {"out": 8, "kernel": 3, "padding": 1}},
                                  "relu", {"conv": {"out": 8, "kernel": 3, "padding": 1}}]}},
                    "relu", "flatten", {"linear": "classes"}]})", {2, 9, 8}},
    {"residual_with_shortcut",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "batch_norm", "relu",
                    {"residual": {"layers": [
                        {"conv": {"out": 12, "kernel": 3, "stride": 2, "padding": 1}}, "batch_norm",
                        "relu", {"conv": {"out": 12, "kernel": 3, "padding": 1}}, "batch_norm"]}},
                    "relu", "global_average_pool", {"linear": "classes"}]})", {2, 9, 8}},
    {"residual_first",
     R"({"layers": [{"residual": {"layers": ["tanh",
                        {"conv": {"out": 6, "kernel": 3, "padding": 1}}, "relu"]}},
                    "flatten", {"linear": "classes"}]})", {2, 6, 5}},
    {"squeeze_excite",
     R"({"layers": [{"conv": {"out": 8, "kernel": 3}}, "relu", {"squeeze_excite": {"ratio": 2}},
                    {"conv": {"out": 6, "kernel": 3}}, "tanh", "flatten", {"linear": "classes"}]})",
     {2, 9, 8}},
};

class Gradients : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::int64_t kClasses = 5;
  static constexpr double kSmoothing = 0.1;

  void SetUp() override {
    auto model = Json::Parse(GetParam().model);
    ASSERT_TRUE(model.ok()) << model.error().ToString();
    auto graph = BuildGraph(*model, GetParam().input, kClasses);
    ASSERT_TRUE(graph.ok()) << graph.error().ToString();
    graph_ = *graph;
    auto generator = at::detail::createCPUGenerator(7);
    Shape shape = GetParam().input;
    shape.insert(shape.begin(), GetParam().batch);
    images_ = at::rand(shape, generator, at::TensorOptions(at::kDouble));
    labels_ = at::randint(kClasses, {GetParam().batch}, generator, at::TensorOptions(at::kLong));
  }

  struct Step {
    NamedWeights weights, gradients;
    at::Tensor logits;
    double loss = 0;
  };

  Step Run(at::ScalarType master, at::ScalarType compute, bool fuse) {
    const c10::InferenceMode inference;
    NetworkOptions options;
    options.master = master;
    options.compute = compute;
    options.fuse = fuse;
    Network network(graph_, options, 3);
    // Weights of their own everywhere: a bias or a batch norm that starts at 0 or 1 hides errors.
    auto generator = at::detail::createCPUGenerator(8);
    Step step;
    for (Parameter& p : network.store().parameters()) {
      p.value.add_(at::randn(p.shape, generator, at::TensorOptions(at::kDouble)), 0.05);
      p.gradient.fill_(std::nan(""));
    }
    network.store().RefreshCompute();
    Pass pass;
    pass.training = true;
    pass.items.resize(static_cast<std::size_t>(GetParam().batch));
    std::iota(pass.items.begin(), pass.items.end(), 0);
    const at::Tensor x =
        images_.to(network.input_type()).contiguous(at::MemoryFormat::ChannelsLast);
    step.logits = network.Forward(x, pass).clone();
    const auto n = static_cast<double>(GetParam().batch);
    BatchLoss loss = CrossEntropy(step.logits, labels_, kSmoothing, n);
    network.Backward(loss.gradient, pass);
    step.loss = loss.loss.item<double>() / n;
    for (Parameter& p : network.store().parameters()) {
      step.weights[p.name] = p.value.to(at::kDouble);
      step.gradients[p.name] = p.gradient.to(at::kDouble);
    }
    return step;
  }

  // Autograd in double on the very weights of `step`.
  ReferenceResult Reference(const Step& step) {
    NamedWeights weights;
    for (const auto& [name, value] : step.weights) {
      weights[name] = at::empty(value.sizes(), at::TensorOptions(at::kDouble)).copy_(value);
    }
    return ReferenceStep(graph_, weights, images_, labels_, kSmoothing);
  }

  // Largest |gradient| of the model. A gradient that is 0 by construction (of a bias before a batch
  // norm) is rounding noise, to be measured against this one.
  static double Largest(const NamedWeights& gradients) {
    double largest = 0;
    for (const auto& [name, g] : gradients) {
      largest = std::max(largest, g.abs().max().item<double>());
    }
    return largest;
  }

  void ExpectClose(const Step& step, const NamedWeights& expected, double tolerance) {
    ASSERT_EQ(step.gradients.size(), expected.size());
    const double floor = 0.03 * Largest(expected);
    for (const auto& [name, want] : expected) {
      ASSERT_TRUE(want.defined()) << name;
      const at::Tensor& got = step.gradients.at(name);
      const double difference = (got - want).abs().max().item<double>();
      EXPECT_TRUE(difference <= tolerance * std::max(want.abs().max().item<double>(), floor))
          << name << ": differs by " << difference << " of " << want.abs().max().item<double>();
    }
  }

  Graph graph_;
  at::Tensor images_, labels_;
};

TEST_P(Gradients, InFp64AreAutograds) {
  for (const bool fuse : {false, true}) {
    SCOPED_TRACE(fuse ? "fused" : "unfused");
    const Step step = Run(at::kDouble, at::kDouble, fuse);
    const ReferenceResult want = Reference(step);
    EXPECT_NEAR(step.loss, want.loss, 1e-12);
    EXPECT_LE((step.logits - want.logits).abs().max().item<double>(), 1e-12);
    ExpectClose(step, want.gradients, 1e-10);
  }
}

TEST_P(Gradients, InFp32AreAutograds) {
  for (const bool fuse : {false, true}) {
    SCOPED_TRACE(fuse ? "fused" : "unfused");
    const Step step = Run(at::kFloat, at::kFloat, fuse);
    const ReferenceResult want = Reference(step);
    EXPECT_NEAR(step.loss, want.loss, 1e-5);
    ExpectClose(step, want.gradients, 1e-4);
  }
}

TEST_P(Gradients, FusedAreTheUnfused) {
  const Step fused = Run(at::kFloat, at::kFloat, true);
  ExpectClose(fused, Run(at::kFloat, at::kFloat, false).gradients, 1e-5);
}

// bf16 has 8 bits: a gradient may be a few per cent off, its direction may not.
TEST_P(Gradients, InBf16PointTheSameWay) {
  for (const bool fuse : {false, true}) {
    SCOPED_TRACE(fuse ? "fused" : "unfused");
    const Step step = Run(at::kFloat, at::kBFloat16, fuse);
    const ReferenceResult want = Reference(step);
    EXPECT_NEAR(step.loss, want.loss, 0.03);
    double dot = 0, got2 = 0, want2 = 0;
    for (const auto& [name, w] : want.gradients) {
      const at::Tensor& g = step.gradients.at(name);
      dot += (g * w).sum().item<double>();
      got2 += (g * g).sum().item<double>();
      want2 += (w * w).sum().item<double>();
    }
    EXPECT_GE(dot / std::sqrt(got2 * want2), 0.99);
    EXPECT_NEAR(std::sqrt(got2 / want2), 1, 0.05);
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, Gradients, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace tutti::trainer
