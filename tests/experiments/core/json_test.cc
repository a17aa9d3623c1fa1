// Goal: what is written reads back as the same value, and nothing but RFC 8259 is accepted. Method:
// tables of texts with their canonical form or their error position, and random round trips.

#include "experiments/core/json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "experiments/core/rng.h"

namespace tutti {
namespace {

TEST(Json, KeepsIntegersAndDoublesApart) {
  const Json json = Json::Parse(R"({"a":128,"b":1e-3,"c":1.0})").value();
  EXPECT_EQ(json.Dump(), R"({"a":128,"b":0.001,"c":1.0})");
  EXPECT_TRUE(json["a"].is_int());
  EXPECT_TRUE(json["c"].is_double());
  EXPECT_FALSE(Json(1) == Json(1.0));
  EXPECT_EQ(json["a"].AsDouble(), 128.0);
}

struct Accepted {
  std::string text, dumped;
};
class AcceptedTexts : public testing::TestWithParam<Accepted> {};
TEST_P(AcceptedTexts, HaveOneCanonicalForm) {
  const auto json = Json::Parse(GetParam().text);
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->Dump(), GetParam().dumped);
  EXPECT_EQ(Json::Parse(json->Dump()).value(), *json);
}
INSTANTIATE_TEST_SUITE_P(
    Json, AcceptedTexts,
    testing::Values(Accepted{" null ", "null"}, Accepted{"true", "true"}, Accepted{"[ ]", "[]"},
                    Accepted{"{\n}", "{}"}, Accepted{"[1,\t-2 , 0]", "[1,-2,0]"},
                    Accepted{"9223372036854775807", "9223372036854775807"},
                    Accepted{"-9223372036854775808", "-9223372036854775808"},
                    Accepted{"9223372036854775808", "9223372036854775808.0"},
                    Accepted{"1E2", "100.0"}, Accepted{"1.5e+3", "1500.0"},
                    Accepted{"-0.0", "-0.0"}, Accepted{"1e300", "1e+300"},
                    Accepted{R"("a\"\\\/\b\f\n\r\t")", R"("a\"\\/\u0008\u000c\n\r\t")"},
                    Accepted{R"("\u00e4\u20ac\ud83d\ude00")",
                             "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""},
                    Accepted{R"({"b":1,"a":{"c":[{}]}})", R"({"b":1,"a":{"c":[{}]}})"}));

struct Refused {
  std::string text, at;
};
class RefusedTexts : public testing::TestWithParam<Refused> {};
TEST_P(RefusedTexts, SayWhereAndWhy) {
  const auto json = Json::Parse(GetParam().text);
  ASSERT_FALSE(json.ok()) << json->Dump();
  EXPECT_NE(json.error().message().find(GetParam().at), std::string::npos)
      << json.error().message();
}
INSTANTIATE_TEST_SUITE_P(
    Json, RefusedTexts,
    testing::Values(Refused{"", "1:1: unexpected end"},
                    Refused{"[1,]", "1:4: expected a value"},
                    Refused{"[1 2]", "1:4: expected ',' or ']'"},
                    Refused{"{\"a\" 1}", "expected ':'"},
                    Refused{"{\n a:1}", "2:2: expected a key in quotes"},
                    Refused{"{\"a\":1,\"a\":2}", "duplicate key 'a'"},
                    Refused{"01", "leading zero"},
                    Refused{"-", "expected a value"},
                    Refused{"1.", "expected digits after '.'"},
                    Refused{"1e", "expected digits in the exponent"},
                    Refused{".5", "expected a value"},
                    Refused{"+1", "expected a value"},
                    Refused{"NaN", "expected a value"},
                    Refused{"1e999", "number out of range"},
                    Refused{"nul", "expected a value"},
                    Refused{"1 2", "1:3: text after the value"},
                    Refused{"\"a", "unterminated string"},
                    Refused{"\"\\", "unterminated escape"},
                    Refused{"\"\\x\"", "unknown escape"},
                    Refused{"\"\\u12\"", "\\u escape"},
                    Refused{"\"\\ud800\"", "lone surrogate"},
                    Refused{"\"\\ud800\\u0041\"", "lone surrogate"},
                    Refused{"\"\\udc00\"", "lone surrogate"},
                    Refused{"\"\n\"", "control character"},
                    Refused{"[", "unexpected end"},
                    Refused{"{\"a\":", "unexpected end"}));

TEST(Json, DepthIsBounded) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_TRUE(Json::Parse(nested(60)).ok());
  EXPECT_FALSE(Json::Parse(nested(100)).ok());
  EXPECT_FALSE(Json::Parse(std::string(1'000'000, '[')).ok());
  EXPECT_TRUE(Json::Parse(nested(100), 200).ok());
}

TEST(Json, NonFiniteNumbersAreStringsThatReadAsNumbers) {
  const double infinity = std::numeric_limits<double>::infinity();
  Json json = Json::MakeArray({std::nan(""), infinity, -infinity});
  EXPECT_EQ(json.Dump(), R"(["NaN","Infinity","-Infinity"])");
  const Json back = Json::Parse(json.Dump()).value();
  EXPECT_TRUE(std::isnan(back[0].AsDouble()));
  EXPECT_EQ(back[1].AsDouble(), infinity);
  EXPECT_EQ(back[2].AsDouble(), -infinity);
}

TEST(Json, EveryDoubleReadsBackAsTheSameBits) {
  Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const double d = std::bit_cast<double>(rng.NextU64());
    if (!std::isfinite(d)) continue;
    const Json back = Json::Parse(Json(d).Dump()).value();
    ASSERT_TRUE(back.is_double()) << FormatDouble(d);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back.AsDouble()), std::bit_cast<std::uint64_t>(d));
  }
}

