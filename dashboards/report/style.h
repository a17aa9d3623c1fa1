#pragma once

#include <string>

// How reports look. Charts carry classes; this is what paints them.

namespace tutti::report {

// Colours as variables, light and dark (prefers-color-scheme), and everything of the page.
const std::string& PageStyle();

// The classes of charts with literal light colours: for a chart on its own (PNG), whose renderer
// knows no variables.
const std::string& ChartStyle();

// Sorting of tables by a click on a column's head; the page works without it.
const std::string& PageScript();

// A chart's <svg> as a file of its own: style and white background added.
// REQUIRES: `svg` was made by this folder's charts.
std::string StandaloneSvg(const std::string& svg);

}  // namespace tutti::report
