// Goal: YAML scalars get the types of the core schema, and limits hold.
// Method: a table of plain scalars; documents just inside and just outside each limit.

#include "experiments/spec/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tutti::spec {
namespace {

TEST(PlainScalar, FollowsTheCoreSchema) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<std::string, Json>> cases{
      {"", nullptr},        {"~", nullptr},      {"null", nullptr},    {"true", true},
      {"False", false},     {"yes", "yes"},      {"on", "on"},         {"12", 12},
      {"-3", -3},           {"+4", 4},           {"0x1F", 31},         {"0o17", 15},
      {"007", 7},           {"1_000", "1_000"},  {"1e-3", 0.001},      {"1E3", 1000.0},
      {".5", 0.5},          {"5.", 5.0},         {"+.5", 0.5},         {"-1.5e+2", -150.0},
      {".inf", infinity},   {"-.inf", -infinity}, {"1e999", infinity}, {"-1e999", -infinity},
      {"1e-999", 0.0},      {"1.2.3", "1.2.3"},  {"e3", "e3"},         {"1e", "1e"},
      {".", "."},           {"-", "-"},          {"0x", "0x"},         {"+-3", "+-3"},
      {"nan", "nan"},       {"inf", "inf"},      {"1 2", "1 2"},       {"0x-1", "0x-1"},
      {"99999999999999999999", 1e20}};
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(PlainScalar(text).Dump(), expected.Dump()) << text;
  }
}

struct ReadResult {
  std::vector<YamlDocument> documents;
  std::vector<Diagnostic> diagnostics;
};

ReadResult Read(const std::string& text) {
  Report report({Source{"f", SplitLines(text)}});
  ReadResult result;
  result.documents = ReadYaml(text, 0, report);
  result.diagnostics = report.diagnostics();
  return result;
}

TEST(ReadYaml, KeepsQuotedScalarsAsStrings) {
  const ReadResult result = Read("a: '12'\nb: \"true\"\nc: 12\nd: |\n  text\ne: 'it''s'\n");
  ASSERT_EQ(result.documents.size(), 1u);
  EXPECT_EQ(JsonFromNode(result.documents[0].root).Dump(),
            R"({"a":"12","b":"true","c":12,"d":"text\n","e":"it's"})");
}

TEST(ReadYaml, KnowsWhereValuesStand) {
  const ReadResult result = Read("a:\n  b: [1, two]\n  c:\n");
  ASSERT_EQ(result.documents.size(), 1u);
  const Node& root = result.documents[0].root;
  EXPECT_EQ(root.FindPath("a.b")->items[1].at.line, 2);
  EXPECT_EQ(root.FindPath("a.b")->items[1].at.column, 10);
  EXPECT_EQ(root.FindPath("a.c")->at.line, 3);  // absent: its key
}

TEST(ReadYaml, SkipsEmptyDocuments) {
  const ReadResult result = Read("# nothing\n---\na: 1\n---\n---\nb: 2\n");
  EXPECT_TRUE(result.diagnostics.empty());
  ASSERT_EQ(result.documents.size(), 2u);
  EXPECT_EQ(result.documents[1].first_line, 5);
  EXPECT_EQ(result.documents[1].last_line, 6);
}

std::string Brackets(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

TEST(ReadYaml, BoundsDepthNodesAndSize) {
  EXPECT_TRUE(Read(Brackets(32)).diagnostics.empty());
  EXPECT_EQ(Read(Brackets(33)).diagnostics.size(), 1u);
  EXPECT_EQ(Read(Brackets(2000)).diagnostics.size(), 1u);

  std::string many = "[";
  for (int i = 0; i < 100'001; ++i) many += "1,";
  EXPECT_THAT(Read(many + "1]").diagnostics.at(0).message, ::testing::HasSubstr("100000 values"));

  const std::string large = "a: " + std::string(1 << 20, 'x');
  EXPECT_THAT(Read(large).diagnostics.at(0).message, ::testing::HasSubstr("1 MiB"));
}

TEST(ReadYaml, SurvivesEveryPrefixOfADocument) {
  const std::string text =
      "a: {b: [1, 'x', \"y\\\"\"], c: !t &a z}\nd: *a\n? [k]\n: |\n  v\n---\n<<: {e: 1}\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const ReadResult result = Read(text.substr(0, n));
    EXPECT_TRUE(!result.documents.empty() || !result.diagnostics.empty() || n < 2) << n;
  }
}

}  // namespace
}  // namespace tutti::spec
