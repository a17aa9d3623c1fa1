#include "worker/data/statistics.h"

#include <array>
#include <vector>

#include "experiments/core/check.h"

namespace tutti {
namespace {

Json Numbers(std::span<const std::int64_t> values) {
  Json list = Json::MakeArray();
  for (const std::int64_t value : values) list.Append(value);
  return list;
}

}  // namespace

Json DescribeSplit(std::span<const std::uint8_t> pixels, std::int64_t bytes_per_image,
                   const SplitItems& split, std::size_t classes) {
  // Four counters of each value: neighbouring pixels are mostly equal, and adding to one number
  // again and again waits for the addition before.
  std::array<std::array<std::int64_t, 256>, 4> counters{};
  std::vector<std::int64_t> class_counts(classes, 0);
  const auto width = static_cast<std::size_t>(bytes_per_image);
  for (std::size_t k = 0; k < split.items.size(); ++k) {
    const auto begin = static_cast<std::size_t>(split.items[k]) * width;
    TUTTI_CHECK(begin + width <= pixels.size(), "an item lies outside of its half");
    const std::uint8_t* image = pixels.data() + begin;
    for (std::size_t i = 0; i < width; ++i) ++counters[i & 3][image[i]];
    if (split.labels[k] >= 0) ++class_counts.at(static_cast<std::size_t>(split.labels[k]));
  }
  std::array<std::int64_t, 256> intensity{};
  for (std::size_t value = 0; value < 256; ++value) {
    for (const auto& counter : counters) intensity[value] += counter[value];
  }
  return Json::MakeObject({{"n", static_cast<std::int64_t>(split.items.size())},
                           {"class_counts", Numbers(class_counts)},
                           {"intensity", Numbers(intensity)}});
}

Json DescribeSplits(const Dataset& dataset, const DataSplits& splits) {
  const ImageSet& shape = dataset.train.n > 0 ? dataset.train : dataset.test;
  Json described = Json::MakeObject();
  const auto add = [&](const char* name, const SplitItems& split) {
    if (split.items.empty()) return;
    const ImageSet& half = split.from_test_half ? dataset.test : dataset.train;
    described.Set(name, DescribeSplit(half.pixels, half.c * half.h * half.w, split,
                                      splits.class_names.size()));
  };
  add("train", splits.train);
  add("validation", splits.validation);
  add("test", splits.test);
  return Json::MakeObject({{"name", dataset.name},
                           {"sha256", dataset.sha256},
                           {"shape", Json::MakeArray({shape.c, shape.h, shape.w})},
                           {"splits", std::move(described)}});
}

}  // namespace tutti
