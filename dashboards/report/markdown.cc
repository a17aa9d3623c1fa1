#include "dashboards/report/markdown.h"

#include <cctype>

#include "dashboards/report/style.h"

namespace tutti::report {
namespace {

// Text that Markdown takes literally; HTML in it stays text.
std::string Literal(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']' || c == '\\') {
      out += '\\';
    }
    if (c == '<') {
      out += "&lt;";
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out;
}

std::string FileName(const std::string& name) {
  std::string safe;
  for (const char c : name) {
    safe += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  }
  return safe + ".png";
}

std::string Text(const Paragraph& paragraph) {
  std::string out;
  for (const Span& span : paragraph.spans) {
    out += span.strong ? "**" + Literal(span.text) + "**" : Literal(span.text);
  }
  return (paragraph.muted ? "*" + out + "*" : out) + "\n\n";
}

std::string Text(const Table& table) {
  std::string out = "**" + Literal(table.caption) + "**\n\n|";
  std::string rule = "|";
  for (const Column& column : table.columns) {
    out += " " + Literal(column.name) + " |";
    rule += column.numeric ? "---:|" : "---|";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const Cell& cell : row) out += " " + Literal(cell.text) + " |";
    out += "\n";
  }
  return out + "\n";
}

// A fence longer than any in the text.
std::string Text(const Listing& listing) {
  std::string fence = "```";
  while (listing.text.find(fence) != std::string::npos) fence += '`';
  return "**" + Literal(listing.title) + "**\n\n" + fence + "\n" + listing.text +
         (listing.text.ends_with('\n') ? "" : "\n") + fence + "\n\n";
}

}  // namespace

std::string ToMarkdown(const Document& document, const std::string& picture_folder) {
  std::string out = "# " + Literal(document.title) + "\n\n" + Literal(document.subtitle) + "\n\n" +
                    Text(document.verdict);
  for (const Section& section : document.sections) {
    out += "## " + Literal(section.title) + "\n\n";
    for (const Block& block : section.blocks) {
      if (const auto* chart = std::get_if<Chart>(&block)) {
        out += "**" + Literal(chart->title) + "**\n\n![" + Literal(chart->title) + "](" +
               picture_folder + "/" + FileName(chart->name) + ")\n\n";
        if (!chart->note.empty()) out += "*" + Literal(chart->note) + "*\n\n";
      } else if (const auto* table = std::get_if<Table>(&block)) {
        out += Text(*table);
      } else if (const auto* listing = std::get_if<Listing>(&block)) {
        out += Text(*listing);
      } else {
        out += Text(std::get<Paragraph>(block));
      }
    }
  }
  return out;
}

std::vector<ChartFile> ChartFiles(const Document& document) {
  std::vector<ChartFile> files;
  for (const Section& section : document.sections) {
    for (const Block& block : section.blocks) {
      const auto* chart = std::get_if<Chart>(&block);
      if (chart != nullptr) files.push_back({FileName(chart->name), StandaloneSvg(chart->svg)});
    }
  }
  return files;
}

}  // namespace tutti::report
