#include "worker/data/dataset.h"

#include <filesystem>
#include <utility>

#include "worker/data/concat_dataset.h"
#include "worker/data/csv_dataset.h"
#include "worker/data/data_options.h"
#include "worker/data/dataset_files.h"
#include "worker/data/glyphs.h"
#include "worker/data/idx_dataset.h"
#include "worker/data/image_folders.h"
#include "worker/data/known_datasets.h"
#include "worker/data/label_mapping.h"

namespace tutti {
namespace {

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
  DatasetFiles files;
  if (needed.train) {
    TUTTI_ASSIGN_OR_RETURN(data.train, ReadIdxHalf(files, paths[0], paths[1], known.first_label));
  }
  if (needed.test) {
    TUTTI_ASSIGN_OR_RETURN(data.test, ReadIdxHalf(files, paths[2], paths[3], known.first_label));
  }
  if (known.mapping.empty()) {
    data.class_names.assign(known.class_names.begin(), known.class_names.end());
  } else {
    TUTTI_ASSIGN_OR_RETURN(const auto bytes, files.Read(paths[4]));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    TUTTI_ASSIGN_OR_RETURN(data.class_names, ParseLabelMapping(text, known.first_label,
                                                               known.classes, paths[4]));
  }
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.train, data.class_names.size(), known.first_label,
                                    paths[1]));
  TUTTI_RETURN_IF_ERROR(CheckLabels(data.test, data.class_names.size(), known.first_label,
                                    paths[3]));
  TUTTI_RETURN_IF_ERROR(CheckSameSize(data.train, data.test, data.name));
  if (known.transposed) TUTTI_RETURN_IF_ERROR(TransposeHalves(data));
  data.sha256 = files.Identity();
  return data;
}

Result<Dataset> LoadGlyphs(const Json& options) {
  TUTTI_RETURN_IF_ERROR(CheckOptionKeys(options, {"train", "test", "seed", "classes"}, "glyphs"));
  GlyphOptions glyphs;
  auto seed = static_cast<std::int64_t>(glyphs.seed);
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "train", 0, 1'000'000, glyphs.train));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "test", 0, 1'000'000, glyphs.test));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "seed", 0, INT64_MAX, seed));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "classes", 2, kGlyphClasses, glyphs.classes));
  glyphs.seed = static_cast<std::uint64_t>(seed);
  return MakeGlyphs(glyphs);
}

}  // namespace

const std::vector<std::string>& DatasetNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"glyphs"};
    for (const KnownDataset& set : KnownDatasets()) all.emplace_back(set.name);
    for (const char* name : {"idx", "csv", "images", "concat"}) all.emplace_back(name);
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
  if (config.dataset == "csv") return LoadCsv(config.options, root);
  if (config.dataset == "images") return LoadImageFolders(config.options, root);
  if (config.dataset == "concat") return LoadConcat(config.options, root, needed);
  if (const KnownDataset* known = FindKnownDataset(config.dataset)) {
    return LoadKnown(*known, root, needed);
  }
  std::string choices;
  for (const std::string& name : DatasetNames()) choices += (choices.empty() ? "" : ", ") + name;
  return InvalidArgument("unknown data set \"" + config.dataset + "\"; known are: " + choices);
}

}  // namespace tutti
