#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/models/graph.h"
#include "worker/data/dataset.h"
#include "worker/trainer/augmentation.h"

// Data sets as the training loop uses them: decoded once, kept as one uint8 tensor a half on the
// device, shared by the splits that choose from it, and kept between attempts.

namespace tutti::trainer {

// Images of one half of a data set: uint8 [n, h * w * c], each image in (row, column, channel)
// order.
struct HalfTensor {
  at::Tensor pixels;
};

struct SplitData {
  std::shared_ptr<const HalfTensor> half;  // shared: train and validation choose from one half
  std::vector<std::int64_t> items;         // index in the source file, ascending
  std::vector<std::int32_t> labels;
  std::int64_t size() const { return static_cast<std::int64_t>(items.size()); }
};

struct TrainingData {
  SplitData train, validation, test;
  Shape image;  // channels, height, width
  std::vector<std::string> class_names;
  double mean = 0, std = 1;  // pixel = (byte / 255 - mean) / std
  Json description;  // as DescribeSplits (worker/data/statistics.h)
  const SplitData& split(Split which) const;
};

// One batch on the device.
struct Batch {
  at::Tensor images;                // [n, c, h, w], channels-last
  at::Tensor labels;                // [n] int64
  std::vector<std::int64_t> items;  // source index of each row
};

// Gathers the images at `positions` (indices into the split's items), changes them as
// `augmentation` says for `epoch` (nullptr: not at all) and converts them to `type`.
// REQUIRES: positions not empty, all within the split.
Batch GatherBatch(const TrainingData& data, const SplitData& split,
                  std::span<const std::int64_t> positions, at::ScalarType type,
                  const Augmentation* augmentation = nullptr, std::int64_t epoch = 0);

// The last few data sets and splits an attempt used. Single-threaded.
class DataCache {
 public:
  explicit DataCache(at::Device device) : device_(device) {}

  // trial_seed is used with split_seed: per_trial. Splits from a half that is not needed may be
  // empty. Errors: those of LoadDataset and MakeSplits.
  Result<std::shared_ptr<const TrainingData>> Get(const DataConfig& config,
                                                  const std::string& default_root,
                                                  std::uint64_t trial_seed,
                                                  NeededHalves needed = {});

 private:
  struct Loaded;
  struct Chosen {
    std::string key;
    std::shared_ptr<const TrainingData> data;
  };
  Result<std::shared_ptr<const Loaded>> Load(const DataConfig& config,
                                             const std::string& default_root, NeededHalves needed);

  at::Device device_;
  std::list<std::shared_ptr<const Loaded>> loaded_;  // newest first
  std::list<Chosen> chosen_;                         // newest first
};

}  // namespace tutti::trainer
