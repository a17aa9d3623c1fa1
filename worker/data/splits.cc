#include "worker/data/splits.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "experiments/core/check.h"
#include "experiments/core/json.h"
#include "experiments/core/rng.h"

namespace tutti {
namespace {

using Indices = std::vector<std::int64_t>;

// Divides `total` over classes in proportion to `counts`, never more than `room` of a class, by
// largest remainder (ties: the lower class). REQUIRES: total <= sum of room.
Indices Quotas(const Indices& counts, const Indices& room, std::int64_t total) {
  const std::int64_t all = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  Indices quotas(counts.size(), 0);
  if (all == 0) return quotas;
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;  // negative, so that sort is down
  std::int64_t given = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const auto product = static_cast<__int128>(counts[k]) * total;
    quotas[k] = std::min(static_cast<std::int64_t>(product / all), room[k]);
    remainders.emplace_back(-static_cast<std::int64_t>(product % all), k);
    given += quotas[k];
  }
  std::sort(remainders.begin(), remainders.end());
  while (given < total) {
    const std::int64_t before = given;
    for (const auto& [remainder, k] : remainders) {
      if (given == total) break;
      if (quotas[k] == room[k]) continue;
      ++quotas[k];
      ++given;
    }
    TUTTI_CHECK(given > before, "quotas exceed what there is");
  }
  return quotas;
}

struct Pool {
  std::vector<Indices> by_class;  // positions in the half, in random order
  Indices Counts() const {
    Indices counts;
    for (const Indices& members : by_class) {
      counts.push_back(static_cast<std::int64_t>(members.size()));
    }
    return counts;
  }
};

Pool Shuffle(const Indices& items, const std::vector<std::int32_t>& labels, const Rng& rng,
             std::string_view stream) {
  Pool pool;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= pool.by_class.size()) pool.by_class.resize(label + 1);
    pool.by_class[label].push_back(items[i]);
  }
  for (std::size_t k = 0; k < pool.by_class.size(); ++k) {
    const Indices members = pool.by_class[k];
    const auto n = static_cast<std::int64_t>(members.size());
    const auto order = rng.Split(stream, {k}).Permutation(n);
    for (std::size_t i = 0; i < members.size(); ++i) {
      pool.by_class[k][i] = members[static_cast<std::size_t>(order[i])];
    }
  }
  return pool;
}

// Removes quotas[k] items from the end of each class; ascending.
Indices Take(Pool& pool, const Indices& quotas) {
  Indices taken;
  for (std::size_t k = 0; k < quotas.size(); ++k) {
    Indices& members = pool.by_class[k];
    const auto from = members.end() - quotas[k];
    taken.insert(taken.end(), from, members.end());
    members.erase(from, members.end());
  }
  std::sort(taken.begin(), taken.end());
  return taken;
}

// old label -> new label or -1; and the names of the chosen classes.
struct ClassChoice {
  std::vector<std::int32_t> new_label;
  std::vector<std::string> names;
};

Result<ClassChoice> ChooseClasses(const Dataset& dataset, const Indices& classes) {
  const auto known = static_cast<std::int64_t>(dataset.class_names.size());
  ClassChoice choice;
  choice.new_label.assign(dataset.class_names.size(), -1);
  if (classes.empty()) {
    std::iota(choice.new_label.begin(), choice.new_label.end(), 0);
    choice.names = dataset.class_names;
    return choice;
  }
  for (const std::int64_t k : classes) {
    if (k < 0 || k >= known) {
      return InvalidArgument("data.classes: " + std::to_string(k) + " is no class of " +
                             dataset.name + ", which has 0 to " + std::to_string(known - 1));
    }
    auto& label = choice.new_label[static_cast<std::size_t>(k)];
    if (label >= 0) {
      return InvalidArgument("data.classes: " + std::to_string(k) + " is listed twice");
    }
    label = static_cast<std::int32_t>(choice.names.size());
    choice.names.push_back(dataset.class_names[static_cast<std::size_t>(k)]);
  }
  return choice;
}

SplitItems OfChosenClasses(const ImageSet& half, const ClassChoice& choice) {
  SplitItems split;
  for (std::size_t i = 0; i < half.labels.size(); ++i) {
    const std::int32_t stored = half.labels[i];
    const std::int32_t label = stored < 0 ? -1 : choice.new_label[static_cast<std::size_t>(stored)];
    if (label < 0 && stored >= 0) continue;
    split.items.push_back(static_cast<std::int64_t>(i));
    split.labels.push_back(label);
  }
  return split;
}

SplitItems WithLabels(Indices items, const ImageSet& half, const ClassChoice& choice) {
  SplitItems split;
  split.items = std::move(items);
  for (const std::int64_t i : split.items) {
    const std::int32_t stored = half.labels[static_cast<std::size_t>(i)];
    split.labels.push_back(choice.new_label[static_cast<std::size_t>(stored)]);
  }
  return split;
}

