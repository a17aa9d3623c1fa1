#pragma once

#include <string>
#include <vector>

#include "dashboards/report/document.h"

// A document as Markdown: tables, and links to the charts as PNG files.

namespace tutti::report {

// `picture_folder`: where the PNG files are, relative to the Markdown file ("report_files").
std::string ToMarkdown(const Document& document, const std::string& picture_folder);

struct ChartFile {
  std::string name;  // "roc.png"
  std::string svg;   // a file of its own
};
// Every chart of a document, in its order; names are safe as file names.
std::vector<ChartFile> ChartFiles(const Document& document);

}  // namespace tutti::report
