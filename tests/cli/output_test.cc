// Goal: every output format is exact, since scripts read it. Method: one small table with the
// awkward values (null, quotes, tabs, pipes, long doubles, words YAML would misread) in each format.
#include "cli/output.h"

#include <gtest/gtest.h>

namespace tutti::cli {
namespace {

Table Awkward() {
  Table table;
  table.columns = {"id", "name", "value"};
  table.name_column = "name";
  table.rows = {{1, "a,\"b\"", 0.1234567891}, {22, "tab\there|", Json()}};
  return table;
}

TEST(Output, TableAlignsNumbersRightAndCutsToTheTerminal) {
  EXPECT_EQ(Render(Awkward(), Format::kTable),
            "id  name          value\n"
            " 1  a,\"b\"      0.123457\n"
            "22  tab\there|         -\n");
  Table wide = Awkward();
  wide.rows[0][1] = std::string(100, 'x');
  for (const std::string& line : {Render(wide, Format::kTable, 40)}) {
    EXPECT_LE(DisplayWidth(line.substr(0, line.find('\n'))), 40u);
  }
}

TEST(Output, TableShowsShortColumnsAndWideShowsAll) {
  Table table = Awkward();
  table.short_columns = {"id"};
  EXPECT_EQ(Render(table, Format::kTable), "id\n 1\n22\n");
  EXPECT_NE(Render(table, Format::kWide).find("value"), std::string::npos);
}

TEST(Output, MachineFormatsKeepEveryDigit) {
  EXPECT_EQ(Render(Awkward(), Format::kCsv),
            "id,name,value\n1,\"a,\"\"b\"\"\",0.1234567891\n22,tab\there|,\n");
  EXPECT_EQ(Render(Awkward(), Format::kTsv),
            "id\tname\tvalue\n1\ta,\"b\"\t0.1234567891\n22\ttab\\there|\t\n");
  EXPECT_EQ(Render(Awkward(), Format::kJsonl),
            "{\"id\":1,\"name\":\"a,\\\"b\\\"\",\"value\":0.1234567891}\n"
            "{\"id\":22,\"name\":\"tab\\there|\",\"value\":null}\n");
  EXPECT_EQ(Render(Awkward(), Format::kName), "a,\"b\"\ntab\there|\n");
}

TEST(Output, MarkdownEscapesPipes) {
  EXPECT_EQ(Render(Awkward(), Format::kMarkdown),
            "| id | name | value |\n|---|---|---|\n| 1 | a,\"b\" | 0.123457 |\n"
            "| 22 | tab\there\\| | - |\n");
}

TEST(Output, JsonOfATableParsesBack) {
  const auto parsed = Json::Parse(Render(Awkward(), Format::kJson));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, ToJson(Awkward()));
}

TEST(Output, YamlQuotesWhatYamlWouldMisread) {
  const Json json = Json::MakeObject({{"yes_word", "yes"},
                                      {"number_word", "12"},
                                      {"plain", "glyphs"},
                                      {"list", Json::MakeArray({1, "a: b"})},
                                      {"empty", Json::MakeArray()},
                                      {"map", Json::MakeObject({{"k", true}})}});
  EXPECT_EQ(ToYaml(json),
            "yes_word: \"yes\"\nnumber_word: \"12\"\nplain: glyphs\nlist:\n  - 1\n"
            "  - \"a: b\"\nempty: []\nmap:\n  k: true\n");
}

TEST(Output, ObjectsAreLinesForPeople) {
  EXPECT_EQ(RenderObject(Json::MakeObject({{"a", 1}, {"long_key", Json()}}), Format::kTable),
            "a:        1\nlong_key: -\n");
}

TEST(Output, WidthCountsCharactersNotBytes) { EXPECT_EQ(DisplayWidth("±█a"), 3u); }

}  // namespace
}  // namespace tutti::cli
