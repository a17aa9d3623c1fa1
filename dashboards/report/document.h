#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/core/json.h"

// A report between its data and its file: sections of paragraphs, tables, charts and listings,
// which html.h and markdown.h write out. Every number names its source (README: sources).

namespace tutti::report {

// A piece of running text; a number has a source.
struct Span {
  std::string text;
  std::string source;
  bool strong = false;
};

struct Paragraph {
  std::vector<Span> spans;
  bool lead = false;   // set larger
  bool muted = false;  // a remark
};

struct Column {
  std::string name;
  bool numeric = false;
  std::string title;  // what it means, as a tooltip
};

struct Cell {
  std::string text;
  std::string source;            // of a number
  std::optional<double> order;   // what the column is sorted by; else the text
};

struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::size_t highlighted = static_cast<std::size_t>(-1);  // a row
  bool sortable = true;
  bool folded = false;  // opened by a click
};

struct Chart {
  std::string name;   // unique in the document; names its PNG file
  std::string title;
  std::string svg;
  std::string note;   // what to see, or what was left out
  bool wide = false;  // takes the whole width of the page
  double min_width = 0;  // pixels; narrower pages scroll it. 0: shrinks with the page
};

struct Listing {
  std::string title;
  std::string text;
};

using Block = std::variant<Paragraph, Table, Chart, Listing>;

struct Section {
  std::string id;  // also the anchor
  std::string title;
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::string subtitle;
  Paragraph verdict;
  std::vector<Section> sections;
  Json identity;  // which report this is: what --check needs to make it again
  std::string footer;
};

}  // namespace tutti::report
