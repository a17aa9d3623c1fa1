#include "worker/data/dataset.h"

#include <filesystem>
#include <utility>

#include "experiments/core/sha256.h"
#include "worker/data/file_bytes.h"
#include "worker/data/glyphs.h"
#include "worker/data/idx.h"
#include "worker/data/known_datasets.h"
#include "worker/data/label_mapping.h"

namespace tutti {
namespace {

// Reads the files of a data set and keeps the lines its identity is the hash of.
class Reader {
 public:
  Result<std::vector<std::uint8_t>> Read(const std::string& path) {
    TUTTI_ASSIGN_OR_RETURN(FileBytes file, ReadDataFile(path));
    identity_ +=
        std::filesystem::path(path).filename().string() + "  " + file.sha256 + "\n";
    return std::move(file.bytes);
  }
  std::string Identity() const { return Sha256Hex(identity_); }

 private:
  std::string identity_;
};

// One half. Labels become stored - first_label.
Result<ImageSet> ReadHalf(Reader& reader, const std::string& images_path,
                          const std::string& labels_path, int first_label) {
  TUTTI_ASSIGN_OR_RETURN(auto image_bytes, reader.Read(images_path));
  TUTTI_ASSIGN_OR_RETURN(ImageSet set, DecodeIdxImages(std::move(image_bytes), images_path));
  TUTTI_ASSIGN_OR_RETURN(auto label_bytes, reader.Read(labels_path));
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

Result<Dataset> LoadKnown(const KnownDataset& known, const std::string& root,
                          NeededHalves needed) {
  std::vector<std::string> paths;  // as AllFiles; empty where it is not needed
  for (const std::string& file : known.AllFiles()) {
    const std::size_t index = paths.size();
    if ((index < 2 && !needed.train) || (index / 2 == 1 && !needed.test)) {
      paths.emplace_back();
      continue;
    }
    auto path = LocateFile(known, root, file);
    if (!path) {
      return NotFound("data set " + std::string(known.name) + ": there is no " + file +
                      "[.gz] in " + (std::filesystem::path(root) / known.folders[0]).string() +
                      "; get it with `tutti data fetch " + std::string(known.FetchName()) + "`");
    }
    paths.push_back(std::move(*path));
  }
  Dataset data;
  data.name = std::string(known.name);
  Reader reader;
  if (needed.train) {
    TUTTI_ASSIGN_OR_RETURN(data.train, ReadHalf(reader, paths[0], paths[1], known.first_label));
  }
  if (needed.test) {
    TUTTI_ASSIGN_OR_RETURN(data.test, ReadHalf(reader, paths[2], paths[3], known.first_label));
  }
  if (known.mapping.empty()) {
    data.class_names.assign(known.class_names.begin(), known.class_names.end());
  } else {
    TUTTI_ASSIGN_OR_RETURN(const auto bytes, reader.Read(paths[4]));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    TUTTI_ASSIGN_OR_RETURN(data.class_names, ParseLabelMapping(text, known.first_label,
                                                               known.classes, paths[4]));
  }
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.train, data.class_names.size(), known.first_label,
                                    paths[1]));
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.test, data.class_names.size(), known.first_label,
                                    paths[3]));
  TUTTI_RETURN_IF_ERROR(CheckSameSize(data.train, data.test, data.name));
  if (known.transposed) {
    for (ImageSet* half : {&data.train, &data.test}) {
      if (half->h != half->w) {
        return DataLoss(data.name + ": images are " + std::to_string(half->h) + " x " +
                        std::to_string(half->w) + ", expected square ones");
      }
      TransposeImages(*half);
    }
  }
  data.sha256 = reader.Identity();
  return data;
}

// The options of glyphs and idx may not hold keys that nobody reads.
Status CheckKeys(const Json& options, const std::vector<std::string_view>& known,
                 const std::string& dataset) {
  if (options.is_null()) return Ok{};
  if (!options.is_object()) {
    return InvalidArgument("data.options of " + dataset + " must be a map, found " +
                           std::string(options.TypeName()));
  }
  std::string choices;
  for (const std::string_view key : known) {
    choices += (choices.empty() ? "" : ", ") + std::string(key);
  }
  for (const auto& [key, value] : options.AsObject()) {
    bool found = value.is_null();  // a canonical document writes what was not given as null
    for (const std::string_view name : known) found = found || name == key;
    if (!found) {
      return InvalidArgument("data.options." + key + " is no option of " + dataset +
                             "; it has: " + choices);
    }
  }
  return Ok{};
}

Status ReadCount(const Json& options, const char* key, std::int64_t lo, std::int64_t hi,
                 std::int64_t& value) {
  const Json* found = options.Find(key);
  if (found == nullptr || found->is_null()) return Ok{};
  if (!found->is_int() || found->AsInt() < lo || found->AsInt() > hi) {
    return InvalidArgument("data.options." + std::string(key) + " is " + found->Dump() +
                           ", expected an integer from " + std::to_string(lo) + " to " +
                           std::to_string(hi));
  }
  value = found->AsInt();
  return Ok{};
}

