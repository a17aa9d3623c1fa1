#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"

// What is known about data sets without reading them.

namespace tutti::spec {

struct DatasetFacts {
  std::string name;
  std::int64_t channels = 1, height = 28, width = 28;
  std::int64_t classes = 0;
  std::int64_t train_items = 0;
};
// nullptr for those that only their files describe (idx, csv, images) and for concat. glyphs: all
// 36 classes.
const DatasetFacts* FindDatasetFacts(std::string_view dataset);

// What a model sees and must tell apart. `data` is the section of a canonical document.
struct ModelInput {
  std::vector<std::int64_t> shape;  // channels, height, width
  std::int64_t classes = 0;
};
// Nothing if only the files tell: csv without class_names, idx, images.
std::optional<ModelInput> FindModelInput(const Json& data);

// Whether the data set comes with a test half: all known sets, and those of files that name one.
bool HasTestHalf(const Json& data);

}  // namespace tutti::spec
