#include "cli/output.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tutti::cli {
namespace {

// A cell for people: doubles with at most six significant digits.
std::string ShortText(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.AsString();
  if (value.is_double()) return ShortDouble(value.AsDouble());
  return value.Dump();
}

// A cell for programs: every digit; null is empty.
std::string ExactText(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.AsString() : value.Dump();
}

std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string TsvCell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

std::string MarkdownCell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += "\\|";
    else out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string Delimited(const Table& table, char separator,
                      const std::function<std::string(const std::string&)>& cell) {
  std::string out;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += separator;
    out += cell(table.columns[c]);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) out += separator;
      out += cell(ExactText(row[c]));
    }
    out += '\n';
  }
  return out;
}

std::string Markdown(const Table& table) {
  std::string out = "|";
  for (const auto& name : table.columns) out += " " + MarkdownCell(name) + " |";
  out += "\n|";
  for (std::size_t c = 0; c < table.columns.size(); ++c) out += "---|";
  out += '\n';
  for (const auto& row : table.rows) {
    out += '|';
    for (const Json& cell : row) out += " " + MarkdownCell(ShortText(cell)) + " |";
    out += '\n';
  }
  return out;
}

std::string Cut(const std::string& text, std::size_t width) {
  if (DisplayWidth(text) <= width) return text;
  std::string out;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts && ++shown >= width) break;
    out += text[i];
  }
  return out + "…";
}

std::vector<std::size_t> ShownColumns(const Table& table, bool wide) {
  std::vector<std::size_t> shown;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto& wanted = table.short_columns;
    if (wide || wanted.empty() ||
        std::find(wanted.begin(), wanted.end(), table.columns[c]) != wanted.end()) {
      shown.push_back(c);
    }
  }
  return shown;
}

// Narrows the widest columns until the line fits; a column keeps at least eight places.
void Squeeze(std::vector<std::size_t>& widths, std::size_t max_width) {
  const auto total = [&] {
    std::size_t sum = widths.empty() ? 0 : 2 * (widths.size() - 1);
    for (const std::size_t w : widths) sum += w;
    return sum;
  };
  while (total() > max_width) {
    auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= 8) return;
    --*widest;
  }
}

std::string Aligned(const Table& table, bool wide, int max_width) {
  const auto shown = ShownColumns(table, wide);
  std::vector<std::size_t> widths;
  std::vector<bool> numeric;
  for (const std::size_t c : shown) {
    std::size_t width = DisplayWidth(table.columns[c]);
    bool numbers = !table.rows.empty();
    for (const auto& row : table.rows) {
      width = std::max(width, DisplayWidth(ShortText(row[c])));
      numbers = numbers && (row[c].is_number() || row[c].is_null());
    }
    widths.push_back(width);
    numeric.push_back(numbers);
  }
  if (max_width > 0 && !wide) Squeeze(widths, static_cast<std::size_t>(max_width));
  std::string out;
  const auto line = [&](const std::function<std::string(std::size_t)>& cell) {
    std::string text;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string value = Cut(cell(shown[i]), widths[i]);
      const std::string pad(widths[i] - std::min(widths[i], DisplayWidth(value)), ' ');
      if (i > 0) text += "  ";
      text += numeric[i] ? pad + value : value + pad;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
  };
  line([&](std::size_t c) { return table.columns[c]; });
  for (const auto& row : table.rows) {
    line([&](std::size_t c) { return ShortText(row[c]); });
  }
  return out;
}

std::string Names(const Table& table) {
  std::size_t column = 0;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c] == table.name_column) column = c;
  }
  std::string out;
  for (const auto& row : table.rows) out += ExactText(row[column]) + '\n';
  return out;
}

bool NeedsYamlQuotes(const std::string& text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return true;
  if (text.find_first_of("\n\t\"\\#") != std::string::npos || text.find(": ") != std::string::npos) {
    return true;
  }
  if (std::string("-?:,[]{}&*!|>'%@`=~").find(text.front()) != std::string::npos) return true;
  if (text.back() == ':') return true;
  for (const char* word : {"true", "false", "null", "yes", "no", "on", "off", "True", "False",
                           "Null", "NaN", "Infinity", "-Infinity"}) {
    if (text == word) return true;
  }
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return *end == '\0';
}

void YamlInto(const Json& json, int depth, bool after_dash, std::string& out) {
  const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
  if (json.is_object() && json.size() > 0) {
    bool first = true;
    for (const auto& [key, value] : json.AsObject()) {
      if (!first || !after_dash) out += indent;
      first = false;
      out += NeedsYamlQuotes(key) ? Json(key).Dump() : key;
      out += ':';
      const bool block = (value.is_object() || value.is_array()) && value.size() > 0;
      out += block ? "\n" : " ";
      YamlInto(value, block ? depth + 1 : 0, false, out);
    }
  } else if (json.is_array() && json.size() > 0) {
    for (const Json& item : json.AsArray()) {
      out += indent + "- ";
      YamlInto(item, depth + 1, true, out);
    }
  } else if (json.is_string() && !NeedsYamlQuotes(json.AsString())) {
    out += json.AsString() + "\n";
  } else {
    out += json.Dump() + "\n";
  }
}

}  // namespace

std::string ToYaml(const Json& json) {
  std::string out;
  YamlInto(json, 0, false, out);
  return out;
}

Json ToJson(const Table& table) {
  Json::Array rows;
  for (const auto& row : table.rows) {
    Json::Object object;
    for (std::size_t c = 0; c < row.size(); ++c) object.emplace_back(table.columns[c], row[c]);
    rows.emplace_back(std::move(object));
  }
  return Json(std::move(rows));
}

std::string Render(const Table& table, Format format, int max_width) {
  switch (format) {
    case Format::kTable: return Aligned(table, false, max_width);
    case Format::kWide: return Aligned(table, true, 0);
    case Format::kJson: return ToJson(table).Dump(2) + "\n";
    case Format::kJsonl: {
      std::string out;
      for (const Json& row : ToJson(table).AsArray()) out += row.Dump() + "\n";
      return out;
    }
    case Format::kCsv: return Delimited(table, ',', CsvCell);
    case Format::kTsv: return Delimited(table, '\t', TsvCell);
    case Format::kMarkdown: return Markdown(table);
    case Format::kYaml: return ToYaml(ToJson(table));
    case Format::kName: return Names(table);
  }
  CheckFailed(__FILE__, __LINE__, "Format", "value outside the enum");
}

std::string RenderObject(const Json& object, Format format) {
  switch (format) {
    case Format::kJson: return object.Dump(2) + "\n";
    case Format::kJsonl: return object.Dump() + "\n";
    case Format::kYaml: return ToYaml(object);
    default: break;
  }
  if (format == Format::kTable || format == Format::kWide) {
    std::size_t width = 0;
    for (const auto& member : object.AsObject()) width = std::max(width, member.first.size());
    std::string out;
    for (const auto& [key, value] : object.AsObject()) {
      out += key + ":" + std::string(width - key.size() + 1, ' ') + ShortText(value) + "\n";
    }
    return out;
  }
  Table table;
  table.rows.emplace_back();
  for (const auto& [key, value] : object.AsObject()) {
    table.columns.push_back(key);
    table.rows.back().push_back(value);
  }
  return Render(table, format);
}

int TerminalWidth() {
  if (isatty(STDOUT_FILENO) == 0) return 0;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

int StderrWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

std::string Count(std::int64_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

bool StderrIsLive() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0') &&
         term != nullptr && std::string_view(term) != "dumb";
}

std::size_t DisplayWidth(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace tutti::cli
