#include "worker/data/idx_dataset.h"

#include <algorithm>
#include <utility>

#include "worker/data/data_options.h"
#include "worker/data/idx.h"

namespace tutti {
namespace {

struct IdxOptions {
  std::string train_images, train_labels, test_images, test_labels;
  std::int64_t first_label = 0;
  bool transposed = false;
  std::vector<std::string> class_names;
};

Result<IdxOptions> ReadIdxOptions(const Json& options, const std::string& root) {
  TUTTI_RETURN_IF_ERROR(CheckOptionKeys(options,
                                        {"train_images", "train_labels", "test_images",
                                         "test_labels", "first_label", "transposed",
                                         "class_names"},
                                        "idx"));
  IdxOptions idx;
  const std::pair<const char*, std::string*> paths[] = {{"train_images", &idx.train_images},
                                                        {"train_labels", &idx.train_labels},
                                                        {"test_images", &idx.test_images},
                                                        {"test_labels", &idx.test_labels}};
  for (const auto& [key, path] : paths) {
    TUTTI_ASSIGN_OR_RETURN(*path, ReadDataPath(options, key, root, "an IDX file"));
  }
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "first_label", 0, 255, idx.first_label));
  TUTTI_RETURN_IF_ERROR(ReadFlag(options, "transposed", idx.transposed));
  TUTTI_RETURN_IF_ERROR(ReadTexts(options, "class_names", idx.class_names));
  if (idx.train_images.empty() != idx.train_labels.empty() ||
      idx.test_images.empty() != idx.test_labels.empty() ||
      (idx.train_images.empty() && idx.test_images.empty())) {
    return InvalidArgument(
        "data set idx needs data.options.train_images and train_labels, or test_images and "
        "test_labels, or all four");
  }
  return idx;
}

// Without class_names the classes are the labels from first_label to the largest one found.
std::vector<std::string> NumberedClasses(const Dataset& data, std::int64_t first_label) {
  std::int32_t largest = 0;
  for (const ImageSet* half : {&data.train, &data.test}) {
    for (const std::int32_t label : half->labels) largest = std::max(largest, label);
  }
  std::vector<std::string> names;
  for (std::int64_t k = 0; k <= largest; ++k) names.push_back(std::to_string(k + first_label));
  return names;
}

}  // namespace

// One half. Labels become stored - first_label.
Result<ImageSet> ReadIdxHalf(DatasetFiles& files, const std::string& images_path,
                             const std::string& labels_path, int first_label) {
  TUTTI_ASSIGN_OR_RETURN(auto image_bytes, files.Read(images_path));
  TUTTI_ASSIGN_OR_RETURN(ImageSet set, DecodeIdxImages(std::move(image_bytes), images_path));
  TUTTI_ASSIGN_OR_RETURN(auto label_bytes, files.Read(labels_path));
  TUTTI_ASSIGN_OR_RETURN(const auto labels, DecodeIdxLabels(std::move(label_bytes), labels_path));
  if (static_cast<std::int64_t>(labels.size()) != set.n) {
    return DataLoss(labels_path + ": " + std::to_string(labels.size()) + " labels, expected " +
                    std::to_string(set.n) + ", one for each image of " + images_path);
  }
  set.labels.reserve(labels.size());
  for (const std::uint8_t label : labels) set.labels.push_back(label - first_label);
  return set;
}

Status CheckLabels(const ImageSet& set, std::size_t classes, int first_label,
                   const std::string& path) {
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    const std::int32_t label = set.labels[i];
    if (label < 0 || static_cast<std::size_t>(label) >= classes) {
      return DataLoss(path + ": label " + std::to_string(label + first_label) + " of image " +
                      std::to_string(i) + " is out of range, expected " +
                      std::to_string(first_label) + " to " +
                      std::to_string(static_cast<int>(classes) - 1 + first_label));
    }
  }
  return Ok{};
}

Status CheckSameSize(const ImageSet& train, const ImageSet& test, const std::string& name) {
  if (train.n == 0 || test.n == 0 || (train.h == test.h && train.w == test.w)) return Ok{};
  return DataLoss(name + ": train images are " + std::to_string(train.h) + " x " +
                  std::to_string(train.w) + ", test images " + std::to_string(test.h) + " x " +
                  std::to_string(test.w) + "; they must have the same size");
}

Status TransposeHalves(Dataset& data) {
  for (ImageSet* half : {&data.train, &data.test}) {
    if (half->h != half->w) {
      return DataLoss(data.name + ": images are " + std::to_string(half->h) + " x " +
                      std::to_string(half->w) + ", expected square ones to transpose");
    }
    TransposeImages(*half);
  }
  return Ok{};
}

Result<Dataset> LoadIdx(const Json& options, const std::string& root) {
  TUTTI_ASSIGN_OR_RETURN(const IdxOptions idx, ReadIdxOptions(options, root));
  const int first = static_cast<int>(idx.first_label);
  Dataset data;
  data.name = "idx";
  DatasetFiles files;
  if (!idx.train_images.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.train,
                           ReadIdxHalf(files, idx.train_images, idx.train_labels, first));
  }
  if (!idx.test_images.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.test, ReadIdxHalf(files, idx.test_images, idx.test_labels, first));
  }
  TUTTI_RETURN_IF_ERROR(CheckSameSize(data.train, data.test, data.name));
  data.class_names = idx.class_names.empty() ? NumberedClasses(data, first) : idx.class_names;
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.train, data.class_names.size(), first, idx.train_labels));
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.test, data.class_names.size(), first, idx.test_labels));
  if (idx.transposed) TUTTI_RETURN_IF_ERROR(TransposeHalves(data));
  data.sha256 = files.Identity();
  return data;
}

}  // namespace tutti
