#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/models/graph.h"

// A graph for people: the layer table of `tutti plan` and `tutti describe`.

namespace tutti {

struct GraphRow {
  std::string name;   // the address of the weights
  std::string layer;  // "conv 64, 3x3, stride 2, same"
  Shape out;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;
  int depth = 0;  // 0 = top level; the parts of a residual follow it with depth + 1
};

std::vector<GraphRow> GraphRows(const Graph& graph);

// A text table with a line of totals, lines ending in '\n':
//   layer  kind          output    parameters  FLOPs
//   0      conv 32, 3x3  32x26x26         320  389,376
std::string DescribeGraph(const Graph& graph);

// Name, purpose and parameters with defaults and ranges, for `tutti describe model NAME`.
std::string DescribePreset(const Preset& preset);

// 225034 -> "225,034".
std::string GroupedNumber(std::int64_t n);

}  // namespace tutti