TEST(Json, ObjectsCompareWithoutOrderAndPrintWithIt) {
  const Json a = Json::Parse(R"({"x":1,"y":[1,2]})").value();
  const Json b = Json::Parse(R"({"y":[1,2],"x":1})").value();
  EXPECT_EQ(a, b);
  EXPECT_NE(a.Dump(), b.Dump());
  EXPECT_FALSE(a == Json::Parse(R"({"y":[2,1],"x":1})").value());
  EXPECT_FALSE(a == Json::Parse(R"({"x":1,"z":[1,2]})").value());
  EXPECT_FALSE(a == Json::Parse(R"({"x":1})").value());
}

TEST(Json, IndentedTextIsTheSameValue) {
  const Json json = Json::Parse(R"({"a":[1,{"b":[]}],"c":{}})").value();
  EXPECT_EQ(json.Dump(2),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
  EXPECT_EQ(Json::Parse(json.Dump(2)).value(), json);
}

TEST(Json, PathsReachAndMakeNestedValues) {
  Json json = Json::Parse(R"({"training":{"optimizer":{"lr":0.1}},"n":3})").value();
  EXPECT_EQ(json.FindPath("training.optimizer.lr")->AsDouble(), 0.1);
  EXPECT_EQ(json.FindPath("training.optimizer.beta"), nullptr);
  EXPECT_EQ(json.FindPath("n.m"), nullptr);
  EXPECT_EQ(json.FindPath(""), nullptr);
  json.SetPath("training.optimizer.lr", 0.2);
  json.SetPath("data.splits.test", 0.5);
  json.SetPath("n.m", 1);
  EXPECT_EQ(json.Dump(), R"({"training":{"optimizer":{"lr":0.2}},"n":{"m":1},)"
                         R"("data":{"splits":{"test":0.5}}})");
}

TEST(Json, SetKeepsThePlaceAndEraseRemoves) {
  Json json = Json::Parse(R"({"a":1,"b":2})").value();
  json.Set("a", "one");
  json.Set("c", Json());
  EXPECT_EQ(json.Dump(), R"({"a":"one","b":2,"c":null})");
  EXPECT_TRUE(json.Erase("b"));
  EXPECT_FALSE(json.Erase("b"));
  EXPECT_EQ(json.size(), 2u);
  EXPECT_EQ(Json(7).size(), 0u);
  Json list;
  list.Append(1);
  EXPECT_EQ(list.Dump(), "[1]");
}

TEST(Json, CheckedAccessNamesKeyAndType) {
  const Json json = Json::Parse(R"({"i":1,"d":1.5,"s":"x","b":true,"nan":"NaN"})").value();
  EXPECT_EQ(json.GetInt("i").value(), 1);
  EXPECT_EQ(json.GetDouble("i").value(), 1.0);
  EXPECT_EQ(json.GetDouble("d").value(), 1.5);
  EXPECT_TRUE(std::isnan(json.GetDouble("nan").value()));
  EXPECT_EQ(json.GetString("s").value(), "x");
  EXPECT_TRUE(json.GetBool("b").value());
  EXPECT_EQ(json.GetInt("d").error().message(), "key 'd' is a number, expected an integer");
  EXPECT_EQ(json.GetBool("zz").error().message(), "missing key 'zz'");
  EXPECT_FALSE(json.GetDouble("s").ok());
  EXPECT_FALSE(json.GetString("i").ok());
}

TEST(JsonDeathTest, WrongTypesAreOurBugs) {
  EXPECT_DEATH((void)Json(1).AsString(), "CHECK failed");
  EXPECT_DEATH((void)Json::MakeArray({1})[std::size_t{1}], "past the end");
  EXPECT_DEATH((void)Json::MakeObject()["a"], "no key a");
}

TEST(ShortDouble, IsForPeople) {
  EXPECT_EQ(ShortDouble(0.007543933341630493), "0.00754393");
  EXPECT_EQ(ShortDouble(1.5e-7), "1.5e-07");
  EXPECT_EQ(ShortDouble(4390032), "4390032");
  EXPECT_EQ(ShortDouble(-3), "-3");
  EXPECT_EQ(ShortDouble(0), "0");
  EXPECT_EQ(ShortDouble(1e15), "1e+15");
  EXPECT_EQ(ShortDouble(1.0 / 3), "0.333333");
}

}  // namespace
}  // namespace tutti
