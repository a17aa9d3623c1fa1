#include "dashboards/report/html.h"

#include <utility>

#include "dashboards/report/style.h"
#include "dashboards/report/text.h"
#include "dashboards/report/xml_writer.h"
#include "experiments/core/sha256.h"

namespace tutti::report {
namespace {

constexpr std::size_t kNarrowColumns = 4;
constexpr std::string_view kDigestMark = "<!-- sha256 ";
constexpr std::string_view kIdentityOpen =
    "<script type=\"application/json\" id=\"tutti-report\">";
constexpr std::string_view kIdentityClose = "</script>";

void Write(XmlWriter& out, const Paragraph& paragraph) {
  out.Open("p", {{"class", paragraph.lead ? "lead" : paragraph.muted ? "muted" : ""}});
  for (const Span& span : paragraph.spans) {
    if (span.strong || !span.source.empty()) {
      out.Leaf("b", {{"data-q", span.source}}, span.text);
    } else {
      out.Text(span.text);
    }
  }
  out.Close();
}

void WriteHead(XmlWriter& out, const Table& table) {
  out.Open("thead");
  out.Open("tr");
  for (const Column& column : table.columns) {
    out.Open("th", {{"class", column.numeric ? "n" : ""}, {"title", column.title},
                    {"scope", "col"}});
    if (table.sortable && table.rows.size() > 1) {
      out.Leaf("button", {{"type", "button"}}, column.name);
    } else {
      out.Text(column.name);
    }
    out.Close();
  }
  out.Close();
  out.Close();
}

void Write(XmlWriter& out, const Table& table) {
  if (table.folded) {
    out.Open("details");
    out.Leaf("summary", {}, table.caption + " (" + std::to_string(table.rows.size()) + " rows)");
  }
  // A few short columns look lost on the whole width.
  const bool narrow = table.columns.size() <= kNarrowColumns;
  out.Open("div", {{"class", narrow ? "table narrow" : "table"}});
  if (!table.folded) out.Leaf("h3", {}, table.caption);
  out.Open("div", {{"class", "scroll"}});
  out.Open("table", {{"aria-label", table.caption}});
  WriteHead(out, table);
  out.Open("tbody");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    out.Open("tr", {{"class", r == table.highlighted ? "top" : ""}});
    for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
      const Cell& cell = table.rows[r][c];
      const bool numeric = c < table.columns.size() && table.columns[c].numeric;
      out.Open("td", {{"class", numeric ? "n" : cell.text.size() > 24 ? "w" : ""},
                      {"data-q", cell.source},
                      {"data-v", cell.order ? FormatDouble(*cell.order) : ""}});
      out.Text(cell.text);
      out.Close();
    }
    out.Close();
  }
  out.Close();
  out.Close();
  out.Close();
  out.Close();
  if (table.folded) out.Close();
}

void Write(XmlWriter& out, const Chart& chart) {
  out.Open("figure", {{"class", chart.wide ? "card wide" : "card"}, {"id", chart.name}});
  out.Leaf("figcaption", {}, chart.title);
  out.Open("div", {{"class", "scroll"}});
  if (chart.min_width > 0) {
    out.Open("div", {{"style", "min-width:" + Fixed(chart.min_width, 0) + "px"}});
  }
  out.Raw(chart.svg);
  if (chart.min_width > 0) out.Close();
  out.Close();
  if (!chart.note.empty()) out.Leaf("p", {{"class", "note"}}, chart.note);
  out.Close();
}

void Write(XmlWriter& out, const Listing& listing) {
  out.Open("details");
  out.Leaf("summary", {}, listing.title);
  out.Leaf("pre", {}, listing.text.empty() ? " " : listing.text);
  out.Close();
}

// How many charts follow each other from here on.
std::size_t ChartsFrom(const std::vector<Block>& blocks, std::size_t i) {
  std::size_t n = 0;
  while (i + n < blocks.size() && std::holds_alternative<Chart>(blocks[i + n])) ++n;
  return n;
}

// They share a grid, of two columns or three.
void WriteBlocks(XmlWriter& out, const std::vector<Block>& blocks) {
  bool in_grid = false;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool chart = std::holds_alternative<Chart>(blocks[i]);
    if (chart && !in_grid) {
      const bool three = ChartsFrom(blocks, i) == 3;
      out.Open("div", {{"class", three ? "grid three" : "grid"}});
    }
    if (!chart && in_grid) out.Close();
    in_grid = chart;
    std::visit([&](const auto& what) { Write(out, what); }, blocks[i]);
  }
  if (in_grid) out.Close();
}

// "</script>" and "<!--" cannot stand in JSON whose "<" is escaped.
std::string ScriptSafe(const std::string& json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Body(const Document& document) {
  XmlWriter out;
  out.Open("body");
  out.Open("header");
  out.Leaf("h1", {}, document.title);
  out.Leaf("p", {{"class", "sub"}}, document.subtitle);
  Write(out, document.verdict);
  out.Close();
  out.Open("nav", {{"aria-label", "sections"}});
  out.Open("div");
  for (const Section& section : document.sections) {
    out.Leaf("a", {{"href", "#" + section.id}}, section.title);
  }
  out.Close();
  out.Close();
  out.Open("main");
  for (const Section& section : document.sections) {
    out.Open("section", {{"id", section.id}});
    out.Leaf("h2", {}, section.title);
    WriteBlocks(out, section.blocks);
    out.Close();
  }
  out.Close();
  out.Leaf("footer", {}, document.footer);
  out.Raw("<script>" + PageScript() + "</script>");
  out.Close();
  return out.Take();
}

}  // namespace

std::string ToHtml(const Document& document) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"generator\" content=\"tutti report\"/>"
      "<link rel=\"icon\" href=\"data:,\"/><title>" +
      Escape(document.title) + "</title><style>" + PageStyle() + "</style>";
  html += kIdentityOpen;
  html += ScriptSafe(document.identity.Dump());
  html += kIdentityClose;
  html += "</head>\n" + Body(document) + "</html>\n";
  return html + std::string(kDigestMark) + Sha256Hex(html) + " -->\n";
}

}  // namespace tutti::report
