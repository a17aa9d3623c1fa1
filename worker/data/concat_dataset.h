#pragma once

#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/data/dataset.h"

// Several data sets as one: digits and letters as 36 classes.

namespace tutti {

// data.options of `concat`: parts, a list of maps with
//   dataset    any data set but concat; with its own options and root (default: `root`)
//   classes    labels of the part that are taken; default all
//   per_class  images of each class that are taken, evenly spaced over the order of the file:
//              exactly that many from the train half, at most that many from the test half;
//              default all
//   labels     {name: new name} of classes
// Classes of the same name are one class; they are numbered in the order in which the parts name
// them. An item of the whole is the index in the concatenation. The whole has the halves that
// every part has; a part that comes in official files needs only those in `needed`.
// Errors: kInvalidArgument for bad options and parts whose images differ in shape; those of
// LoadDataset, with the number of the part.
Result<Dataset> LoadConcat(const Json& options, const std::string& root, NeededHalves needed);

}  // namespace tutti
