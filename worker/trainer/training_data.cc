#include "worker/trainer/training_data.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <c10/util/BFloat16.h>

#include <array>
#include <type_traits>
#include <utility>

#include "worker/data/splits.h"
#include "worker/data/statistics.h"

namespace tutti::trainer {
namespace {

constexpr std::size_t kKeptDatasets = 2;
constexpr std::size_t kKeptSplits = 4;

// What decides the bytes of a data set.
std::string DatasetKey(const DataConfig& config, const std::string& default_root,
                       NeededHalves needed) {
  return Json::MakeArray({config.dataset, config.root.empty() ? default_root : config.root,
                          config.options, needed.train, needed.test})
      .Dump();
}

// What decides, beyond the bytes, which images go where.
std::string SplitKey(const DataConfig& config, std::uint64_t split_seed) {
  Json key = Json::MakeArray({config.validation_fraction, config.normalize, config.mean, config.std,
                              static_cast<std::int64_t>(split_seed)});
  key.Append(config.train_fraction ? Json(*config.train_fraction) : Json());
  key.Append(config.test_fraction ? Json(*config.test_fraction) : Json());
  key.Append(config.subset ? Json(*config.subset) : Json());
  for (const std::int64_t c : config.classes) key.Append(c);
  return key.Dump();
}

at::Tensor ToTensor(const ImageSet& set, at::Device device) {
  const std::int64_t width = set.c * set.h * set.w;
  at::Tensor host = at::empty({set.n, width}, at::TensorOptions().dtype(at::kByte));
  if (set.n == 0) return host.to(device);
  const at::Tensor source = at::from_blob(const_cast<std::uint8_t*>(set.pixels.data()),
                                          {set.n, set.c, set.h * set.w}, at::kByte);
  host.view({set.n, set.h * set.w, set.c}).copy_(source.permute({0, 2, 1}));
  return host.to(device);
}

// Images of this many rows are one piece of a thread's work.
constexpr std::int64_t kGrain = 16;

// What each byte is worth. Through float: bfloat16 has no conversion from double, and fp64 keeps
// every bit.
template <class T>
T PixelValue(double byte, const TrainingData& data) {
  const double pixel = (byte / 255.0 - data.mean) / data.std;
  if constexpr (std::is_same_v<T, double>) {
    return pixel;
  } else {
    return static_cast<T>(static_cast<float>(pixel));
  }
}

template <class T>
void GatherOnCpu(const at::Tensor& pixels, const std::vector<std::int64_t>& items,
                 const TrainingData& data, T* out) {
  std::array<T, 256> value{};
  for (std::size_t b = 0; b < value.size(); ++b) {
    value[b] = PixelValue<T>(static_cast<double>(b), data);
  }
  const std::int64_t width = pixels.size(1);
  const auto* in = pixels.const_data_ptr<std::uint8_t>();
  at::parallel_for(0, static_cast<std::int64_t>(items.size()), kGrain,
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t r = begin; r < end; ++r) {
                       const std::uint8_t* from = in + items[static_cast<std::size_t>(r)] * width;
                       T* to = out + r * width;
                       for (std::int64_t i = 0; i < width; ++i) to[i] = value[from[i]];
                     }
                   });
}

// The same with a change of each image, in one pass from its bytes.
template <class T>
void ChangeOnCpu(const at::Tensor& pixels, const std::vector<std::int64_t>& items,
                 const TrainingData& data, const std::vector<ImageChange>& changes, T* out) {
  const PixelShape shape{data.image[1], data.image[2], data.image[0]};
  const std::int64_t width = pixels.size(1);
  const auto* in = pixels.const_data_ptr<std::uint8_t>();
  const double scale = 1 / (255.0 * data.std), shift = -data.mean / data.std;
  using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;
  const auto a = static_cast<Wide>(scale), b = static_cast<Wide>(shift);
  at::parallel_for(
      0, static_cast<std::int64_t>(items.size()), kGrain,
      [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::uint32_t> scratch(static_cast<std::size_t>(ChangeScratchSize(shape)));
        std::vector<float> bytes(static_cast<std::size_t>(width));
        for (std::int64_t r = begin; r < end; ++r) {
          const auto i = static_cast<std::size_t>(r);
          ChangeImage(shape, in + items[i] * width, changes[i], scratch.data(), bytes.data());
          T* to = out + r * width;
          for (std::int64_t k = 0; k < width; ++k) {
            to[k] = static_cast<T>(static_cast<Wide>(bytes[static_cast<std::size_t>(k)]) * a + b);
          }
        }
      });
}

}  // namespace

struct DataCache::Loaded {
  std::string key;
  Dataset dataset;  // its pixels are moved out
  std::shared_ptr<const HalfTensor> train, test;
};

namespace {

// DescribeSplits of a data set whose pixels are tensors.
Json Describe(const Dataset& set, const HalfTensor& train, const HalfTensor& test,
              const DataSplits& splits, const Shape& image) {
  const at::Tensor halves[] = {train.pixels.cpu(), test.pixels.cpu()};
  Json described = Json::MakeObject();
  const auto add = [&](const char* name, const SplitItems& split) {
    if (split.items.empty()) return;
    const at::Tensor& half = halves[split.from_test_half ? 1 : 0];
    const std::span<const std::uint8_t> bytes(half.const_data_ptr<std::uint8_t>(),
                                              static_cast<std::size_t>(half.numel()));
    described.Set(name, DescribeSplit(bytes, half.size(1), split, splits.class_names.size()));
  };
  add("train", splits.train);
  add("validation", splits.validation);
  add("test", splits.test);
  return Json::MakeObject({{"name", set.name},
                           {"sha256", set.sha256},
                           {"shape", Json::MakeArray({image[0], image[1], image[2]})},
                           {"splits", std::move(described)}});
}

}  // namespace

