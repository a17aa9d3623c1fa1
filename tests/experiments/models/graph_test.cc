// Goal: layer lists get the shapes, parameters and FLOPs that torch and Keras give, and every wrong
// list is refused with a message that names the layer. Method: hand-computed cases, and tables of
// good and bad lists written as JSON.

#include "experiments/models/graph.h"

#include <gtest/gtest.h>

#include <string>

namespace tutti {
namespace {

Json Parsed(const std::string& text) { return Json::Parse(text).value(); }

// A model of `layers` followed by what turns any image into 10 classes.
Json Classifier(const std::string& layers) {
  return Parsed(R"({"layers":[)" + layers + R"(,"global_average_pool",{"linear":"classes"}]})");
}

TEST(Graph, PresetParametersReplaceTheirDefaults) {
  const auto model = Parsed(R"({"preset":"mnist_cnn","width":8,"hidden":16,"dropout":0.25})");
  const Graph graph = BuildGraph(model, {3, 28, 28}, 36).value();
  EXPECT_EQ(graph.layers[0].channels, 8);
  EXPECT_EQ(graph.layers[3].channels, 16);
  EXPECT_EQ(graph.layers[7].p, 0.25);
  EXPECT_EQ(graph.parameters, (27 * 8 + 8) + (72 * 16 + 16) + (400 * 16 + 16) + (16 * 36 + 36));
}

struct WindowCase {
  std::string layer;
  Shape in, out;
  std::int64_t parameters;
};

class Windows : public testing::TestWithParam<WindowCase> {};

TEST_P(Windows, HaveTheOutputOfTorchOrKeras) {
  const WindowCase& c = GetParam();
  const auto graph = BuildGraph(Classifier(c.layer), c.in, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  EXPECT_EQ(ShapeText(graph->layers[0].out), ShapeText(c.out)) << c.layer;
  EXPECT_EQ(graph->layers[0].parameters, c.parameters) << c.layer;
}

INSTANTIATE_TEST_SUITE_P(
    Graph, Windows,
    testing::Values(
        WindowCase{R"({"conv":{"out":4,"kernel":3}})", {1, 28, 28}, {4, 26, 26}, 40},
        WindowCase{R"({"conv":{"out":4,"kernel":3,"bias":false}})", {2, 9, 7}, {4, 7, 5}, 72},
        WindowCase{R"({"conv":{"out":4,"kernel":3,"padding":1,"stride":2}})",
                   {1, 28, 27}, {4, 14, 14}, 40},
        // Keras: ceil(in / stride), whatever the kernel.
        WindowCase{R"({"conv":{"out":4,"kernel":5,"padding":"same","stride":2}})",
                   {1, 24, 25}, {4, 12, 13}, 104},
        WindowCase{R"({"conv":{"out":6,"kernel":3,"groups":3}})", {3, 5, 5}, {6, 3, 3}, 60},
        WindowCase{R"({"max_pool":2})", {3, 13, 13}, {3, 6, 6}, 0},
        WindowCase{R"({"max_pool":{"kernel":3,"stride":2,"padding":1}})", {3, 14, 14}, {3, 7, 7},
                   0},
        WindowCase{R"({"max_pool":{"kernel":2,"padding":"same"}})", {3, 13, 13}, {3, 7, 7}, 0},
        WindowCase{R"({"avg_pool":{"kernel":3,"stride":1}})", {3, 7, 7}, {3, 5, 5}, 0},
        WindowCase{R"("batch_norm")", {16, 4, 4}, {16, 4, 4}, 32},
        WindowCase{R"({"squeeze_excite":4})", {16, 4, 4}, {16, 4, 4}, 16 * 4 + 4 + 4 * 16 + 16},
        WindowCase{R"({"relu":{}})", {16, 4, 4}, {16, 4, 4}, 0}));

TEST(Graph, SameAndValidPaddingAreTold) {
  const auto graph = BuildGraph(
      Classifier(R"({"conv":{"out":4,"kernel":3,"padding":"same"}},{"max_pool":{"kernel":2,)"
                 R"("padding":1}},{"avg_pool":2})"),
      {1, 28, 28}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  EXPECT_TRUE(graph->layers[0].padding.same);
  EXPECT_FALSE(graph->layers[1].padding.same);
  EXPECT_EQ(graph->layers[1].padding.amount, 1);
  EXPECT_EQ(graph->layers[2].stride, 2) << "the stride of a pooling is its kernel";
}

TEST(Graph, DefaultsAreTorchs) {
  const auto graph =
      BuildGraph(Classifier(R"({"conv":{"out":4,"kernel":3}},"batch_norm","dropout")"),
                 {1, 28, 28}, 10)
          .value();
  EXPECT_EQ(graph.layers[0].init, "torch");
  EXPECT_TRUE(graph.layers[0].bias);
  EXPECT_EQ(graph.layers[0].stride, 1);
  EXPECT_EQ(graph.layers[1].momentum, 0.1);
  EXPECT_EQ(graph.layers[1].eps, 1e-5);
  EXPECT_EQ(graph.layers[2].p, 0.5);
}

TEST(Graph, ResidualProjectsWhereShapesDiffer) {
  const auto graph = BuildGraph(
      Classifier(R"({"residual":{"layers":[{"conv":{"out":8,"kernel":3,"stride":2,)"
                 R"("padding":"same","bias":false}},"batch_norm"]}})"),
      {4, 14, 14}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  const Layer& block = graph->layers[0];
  EXPECT_EQ(block.out, (Shape{8, 7, 7}));
  ASSERT_EQ(block.shortcut.size(), 2u);
  EXPECT_EQ(block.shortcut[0].stride, 2);
  EXPECT_FALSE(block.shortcut[0].bias) << "the batch norm that follows has one";
  EXPECT_EQ(block.shortcut[0].name, "0.shortcut.0");
  EXPECT_EQ(block.layers[0].name, "0.body.0");
  EXPECT_EQ(block.parameters, 9 * 4 * 8 + 16 + 4 * 8 + 16);
  EXPECT_EQ(block.flops, 2 * 49 * (9 * 4 * 8 + 4 * 8));
}

TEST(Graph, ResidualOfEqualShapesHasAnIdentityShortcut) {
  const auto graph = BuildGraph(
      Classifier(R"({"residual":[{"conv":{"out":4,"kernel":3,"padding":"same"}}]})"),
      {4, 14, 14}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  EXPECT_TRUE(graph->layers[0].shortcut.empty());
}

TEST(Graph, ResidualWithoutNormsProjectsWithABias) {
  const auto graph = BuildGraph(
      Classifier(R"({"residual":{"layers":["relu"],"shortcut":"conv"}})"), {4, 6, 6}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  ASSERT_EQ(graph->layers[0].shortcut.size(), 1u);
  EXPECT_TRUE(graph->layers[0].shortcut[0].bias);
}

TEST(Graph, RepeatIsExpandedAndEachCopyHasItsAddress) {
  const auto graph = BuildGraph(
      Classifier(R"({"repeat":{"times":2,"layers":[{"conv":{"out":8,"kernel":3},"name":"c"},)"
                 R"("relu"]},"name":"stage"})"),
      {1, 28, 28}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  std::vector<std::string> names;
  for (const Layer& layer : graph->layers) names.push_back(layer.name);
  const std::vector<std::string> expected = {"stage.0.c", "stage.0.1", "stage.1.c", "stage.1.1",
                                             "1", "2"};
  EXPECT_EQ(names, expected);
  EXPECT_EQ(graph->layers[2].out, (Shape{8, 24, 24}));
}

TEST(Graph, AGroupGivesItsLayersACommonAddressAndIsNoLayerItself) {
  const auto graph = BuildGraph(
      Parsed(R"({"layers":[{"name":"features","group":[{"conv":{"out":8,"kernel":3}},"relu"]},)"
             R"({"group":{"layers":["global_average_pool",{"linear":"classes"}]}}]})"),
      {1, 28, 28}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  std::vector<std::string> names;
  for (const Layer& layer : graph->layers) names.push_back(layer.name);
  EXPECT_EQ(names, (std::vector<std::string>{"features.0", "features.1", "1.0", "1.1"}));
}

TEST(Graph, WeightsAreNamedByLayerAndRole) {
  const auto graph = BuildGraph(
      Parsed(R"({"layers":[{"conv":{"out":8,"kernel":3,"bias":false},"name":"stem"},"relu",)"
             R"({"residual":[{"conv":{"out":16,"kernel":3,"stride":2,"padding":"same"}},)"
             R"("batch_norm",{"squeeze_excite":4}]},"flatten",{"linear":"classes"}]})"),
      {1, 28, 28}, 10);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  const std::vector<std::string> expected = {
      "stem.weight",
      "2.body.0.weight", "2.body.0.bias", "2.body.1.weight", "2.body.1.bias",
      "2.body.2.reduce.weight", "2.body.2.reduce.bias", "2.body.2.expand.weight",
      "2.body.2.expand.bias",
      "2.shortcut.0.weight", "2.shortcut.1.weight", "2.shortcut.1.bias",
      "4.weight", "4.bias"};
  EXPECT_EQ(WeightNames(*graph), expected);
}

TEST(Graph, ANameMayStandBesideOrInside) {
  for (const char* layer : {R"({"conv":{"out":4,"kernel":3},"name":"features"})",
                            R"({"conv":{"out":4,"kernel":3,"name":"features"}})"}) {
    const auto graph = BuildGraph(Classifier(layer), {1, 28, 28}, 10);
    ASSERT_TRUE(graph.ok()) << graph.error().ToString();
    EXPECT_EQ(graph->layers[0].name, "features");
  }
}

TEST(Graph, VectorsNeedNoFlatten) {
  const auto graph = BuildGraph(Parsed(R"({"layers":[{"linear":8},"batch_norm","tanh",)"
                                       R"({"linear":3}]})"),
                                {5}, 3);
  ASSERT_TRUE(graph.ok()) << graph.error().ToString();
  EXPECT_EQ(graph->parameters, 48 + 16 + 27);
}

struct BadCase {
  std::string model;
  std::string message;  // a part of it
};

class BadModels : public testing::TestWithParam<BadCase> {};

TEST_P(BadModels, AreRefusedWithTheLayerAndTheReason) {
  const auto graph = BuildGraph(Parsed(GetParam().model), {1, 28, 28}, 10);
  ASSERT_FALSE(graph.ok()) << GetParam().model;
  EXPECT_EQ(graph.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(graph.error().ToString().find(GetParam().message), std::string::npos)
      << graph.error().ToString();
}

INSTANTIATE_TEST_SUITE_P(
    Graph, BadModels,
    testing::Values(
        BadCase{R"({"layers":["relu",{"linear":10}]})",
                "model.layers[1] (linear): needs a vector, gets 1x28x28; put flatten before it"},
        BadCase{R"({"layers":["flatten",{"conv":{"out":3,"kernel":3}}]})",
                "model.layers[1] (conv): needs an image (channels x height x width), gets 784"},
        BadCase{R"({"layers":["flatten",{"max_pool":2}]})", "model.layers[1] (max_pool): needs an"},
        BadCase{R"({"layers":[{"conv":{"out":3,"kernel":29}}]})",
                "a 29x29 window does not fit into 1x28x28 (padding 0)"},
        BadCase{R"({"layers":["rellu"]})", "unknown layer 'rellu'; did you mean 'relu'?"},
        BadCase{R"({"layers":["MaxPool"]})", "did you mean 'max_pool'?"},
        BadCase{R"({"layers":[{"conv":{"out":3,"kernal":3}}]})",
                "model.layers[0] (conv): unknown parameter 'kernal'; did you mean 'kernel'?"},
        BadCase{R"({"layers":[{"relu":{"slope":1}}]})", "unknown parameter 'slope'; it takes none"},
        BadCase{R"({"layers":[{"relu":3}]})", "takes no parameters, gets 3"},
        BadCase{R"({"layers":[{"conv":{"out":3}}]})", "parameter 'kernel' is missing; it takes "
                "conv{out, kernel, stride: 1, padding: valid"},
        BadCase{R"({"layers":["max_pool"]})", "it takes max_pool{kernel, stride: kernel"},
        BadCase{R"({"layers":[{"conv":{"out":0,"kernel":3}}]})", "out is 0, must be an integer"},
        BadCase{R"({"layers":[{"conv":{"out":3.5,"kernel":3}}]})", "out is 3.5, must be an int"},
        BadCase{R"({"layers":[{"conv":{"out":"clases","kernel":3}}]})", "or 'classes'"},
        BadCase{R"({"layers":[{"conv":{"out":3,"kernel":3,"padding":"full"}}]})",
                "padding is \"full\", must be valid, same or an integer"},
        BadCase{R"({"layers":[{"conv":{"out":3,"kernel":3,"groups":2}}]})",
                "groups is 2, must divide the 1 input and the 3 output channels"},
        BadCase{R"({"layers":[{"conv":{"out":3,"kernel":3,"init":"zeros"}}]})",
                "must be he_normal, he_uniform, xavier or torch"},
        BadCase{R"({"layers":[{"dropout":1.0}]})", "p is 1.0, must be a number from 0 to 0.999"},
        BadCase{R"({"layers":[{"max_pool":{"kernel":2,"padding":2}}]})",
                "padding is 2, must be at most half of kernel 2"},
        BadCase{R"({"layers":[{"squeeze_excite":4}]})", "ratio is 4, must be at most the 1 chann"},
        BadCase{R"({"layers":[{"residual":{"layers":[{"max_pool":2}],"shortcut":"identity"}}]})",
                "the body makes 1x14x14 from 1x28x28; use shortcut: auto"},
        BadCase{R"({"layers":[{"residual":[{"conv":{"out":3,"kernel":3}}]}]})",
                "no 1x1 convolution goes from 1x28x28 to 3x26x26"},
        BadCase{R"({"layers":[{"residual":["relu",{"linear":3}]}]})",
                "model.layers[0].residual.layers[1] (linear): needs a vector"},
        BadCase{R"({"layers":[{"group":[]}]})", "a list of at least one"},
        BadCase{R"({"layers":[{"group":["relu",{"linear":3}],"name":"head"}]})",
                "model.layers[0].group.layers[1] (linear): needs a vector"},
        BadCase{R"({"layers":[{"repeat":{"times":0,"layers":["relu"]}}]})", "times is 0"},
        BadCase{R"({"layers":[{"repeat":{"times":2,"layers":[]}}]})", "a list of at least one"},
        BadCase{R"({"layers":[{"repeat":{"times":1000,"layers":[{"repeat":{"times":1000,"layers":
                ["relu"]}}]}}]})", "more than 10000 layers"},
        BadCase{R"({"layers":["flatten",{"linear":1048576},{"linear":1048576}]})", "too many"},
        BadCase{R"({"layers":["flatten",{"linear":128}]})",
                "model.layers: the last layer must be linear to the 10 classes (linear: classes), "
                "it is linear to 128"},
        BadCase{R"({"layers":["flatten",{"linear":"classes"},"relu"]})", "it is relu to 10"},
        BadCase{R"({"layers":[{"relu":{},"name":"a"},{"relu":{},"name":"a"}]})",
                "model.layers[1] (relu): the name 'a' is already taken"},
        BadCase{R"({"layers":[{"relu":{},"name":"1"}]})", "name is \"1\", must be letters"},
        BadCase{R"({"layers":[{"relu":{"name":"a"},"name":"b"}]})", "has two names"},
        BadCase{R"({"layers":[{"relu":{},"tanh":{}}]})", "a map with several keys"},
        BadCase{R"({"layers":[7]})", "model.layers[0] is 7, must be a layer's name or a map"},
        BadCase{R"({"layers":[{}]})", "model.layers[0] has no layer"},
        BadCase{R"({"layers":[]})", "model.layers is [], must be a list of at least one layer"},
        BadCase{R"({"layers":"relu"})", "must be a list"},
        BadCase{R"({"layers":["flatten",{"linear":10}],"width":3})",
                "model.width: a model given by its layers takes no parameters"},
        BadCase{R"({})", "model must have either preset or layers"},
        BadCase{R"(3)", "model must have either preset or layers"},
        BadCase{R"({"preset":"mnist_cnn","layers":["relu"]})", "either preset or layers"},
        BadCase{R"({"preset":3})", "model.preset is 3"},
        BadCase{R"({"preset":"mnist_cn"})", "unknown preset 'mnist_cn'; did you mean 'mnist_cnn'?"},
        BadCase{R"({"preset":"vgg"})", "known are mnist_cnn, two_block_cnn, cnn3"},
        BadCase{R"({"preset":"mnist_cnn","widht":3})",
                "model.widht: preset mnist_cnn has no such parameter; did you mean 'width'?"},
        BadCase{R"({"preset":"mnist_cnn","width":0})", "is 0, must be an integer from 1 to 1024"},
        BadCase{R"({"preset":"mnist_cnn","width":2.5})", "is 2.5, must be an integer"},
        BadCase{R"({"preset":"mnist_cnn","dropout":"high"})",
                "must be a number from 0.0 to 0.95"}));

TEST(Graph, PresetThatDoesNotFitNamesThePresetAndTheLayer) {
  const auto graph = BuildGraph(Parsed(R"({"preset":"mnist_cnn"})"), {1, 5, 5}, 10);
  ASSERT_FALSE(graph.ok());
  EXPECT_NE(graph.error().ToString().find(
                "model (preset mnist_cnn).layers[0].group.layers[3] (conv): a 3x3 window does not "
                "fit into 32x1x1"),
            std::string::npos)
      << graph.error().ToString();
}

TEST(Graph, InputAndClassesAreChecked) {
  const Json model = Parsed(R"({"layers":["flatten",{"linear":"classes"}]})");
  EXPECT_FALSE(BuildGraph(model, {28, 28}, 10).ok());
  EXPECT_FALSE(BuildGraph(model, {0, 28, 28}, 10).ok());
  EXPECT_FALSE(BuildGraph(model, {}, 10).ok());
  EXPECT_FALSE(BuildGraph(model, {1, 28, 28}, 1).ok());
  EXPECT_TRUE(BuildGraph(model, {1, 28, 28}, 2).ok());
}

TEST(Graph, DeepNestingIsRefusedAndNotACrash) {
  std::string text = "\"relu\"";
  for (int i = 0; i < 20; ++i) text = R"({"residual":[)" + text + "]}";
  const auto model = Json::Parse(R"({"layers":[)" + text + "]}", 256).value();
  const auto graph = BuildGraph(model, {1, 28, 28}, 10);
  ASSERT_FALSE(graph.ok());
  EXPECT_NE(graph.error().ToString().find("nested more than 16 deep"), std::string::npos);
}

}  // namespace
}  // namespace tutti
