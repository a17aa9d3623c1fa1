#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"

// Tables as people and programs want them. Data goes to stdout, everything else to stderr.

namespace tutti::cli {

enum class Format { kTable, kWide, kJson, kJsonl, kCsv, kTsv, kMarkdown, kYaml, kName };
inline constexpr EnumTable<Format, 9> kFormatNames{{{{Format::kTable, "table"},
                                                     {Format::kWide, "wide"},
                                                     {Format::kJson, "json"},
                                                     {Format::kJsonl, "jsonl"},
                                                     {Format::kCsv, "csv"},
                                                     {Format::kTsv, "tsv"},
                                                     {Format::kMarkdown, "md"},
                                                     {Format::kYaml, "yaml"},
                                                     {Format::kName, "name"}}}};

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Json>> rows;
  // kName prints this column only; the first if it is empty.
  std::string name_column;
  // kTable shows these columns only (all if empty); kWide and the others show all.
  std::vector<std::string> short_columns;
};

// An array of objects with the columns as keys.
Json ToJson(const Table& table);

// `max_width`: kTable cuts cells so that lines fit a terminal of that many columns; 0 = no limit.
std::string Render(const Table& table, Format format, int max_width = 0);

// A single thing: an object in json and yaml, "key: value" lines in table and wide.
std::string RenderObject(const Json& object, Format format);

// Columns of the terminal on stdout; 0 if it is no terminal.
int TerminalWidth();
// Columns of the terminal on stderr, as wide as it is now; 100 if it is no terminal.
int StderrWidth();
// Colours and animation only on a terminal and without NO_COLOR.
bool StderrIsLive();

// "1 trial", "2 trials".
std::string Count(std::int64_t n, const std::string& noun);

// Text columns on the terminal: counts UTF-8 code points, not bytes.
std::size_t DisplayWidth(std::string_view text);

// JSON as block YAML (strings quoted where YAML would read something else).
std::string ToYaml(const Json& json);

}  // namespace tutti::cli
