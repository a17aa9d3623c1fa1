#pragma once

#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/data/dataset.h"
#include "worker/data/dataset_files.h"

// Data sets that lie in IDX files: the user's own, and the halves of the known ones.

namespace tutti {

// data.options of `idx`: train_images, train_labels, test_images, test_labels (paths below `root`
// or absolute; one half may be absent), first_label, transposed, class_names. Errors as
// LoadDataset.
Result<Dataset> LoadIdx(const Json& options, const std::string& root);

// One half. Labels become stored - first_label, unchecked. kDataLoss as DecodeIdxImages, and where
// images and labels differ in number.
Result<ImageSet> ReadIdxHalf(DatasetFiles& files, const std::string& images_path,
                             const std::string& labels_path, int first_label);

// kDataLoss if a label is not in 0 … classes - 1; the message has labels as stored.
Status CheckLabels(const ImageSet& set, std::size_t classes, int first_label,
                   const std::string& path);

// kDataLoss if both halves have images, of different sizes.
Status CheckSameSize(const ImageSet& train, const ImageSet& test, const std::string& name);

// Turns the images of both halves upright. kDataLoss if they are not square.
Status TransposeHalves(Dataset& data);

}  // namespace tutti
