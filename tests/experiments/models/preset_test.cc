// Goal: every preset is sound over its whole declared range, "$name" is substituted and only there,
// and the tables that people read hold the right numbers. Method: all embedded presets at both
// ends of every parameter; the counts that the seeds and papers state, summed up here layer by
// layer; small presets written here; golden text.

#include "experiments/models/preset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "experiments/models/describe.h"
#include "experiments/models/layer_item.h"

namespace tutti {
namespace {

TEST(Presets, BuildAtBothEndsOfEveryParameter) {
  ASSERT_FALSE(Presets().empty());
  for (const Preset& preset : Presets()) {
    for (const PresetParameter& parameter : preset.parameters) {
      for (const double end : {parameter.minval, parameter.maxval}) {
        Json value(end);
        if (parameter.default_value.is_int()) value = Json(static_cast<std::int64_t>(end));
        const Json model =
            Json::MakeObject({{"preset", preset.name}, {parameter.name, std::move(value)}});
        const auto graph = BuildGraph(model, {1, 28, 28}, 47);
        EXPECT_TRUE(graph.ok()) << graph.error().ToString();
      }
    }
  }
}

Graph Build(const std::string& preset, std::int64_t classes) {
  return BuildGraph(Json::MakeObject({{"preset", preset}}), {1, 28, 28}, classes).value();
}

struct PresetCase {
  std::string name;
  std::int64_t classes;
  std::int64_t parameters;
  std::vector<std::string> shapes;  // where they change
};

class PresetShapes : public testing::TestWithParam<PresetCase> {};

TEST_P(PresetShapes, AreThoseOfItsSource) {
  const PresetCase& c = GetParam();
  const Graph graph = Build(c.name, c.classes);
  EXPECT_EQ(graph.parameters, c.parameters);
  std::vector<std::string> shapes;
  for (const Layer& layer : graph.layers) {
    const std::string shape = ShapeText(layer.out);
    if (shapes.empty() || shapes.back() != shape) shapes.push_back(shape);
  }
  EXPECT_EQ(shapes, c.shapes);
}

INSTANTIATE_TEST_SUITE_P(
    Presets, PresetShapes,
    testing::Values(
        PresetCase{"mnist_cnn", 10, 225'034,
                   {"32x26x26", "32x13x13", "64x11x11", "64x5x5", "1600", "128", "10"}},
        // 320 + 9,248 + 18,496 + 36,928 + (3,136*128 + 128) + 1,290
        PresetCase{"two_block_cnn", 10, 467'818,
                   {"32x28x28", "32x14x14", "64x14x14", "64x7x7", "3136", "128", "10"}},
        // 320 + 18,496 + 73,856 + (1,152*256 + 256) + (256*128 + 128) + (128*36 + 36)
        PresetCase{"cnn3", 36, 425'380,
                   {"32x28x28", "32x14x14", "64x14x14", "64x7x7", "128x7x7", "128x3x3", "1152",
                    "256", "128", "36"}},
        // Keras: (320 + 64) + (9,248 + 64) + (25*32*32 + 32 + 64) + (18,496 + 128) + 64,010; its
        // summary adds the 320 running statistics.
        PresetCase{"kaggle_cnn", 10, 118'026,
                   {"32x26x26", "32x24x24", "32x12x12", "64x10x10", "6400", "10"}},
        PresetCase{"lenet5", 10, 61'706,
                   {"6x28x28", "6x14x14", "16x10x10", "16x5x5", "400", "120", "84", "10"}},
        PresetCase{"mlp", 10, 200'960 + 65'792 + 2'570, {"784", "256", "10"}},
        // The usual CIFAR form has 11,173,962 with three input channels: 2 * 576 fewer.
        PresetCase{"resnet18", 10, 11'172'810,
                   {"64x28x28", "128x14x14", "256x7x7", "512x4x4", "512", "10"}},
        // Stem 288 + 64; stage1 2*(9,216 + 64) + 292; stage2 (18,432 + 128) + (36,864 + 128) +
        // 1,096 and its shortcut 2,048 + 128; head 650.
        PresetCase{"se_resnet", 10, 352 + 18'852 + 58'824 + 650,
                   {"32x28x28", "32x14x14", "64x7x7", "64", "10"}}));

TEST(Presets, MnistCnnHasTheOperationsOfItsLayers) {
  // conv 9*32*26^2, conv 9*32*64*11^2, linear 1600*128, linear 128*10, twice each.
  EXPECT_EQ(Build("mnist_cnn", 10).flops, 2 * (194'688 + 2'230'272 + 204'800 + 1'280));
}

TEST(Presets, SeResnetIsAffordableOnACpu) {
  const double multiplications = static_cast<double>(Build("se_resnet", 10).flops) / 2e6;
  EXPECT_GT(multiplications, 5);
  EXPECT_LT(multiplications, 8);
}

// Transfer learning and freezing address them so.
TEST(Presets, NameTheirWeightsFeaturesAndClassifier) {
  for (const Preset& preset : Presets()) {
    const std::vector<std::string> names = WeightNames(Build(preset.name, 10));
    const auto in = [&](const char* part) {
      return std::count_if(names.begin(), names.end(),
                           [&](const std::string& name) { return name.starts_with(part); });
    };
    EXPECT_GT(in("features."), 0) << preset.name;
    EXPECT_GT(in("classifier."), 0) << preset.name;
    EXPECT_EQ(in("features.") + in("classifier."), static_cast<std::ptrdiff_t>(names.size()));
  }
}

TEST(Presets, AreTheFilesOfTheSourceTree) {
  for (const Preset& preset : Presets()) {
    std::ifstream file(std::string(TUTTI_SOURCE_DIR "/experiments/models/presets/") + preset.name +
                       ".yaml");
    ASSERT_TRUE(file.good()) << preset.name;
    std::stringstream text;
    text << file.rdbuf();
    const Preset read = ParsePreset(text.str()).value();
    EXPECT_EQ(read.layers, preset.layers);
    EXPECT_FALSE(preset.doc.empty());
  }
}

Preset Small(const std::string& out) {
  return ParsePreset(R"({"name":"small","doc":"d","parameters":{)"
                     R"("width":{"default":3,"min":1,"max":9,"doc":"w"},)"
                     R"("rate":{"default":0.5,"min":0.0,"max":1.0,"doc":"r"}},)"
                     R"("layers":[{"conv":{"out":")" + out + R"(","kernel":3}},"relu"]})")
      .value();
}

TEST(Presets, SubstituteParametersAndTheirMultiples) {
  const Json given = Json::MakeObject({{"width", 5}});
  EXPECT_EQ(ExpandPreset(Small("$width"), given).value()[0]["conv"]["out"], Json(5));
  EXPECT_EQ(ExpandPreset(Small("$width*4"), given).value()[0]["conv"]["out"], Json(20));
  EXPECT_EQ(ExpandPreset(Small("$width"), Json::MakeObject()).value()[0]["conv"]["out"], Json(3));
  EXPECT_EQ(ExpandPreset(Small("classes"), given).value()[0]["conv"]["out"], Json("classes"));
}

TEST(Presets, RefuseWhatTheyDoNotDeclare) {
  for (const char* out : {"$depth", "$width*", "$width*x", "$rate*2", "$"}) {
    EXPECT_FALSE(ExpandPreset(Small(out), Json::MakeObject()).ok()) << out;
  }
}

TEST(Presets, DamagedFilesAreErrors) {
  for (const char* text :
       {"", "{}", R"({"name":"a","doc":"b"})", R"({"name":"a","doc":"b","parameters":{}})",
        R"({"name":"a","doc":"b","parameters":{"w":{"default":9,"min":1,"max":3,"doc":"x"}},
            "layers":[]})",
        R"({"name":"a","doc":"b","parameters":{"w":{"min":1,"max":3,"doc":"x"}},"layers":[]})"}) {
    EXPECT_FALSE(ParsePreset(text).ok()) << text;
  }
}

TEST(Describe, TableNamesEveryLayerAndSumsUp) {
  const Json model = Json::Parse(R"({"layers":[{"conv":{"out":4,"kernel":3,"stride":2,
      "padding":"same"}},{"residual":["relu"]},{"max_pool":2},"flatten",
      {"linear":"classes"}]})").value();
  const Graph graph = BuildGraph(model, {1, 28, 28}, 10).value();
  EXPECT_EQ(DescribeGraph(graph),
            "layer       kind                         output   parameters   FLOPs\n"
            "            input                        1x28x28\n"
            "0           conv 4, 3x3, stride 2, same  4x14x14          40  14,112\n"
            "1           residual, identity           4x14x14\n"
            "  1.body.0  relu                         4x14x14\n"
            "2           max_pool 2x2                 4x7x7\n"
            "3           flatten                      196\n"
            "4           linear 10                    10            1,970   3,920\n"
            "total                                                  2,010  18,032\n");
}

TEST(Describe, PresetListsItsParameters) {
  EXPECT_EQ(DescribePreset(Small("$width")),
            "small: d\n"
            "  width = 3 (1 to 9): w\n"
            "  rate = 0.5 (0.0 to 1.0): r\n");
}

TEST(Describe, NumbersAreGrouped) {
  EXPECT_EQ(GroupedNumber(0), "0");
  EXPECT_EQ(GroupedNumber(999), "999");
  EXPECT_EQ(GroupedNumber(225034), "225,034");
  EXPECT_EQ(GroupedNumber(1234567890), "1,234,567,890");
  EXPECT_EQ(GroupedNumber(-1000), "-1,000");
  EXPECT_EQ(GroupedNumber(-999), "-999");
}

TEST(LayerKinds, EveryKindHasASignature) {
  for (const std::string& kind : LayerKinds()) {
    EXPECT_TRUE(LayerKindSignature(kind).starts_with(kind)) << kind;
  }
  EXPECT_EQ(LayerKindSignature("max_pool"), "max_pool{kernel, stride: kernel, padding: valid}");
  EXPECT_EQ(LayerKindSignature("relu"), "relu");
}

}  // namespace
}  // namespace tutti
