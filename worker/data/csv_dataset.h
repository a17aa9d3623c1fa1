#pragma once

#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/data/dataset.h"

// Tables of images, one row each: Kaggle's "label,pixel0,pixel1,…" with a header line, values
// 0 … 255 (0 = background), separated by commas.

namespace tutti {

// data.options of `csv`:
//   train, test   files, plain or gzip, below `root` or absolute; one may be absent
//   label         name of the label's column, default "label"; every other column is a pixel. A
//                 test file without that column is unlabelled: its labels are -1.
//   shape         [c, h, w] of an image, the pixels in that order; default: one square channel
//   class_names   default: "0" … the largest label found. Labels are indices; with class_names
//                 they may be names.
// Errors: kDataLoss with FILE:LINE for a row of the wrong length, a value that is no integer from 0
// to 255, an unknown label, no header, no label column in train, no rows; kInvalidArgument for bad
// options; those of ReadDataFile.
Result<Dataset> LoadCsv(const Json& options, const std::string& root);

}  // namespace tutti
