// Goal: every preset is sound over its whole declared range, "$name" is substituted and only there,
// and the tables that people read hold the right numbers. Method: all embedded presets at both
// ends of every parameter; small presets written here; golden text.

#include "experiments/models/preset.h"

#include <gtest/gtest.h>

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