const SplitData& TrainingData::split(Split which) const {
  switch (which) {
    case Split::kTrain: return train;
    case Split::kValidation: return validation;
    case Split::kTest: return test;
  }
  return train;
}

Batch GatherBatch(const TrainingData& data, const SplitData& split,
                  std::span<const std::int64_t> positions, at::ScalarType type,
                  const Augmentation* augmentation, std::int64_t epoch) {
  const auto n = static_cast<std::int64_t>(positions.size());
  const std::int64_t c = data.image[0], h = data.image[1], w = data.image[2];
  const at::Tensor& pixels = split.half->pixels;
  Batch batch;
  batch.items.reserve(positions.size());
  at::Tensor labels = at::empty({n}, at::kLong);
  auto* label = labels.data_ptr<std::int64_t>();
  for (const std::int64_t p : positions) {
    batch.items.push_back(split.items[static_cast<std::size_t>(p)]);
    *label++ = split.labels[static_cast<std::size_t>(p)];
  }
  std::vector<ImageChange> changes;
  if (augmentation != nullptr) changes = augmentation->Draw(batch.items, epoch, h, w);
  if (!pixels.is_cpu()) {
    const at::Tensor index = at::from_blob(batch.items.data(), {n}, at::kLong).to(pixels.device());
    const at::ScalarType wide = type == at::kDouble ? at::kDouble : at::kFloat;
    at::Tensor x = at::index_select(pixels, 0, index).to(wide).view({n, h, w, c});
    x = x.permute({0, 3, 1, 2});
    if (!changes.empty()) x = ChangeImages(x, changes);
    x.div_(255);
    if (data.mean != 0 || data.std != 1) x.sub_(data.mean).div_(data.std);
    batch.images = x.to(type).contiguous(at::MemoryFormat::ChannelsLast);
    batch.labels = labels.to(pixels.device());
    return batch;
  }
  batch.labels = labels;
  batch.images = at::empty({n, c, h, w}, at::TensorOptions().dtype(type),
                           at::MemoryFormat::ChannelsLast);
  const auto fill = [&](auto* out) {
    if (changes.empty()) {
      GatherOnCpu(pixels, batch.items, data, out);
    } else {
      ChangeOnCpu(pixels, batch.items, data, changes, out);
    }
  };
  void* out = batch.images.mutable_data_ptr();
  if (type == at::kFloat) {
    fill(static_cast<float*>(out));
  } else if (type == at::kDouble) {
    fill(static_cast<double*>(out));
  } else {
    fill(static_cast<c10::BFloat16*>(out));
  }
  return batch;
}

Result<std::shared_ptr<const DataCache::Loaded>> DataCache::Load(const DataConfig& config,
                                                                 const std::string& default_root,
                                                                 NeededHalves needed) {
  const std::string key = DatasetKey(config, default_root, needed);
  for (auto it = loaded_.begin(); it != loaded_.end(); ++it) {
    if ((*it)->key != key) continue;
    loaded_.splice(loaded_.begin(), loaded_, it);
    return loaded_.front();
  }
  auto loaded = std::make_shared<Loaded>();
  loaded->key = key;
  TUTTI_ASSIGN_OR_RETURN(loaded->dataset, LoadDataset(config, default_root, needed));
  Dataset& set = loaded->dataset;
  loaded->train = std::make_shared<HalfTensor>(HalfTensor{ToTensor(set.train, device_)});
  loaded->test = std::make_shared<HalfTensor>(HalfTensor{ToTensor(set.test, device_)});
  std::vector<std::uint8_t>().swap(set.train.pixels);
  std::vector<std::uint8_t>().swap(set.test.pixels);
  loaded_.push_front(loaded);
  if (loaded_.size() > kKeptDatasets) loaded_.pop_back();
  return loaded_.front();
}

Result<std::shared_ptr<const TrainingData>> DataCache::Get(const DataConfig& config,
                                                           const std::string& default_root,
                                                           std::uint64_t trial_seed,
                                                           NeededHalves needed) {
  const std::uint64_t seed =
      config.split_per_trial || !config.split_seed ? trial_seed : *config.split_seed;
  const std::string key = DatasetKey(config, default_root, needed) + SplitKey(config, seed);
  for (auto it = chosen_.begin(); it != chosen_.end(); ++it) {
    if (it->key != key) continue;
    chosen_.splice(chosen_.begin(), chosen_, it);
    return chosen_.front().data;
  }
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, Load(config, default_root, needed));
  const Dataset& set = loaded->dataset;
  TUTTI_ASSIGN_OR_RETURN(DataSplits splits, MakeSplits(set, config, seed, needed));
  auto data = std::make_shared<TrainingData>();
  const ImageSet& shape = set.train.n > 0 ? set.train : set.test;
  data->image = {shape.c, shape.h, shape.w};
  data->description = Describe(set, *loaded->train, *loaded->test, splits, data->image);
  const auto take = [&](SplitItems& from, SplitData& to) {
    to.half = from.from_test_half ? loaded->test : loaded->train;
    to.items = std::move(from.items);
    to.labels = std::move(from.labels);
  };
  take(splits.train, data->train);
  take(splits.validation, data->validation);
  take(splits.test, data->test);
  data->class_names = std::move(splits.class_names);
  if (config.normalize) {
    data->mean = config.mean;
    data->std = config.std;
  }
  chosen_.push_front({key, std::move(data)});
  if (chosen_.size() > kKeptSplits) chosen_.pop_back();
  return chosen_.front().data;
}

}  // namespace tutti::trainer
