#pragma once

#include <string>
#include <vector>

#include "dashboards/report/document.h"
#include "experiments/core/result.h"

// A document as one HTML file that needs nothing else: style, script and charts are in it. And the
// way back: what a page shows, for `tutti report --check`.

namespace tutti::report {

std::string ToHtml(const Document& document);

// One element of a page that shows numbers: a table's cell, a word of a sentence, a line or a bar
// of a chart.
struct SourcedElement {
  std::string source;   // where its numbers come from (README: sources)
  std::string markup;   // all of it, tooltip included
  std::string Shown() const;   // its text, or "drawn" where it has none
  std::size_t Numbers() const; // how many numbers it shows: of its text, or the points it draws
};

// In the order of the page. Tolerates a damaged page: what cannot be read is left out.
std::vector<SourcedElement> SourcedElements(const std::string& html);

struct PageIdentity {
  std::int64_t experiment = 0;
  std::int64_t trial = 0;  // 0: all of the experiment
  std::string version;     // of tutti
  bool unchanged = false;  // the page is, byte for byte, what was written
};
// kInvalidArgument: not a page of this program.
Result<PageIdentity> ReadIdentity(const std::string& html);

}  // namespace tutti::report