struct Fractions {
  double train = 0, validation = 0, test = 0;
  bool three_way = false;
};

Result<Fractions> ReadFractions(const DataConfig& config) {
  Fractions f;
  f.three_way = config.train_fraction.has_value() || config.test_fraction.has_value();
  f.validation = config.validation_fraction;
  if (f.three_way) {
    if (!config.train_fraction || !config.test_fraction) {
      return InvalidArgument("data.splits needs train and test together, or neither");
    }
    f.train = *config.train_fraction;
    f.test = *config.test_fraction;
  }
  const std::pair<const char*, double> named[] = {
      {"train", f.train}, {"validation", f.validation}, {"test", f.test}};
  for (const auto& [name, value] : named) {
    if (!(value >= 0 && value < 1)) {
      return InvalidArgument("data.splits." + std::string(name) + " is " + FormatDouble(value) +
                             ", expected at least 0 and less than 1");
    }
  }
  const double sum = f.train + f.validation + f.test;
  if (sum > 1 + 1e-9) {
    return InvalidArgument("data.splits add up to " + FormatDouble(sum) + ", expected at most 1");
  }
  return f;
}

std::int64_t Rounded(double fraction, std::int64_t n) {
  return std::llround(fraction * static_cast<double>(n));
}

Status CheckNotEmpty(const char* name, double fraction, const SplitItems& split, std::int64_t n) {
  if (!split.items.empty() || fraction <= 0) return Ok{};
  return InvalidArgument("data.splits." + std::string(name) + ": " + FormatDouble(fraction) +
                         " of " + std::to_string(n) + " images is no image");
}

}  // namespace

std::vector<std::int64_t> StratifiedSubset(const std::vector<std::int64_t>& items,
                                           const std::vector<std::int32_t>& labels,
                                           std::int64_t count, std::uint64_t seed) {
  TUTTI_CHECK(count >= 0 && count <= static_cast<std::int64_t>(items.size()),
              "a subset cannot be larger than what it is taken from");
  Pool pool = Shuffle(items, labels, Rng(seed), "subset");
  const Indices counts = pool.Counts();
  return Take(pool, Quotas(counts, counts, count));
}

Result<DataSplits> MakeSplits(const Dataset& dataset, const DataConfig& config,
                              std::uint64_t split_seed, NeededHalves needed) {
  TUTTI_ASSIGN_OR_RETURN(const Fractions fractions, ReadFractions(config));
  TUTTI_ASSIGN_OR_RETURN(const ClassChoice choice, ChooseClasses(dataset, config.classes));
  SplitItems source = OfChosenClasses(dataset.train, choice);
  if (dataset.train.n == 0 && !needed.train) {
    DataSplits splits;
    splits.class_names = choice.names;
    splits.test = OfChosenClasses(dataset.test, choice);
    splits.test.from_test_half = true;
    return splits;
  }
  if (source.items.empty()) {
    return FailedPrecondition("data set " + dataset.name + " has no train images" +
                              (config.classes.empty() ? "" : " of the chosen data.classes"));
  }
  if (config.subset) {
    const auto have = static_cast<std::int64_t>(source.items.size());
    if (*config.subset < 1 || *config.subset > have) {
      return InvalidArgument("data.subset is " + std::to_string(*config.subset) +
                             ", expected 1 to " + std::to_string(have) +
                             ", the train images of " + dataset.name);
    }
    source = WithLabels(StratifiedSubset(source.items, source.labels, *config.subset, split_seed),
                        dataset.train, choice);
  }
  const auto n = static_cast<std::int64_t>(source.items.size());
  Pool pool = Shuffle(source.items, source.labels, Rng(split_seed), "split");
  const Indices counts = pool.Counts();
  const auto cut = [&](std::int64_t total) {
    const Indices room = pool.Counts();
    const std::int64_t left = std::accumulate(room.begin(), room.end(), std::int64_t{0});
    return WithLabels(Take(pool, Quotas(counts, room, std::min(total, left))), dataset.train,
                      choice);
  };
  DataSplits splits;
  splits.class_names = choice.names;
  splits.validation = cut(Rounded(fractions.validation, n));
  if (fractions.three_way) {
    splits.test = cut(Rounded(fractions.test, n));
    const bool everything =
        std::abs(fractions.train + fractions.validation + fractions.test - 1) <= 1e-9;
    splits.train = cut(everything ? n : Rounded(fractions.train, n));
  } else {
    splits.train = cut(n);
    splits.test = OfChosenClasses(dataset.test, choice);
    splits.test.from_test_half = true;
  }
  if (splits.train.items.empty()) {
    return InvalidArgument("data.splits leave no train image of " + std::to_string(n));
  }
  TUTTI_RETURN_IF_ERROR(CheckNotEmpty("validation", fractions.validation, splits.validation, n));
  TUTTI_RETURN_IF_ERROR(CheckNotEmpty("test", fractions.test, splits.test, n));
  return splits;
}

}  // namespace tutti
