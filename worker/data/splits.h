#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"
#include "worker/data/dataset.h"

// Which images of a data set make up train, validation and test.

namespace tutti {

// A list of images of one half of a Dataset. `items` are indices in the source file (what
// v_predictions.item means), ascending and unique; labels[i] belongs to items[i] and counts in the
// chosen classes.
struct SplitItems {
  bool from_test_half = false;  // items index dataset.test, else dataset.train
  std::vector<std::int64_t> items;
  std::vector<std::int32_t> labels;  // -1: not known
};

struct DataSplits {
  SplitItems train;
  SplitItems validation;
  SplitItems test;
  // Of the chosen classes, in the order of config.classes; index = label in SplitItems.
  std::vector<std::string> class_names;
};

// Chooses config.classes (label k of a split is classes[k] of the data set), then a stratified
// subset of the train half, then splits it:
// - config.train_fraction absent: validation gets validation_fraction of the train half, train
//   the rest, test the whole test half (which may be empty if the set has none).
// - 3-way (train_fraction and test_fraction given; for sets without a test half): all three are
//   cut from the train half; fractions that sum to less than 1 leave images out.
// Every split is stratified: each class is divided by itself, by largest remainder, so that split
// sizes are round(fraction * n) and each class's share is within one image of exact.
//
// split_seed: config.split_seed, or the trial's seed with split_per_trial. Deterministic: the same
// labels, configuration and seed give the same lists on any machine. Without a train half where
// `needed` does not ask for one, only the test split has items. Images of the test half that have
// no label (-1) keep it and belong to the test split whatever config.classes says.
//
// Errors (kInvalidArgument): unknown or repeated class, a fraction outside [0, 1), a sum over 1,
// a subset larger than the train half, an empty train split; (kFailedPrecondition) no train half.
Result<DataSplits> MakeSplits(const Dataset& dataset, const DataConfig& config,
                              std::uint64_t split_seed, NeededHalves needed = {});

// A stratified choice of `count` of the given items; ascending. labels[i] belongs to items[i].
// REQUIRES: count <= items.size().
std::vector<std::int64_t> StratifiedSubset(const std::vector<std::int64_t>& items,
                                           const std::vector<std::int32_t>& labels,
                                           std::int64_t count, std::uint64_t seed);

}  // namespace tutti
