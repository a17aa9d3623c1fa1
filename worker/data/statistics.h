#pragma once

#include <cstdint>
#include <span>

#include "experiments/core/json.h"
#include "worker/data/dataset.h"
#include "worker/data/splits.h"

// What a data set looks like in numbers: how many images of each class, how bright their pixels.

namespace tutti {

// {"n": images, "class_counts": [one count per class], "intensity": [256 counts of pixel values]}
// of the images `split.items` among `pixels` (bytes_per_image bytes each, in any order of channels
// and pixels). Images without a label (-1) are in n and intensity, not in class_counts.
// REQUIRES: every item lies within pixels; every label is below `classes`.
Json DescribeSplit(std::span<const std::uint8_t> pixels, std::int64_t bytes_per_image,
                   const SplitItems& split, std::size_t classes);

// {"name", "sha256", "shape": [c, h, w], "splits": {"train": {…}, "validation": {…}, "test": {…}}}
// with DescribeSplit's objects; an empty split is left out. REQUIRES: `splits` was made from
// `dataset`, which still has its pixels.
Json DescribeSplits(const Dataset& dataset, const DataSplits& splits);

}  // namespace tutti
