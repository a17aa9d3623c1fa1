#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/data/dataset.h"
#include "worker/data/splits.h"

// The first images of each class of a split, for people to look at.

namespace tutti::cli {

struct SampleRow {
  std::string label;                // name of the class
  std::vector<std::int64_t> items;  // of the split's half
};

// For each of `classes` (labels of the split; -1 = images without a label) its first `samples`
// items. Classes without an item have an empty row.
std::vector<SampleRow> ChooseSamples(const SplitItems& split,
                                     const std::vector<std::string>& class_names,
                                     const std::vector<std::int32_t>& classes,
                                     std::int64_t samples);

// A PNG file: one row a class, its name before it, images enlarged to at least 48 pixels by whole
// factors. Pixels are shown as they are: 0 is black. Text outside ASCII becomes '?'.
std::string SampleGridPng(const ImageSet& half, const std::vector<SampleRow>& rows);

// One image as bytes of brightness, row-major.
std::vector<std::uint8_t> Brightness(const ImageSet& half, std::int64_t item);

}  // namespace tutti::cli