Result<Dataset> LoadGlyphs(const Json& options) {
  TUTTI_RETURN_IF_ERROR(CheckKeys(options, {"train", "test", "seed", "classes"}, "glyphs"));
  GlyphOptions glyphs;
  auto seed = static_cast<std::int64_t>(glyphs.seed);
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "train", 0, 1'000'000, glyphs.train));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "test", 0, 1'000'000, glyphs.test));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "seed", 0, INT64_MAX, seed));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "classes", 2, kGlyphClasses, glyphs.classes));
  glyphs.seed = static_cast<std::uint64_t>(seed);
  return MakeGlyphs(glyphs);
}

struct IdxOptions {
  std::string train_images, train_labels, test_images, test_labels;
  std::int64_t first_label = 0;
  bool transposed = false;
  std::vector<std::string> class_names;
};

Result<std::string> ReadPath(const Json& options, const char* key, const std::string& root) {
  const Json* found = options.Find(key);
  if (found == nullptr || found->is_null()) return std::string();
  if (!found->is_string() || found->AsString().empty()) {
    return InvalidArgument("data.options." + std::string(key) + " is " + found->Dump() +
                           ", expected the path of an IDX file");
  }
  // An absolute right-hand side replaces the root.
  return (std::filesystem::path(root) / found->AsString()).string();
}

Result<IdxOptions> ReadIdxOptions(const Json& options, const std::string& root) {
  TUTTI_RETURN_IF_ERROR(CheckKeys(options,
                                  {"train_images", "train_labels", "test_images", "test_labels",
                                   "first_label", "transposed", "class_names"},
                                  "idx"));
  IdxOptions idx;
  TUTTI_ASSIGN_OR_RETURN(idx.train_images, ReadPath(options, "train_images", root));
  TUTTI_ASSIGN_OR_RETURN(idx.train_labels, ReadPath(options, "train_labels", root));
  TUTTI_ASSIGN_OR_RETURN(idx.test_images, ReadPath(options, "test_images", root));
  TUTTI_ASSIGN_OR_RETURN(idx.test_labels, ReadPath(options, "test_labels", root));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "first_label", 0, 255, idx.first_label));
  if (const Json* found = options.Find("transposed"); found != nullptr && !found->is_null()) {
    if (!found->is_bool()) {
      return InvalidArgument("data.options.transposed is " + found->Dump() +
                             ", expected true or false");
    }
    idx.transposed = found->AsBool();
  }
  if (const Json* found = options.Find("class_names"); found != nullptr && !found->is_null()) {
    const Error wrong = InvalidArgument("data.options.class_names is " + found->Dump() +
                                        ", expected a list of texts");
    if (!found->is_array() || found->size() == 0) return wrong;
    for (const Json& item : found->AsArray()) {
      if (!item.is_string()) return wrong;
      idx.class_names.push_back(item.AsString());
    }
  }
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

Result<Dataset> LoadIdx(const Json& options, const std::string& root) {
  TUTTI_ASSIGN_OR_RETURN(const IdxOptions idx, ReadIdxOptions(options, root));
  const int first = static_cast<int>(idx.first_label);
  Dataset data;
  data.name = "idx";
  Reader reader;
  if (!idx.train_images.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.train,
                           ReadHalf(reader, idx.train_images, idx.train_labels, first));
  }
  if (!idx.test_images.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.test, ReadHalf(reader, idx.test_images, idx.test_labels, first));
  }
  TUTTI_RETURN_IF_ERROR(CheckSameSize(data.train, data.test, data.name));
  data.class_names = idx.class_names.empty() ? NumberedClasses(data, first) : idx.class_names;
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.train, data.class_names.size(), first, idx.train_labels));
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.test, data.class_names.size(), first, idx.test_labels));
  if (idx.transposed) {
    for (ImageSet* half : {&data.train, &data.test}) {
      if (half->h != half->w) {
        return InvalidArgument("data.options.transposed: images are " + std::to_string(half->h) +
                               " x " + std::to_string(half->w) + ", expected square ones");
      }
      TransposeImages(*half);
    }
  }
  data.sha256 = reader.Identity();
  return data;
}

}  // namespace

const std::vector<std::string>& DatasetNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"glyphs"};
    for (const KnownDataset& set : KnownDatasets()) all.emplace_back(set.name);
    all.emplace_back("idx");
    return all;
  }();
  return names;
}

NeededHalves HalvesOf(const DataConfig& config, std::span<const Split> splits) {
  NeededHalves needed{false, false};
  for (const Split split : splits) {
    // With fractions for all three, the test split is cut from the train half too.
    const bool test_half = split == Split::kTest && !config.test_fraction;
    (test_half ? needed.test : needed.train) = true;
  }
  return needed;
}

Result<Dataset> LoadDataset(const DataConfig& config, const std::string& default_root,
                            NeededHalves needed) {
  const std::string& root = config.root.empty() ? default_root : config.root;
  if (config.dataset == "glyphs") return LoadGlyphs(config.options);
  if (config.dataset == "idx") return LoadIdx(config.options, root);
  if (const KnownDataset* known = FindKnownDataset(config.dataset)) {
    return LoadKnown(*known, root, needed);
  }
  std::string choices;
  for (const std::string& name : DatasetNames()) choices += (choices.empty() ? "" : ", ") + name;
  return InvalidArgument("unknown data set \"" + config.dataset + "\"; known are: " + choices);
}

}  // namespace tutti
