#include "experiments/core/json.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Json, KeepsIntegersAndDoublesApart) {
  const Json json = Json::Parse(R"({"a":128,"b":1e-3,"c":1.0})").value();
  EXPECT_EQ(json.Dump(), R"({"a":128,"b":0.001,"c":1.0})");
}

}  // namespace
}  // namespace tutti
