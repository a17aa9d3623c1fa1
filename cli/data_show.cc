#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/image_text.h"
#include "cli/sample_grid.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "worker/data/dataset.h"
#include "worker/data/splits.h"
#include "worker/data/statistics.h"

// `tutti data show`: what a data set looks like, in numbers and pictures.

namespace tutti::cli {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::size_t kIntensityBins = 16;

struct Shown {
  Dataset dataset;
  DataSplits splits;
  Json description;                   // DescribeSplits, with class_names
  std::vector<std::int32_t> classes;  // labels that are shown
};

struct NamedSplit {
  const char* name;
  const SplitItems* split;
};

std::array<NamedSplit, 3> NamedSplits(const DataSplits& splits) {
  return {{{"train", &splits.train}, {"validation", &splits.validation}, {"test", &splits.test}}};
}

bool IsKnownName(const std::string& name) {
  const auto& names = DatasetNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A name is a data set as it comes, its halves uncut; a file says how it is cut.
Result<DataConfig> ReadConfig(const DataShowOptions& options) {
  if (IsKnownName(options.what)) {
    DataConfig config;
    config.dataset = options.what;
    config.validation_fraction = 0;
    config.split_seed = 0;
    return config;
  }
  if (!options.what.ends_with(".yaml") && !options.what.ends_with(".yml")) {
    std::string names;
    for (const std::string& name : DatasetNames()) names += (names.empty() ? "" : ", ") + name;
    return InvalidArgument("\"" + options.what + "\" is neither a data set (" + names +
                           ") nor an experiment file (*.yaml)");
  }
  TUTTI_ASSIGN_OR_RETURN(const auto experiments, LoadExperimentFile({options.what, options.set}));
  if (experiments.size() > 1) {
    std::fprintf(stderr, "tutti: %s holds %zu experiments; this is the data of the first\n",
                 options.what.c_str(), experiments.size());
  }
  return experiments[0].config.data;
}

// Both halves, or the one that is there.
Result<Dataset> LoadWhatIsThere(const DataConfig& config, const std::string& root,
                                NeededHalves& needed) {
  auto both = LoadDataset(config, root);
  if (both || both.error().code() != ErrorCode::kNotFound) return both;
  for (const NeededHalves half : {NeededHalves{false, true}, NeededHalves{true, false}}) {
    auto one = LoadDataset(config, root, half);
    if (!one) continue;
    needed = half;
    std::fprintf(stderr, "tutti: only the %s half is there: %s\n", half.test ? "test" : "train",
                 both.error().ToString().c_str());
    return one;
  }
  return both;
}

Result<std::vector<std::int32_t>> ChooseClasses(const std::vector<std::string>& wanted,
                                                const std::vector<std::string>& names) {
  std::vector<std::int32_t> classes;
  if (wanted.empty()) {
    for (std::size_t k = 0; k < names.size(); ++k) classes.push_back(static_cast<std::int32_t>(k));
    return classes;
  }
  for (const std::string& name : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      std::string known;
      for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
      return NotFound("--classes: there is no class \"" + name + "\"; there are " + known);
    }
    classes.push_back(static_cast<std::int32_t>(found - names.begin()));
  }
  return classes;
}

// Only images of these classes stay.
void KeepClasses(const std::vector<std::int32_t>& classes, SplitItems& split) {
  SplitItems kept;
  kept.from_test_half = split.from_test_half;
  for (std::size_t i = 0; i < split.items.size(); ++i) {
    if (std::find(classes.begin(), classes.end(), split.labels[i]) == classes.end()) continue;
    kept.items.push_back(split.items[i]);
    kept.labels.push_back(split.labels[i]);
  }
  split = std::move(kept);
}

Result<Shown> Load(const Globals& globals, const DataShowOptions& options) {
  TUTTI_ASSIGN_OR_RETURN(const DataConfig config, ReadConfig(options));
  // --root wins over the file.
  std::string root = options.root;
  if (root.empty() && config.root.empty()) {
    TUTTI_ASSIGN_OR_RETURN(root, ResolveDataRoot(globals.state, ""));
  }
  DataConfig where = config;
  if (!root.empty()) where.root = AbsolutePath(root);
  Shown shown;
  NeededHalves needed;
  TUTTI_ASSIGN_OR_RETURN(shown.dataset, LoadWhatIsThere(where, root, needed));
  // A set that has no train half at all can still be looked at.
  needed.train = needed.train && shown.dataset.train.n > 0;
  if (config.split_per_trial || !config.split_seed) {
    std::fprintf(stderr, "tutti: each trial cuts its own splits; these are those of seed 0\n");
  }
  TUTTI_ASSIGN_OR_RETURN(shown.splits, MakeSplits(shown.dataset, config,
                                                  config.split_seed.value_or(0), needed));
  TUTTI_ASSIGN_OR_RETURN(shown.classes,
                         ChooseClasses(options.classes, shown.splits.class_names));
  for (SplitItems* split :
       {&shown.splits.train, &shown.splits.validation, &shown.splits.test}) {
    if (!options.classes.empty()) KeepClasses(shown.classes, *split);
  }
  if (!options.split.empty()) {
    for (const auto& [name, split] : NamedSplits(shown.splits)) {
      if (options.split != name) *const_cast<SplitItems*>(split) = SplitItems();
    }
  }
  shown.description = DescribeSplits(shown.dataset, shown.splits);
  if (shown.description["splits"].AsObject().empty()) {
    return NotFound(options.what + " has no images" +
                    (options.split.empty() ? "" : " in its " + options.split + " split") +
                    (options.classes.empty() ? "" : " of these classes"));
  }
  Json names = Json::MakeArray();
  for (const std::string& name : shown.splits.class_names) names.Append(name);
  shown.description.Set("class_names", std::move(names));
  return shown;
}

// The split whose bars and samples are shown: the asked one, else the first that has images.
NamedSplit MainSplit(const Shown& shown) {
  for (const NamedSplit& named : NamedSplits(shown.splits)) {
    if (!named.split->items.empty()) return named;
  }
  return {"train", &shown.splits.train};
}

Table ClassTable(const Shown& shown) {
  Table table;
  table.columns = {"split", "class", "label", "n"};
  for (const auto& [split, description] : shown.description["splits"].AsObject()) {
    for (const std::int32_t k : shown.classes) {
      table.rows.push_back({split, k, shown.splits.class_names[static_cast<std::size_t>(k)],
                            description["class_counts"][static_cast<std::size_t>(k)]});
    }
  }
  return table;
}

void PrintClasses(const Shown& shown) {
  const Json& splits = shown.description["splits"];
  std::size_t label_width = 5;
  for (const std::int32_t k : shown.classes) {
    label_width = std::max(label_width,
                           DisplayWidth(shown.splits.class_names[static_cast<std::size_t>(k)]));
  }
  std::printf("\nclass%s", std::string(label_width - 5, ' ').c_str());
  for (const auto& [name, split] : splits.AsObject()) std::printf("  %10s", name.c_str());
  std::printf("  %s\n", MainSplit(shown).name);
  std::int64_t most = 1;
  const Json& bars = splits[MainSplit(shown).name]["class_counts"];
  for (const std::int32_t k : shown.classes) {
    most = std::max(most, bars[static_cast<std::size_t>(k)].AsInt());
  }
  for (const std::int32_t k : shown.classes) {
    const auto index = static_cast<std::size_t>(k);
    const std::string& label = shown.splits.class_names[index];
    std::printf("%s%s", label.c_str(),
                std::string(label_width - DisplayWidth(label), ' ').c_str());
    for (const auto& [name, split] : splits.AsObject()) {
      std::printf("  %10" PRId64, split["class_counts"][index].AsInt());
    }
    const double share =
        static_cast<double>(bars[index].AsInt()) / static_cast<double>(most);
    std::printf("  %s\n", Bar(share, kBarWidth).c_str());
  }
  std::printf("all%s", std::string(label_width - 3, ' ').c_str());
  for (const auto& [name, split] : splits.AsObject()) {
    std::printf("  %10" PRId64, split["n"].AsInt());
  }
  std::printf("\n");
}

// Bars on a logarithmic scale: most pixels of such images are background.
void PrintIntensity(const Shown& shown) {
  const NamedSplit main = MainSplit(shown);
  const Json& counts = shown.description["splits"][main.name]["intensity"];
  std::array<double, kIntensityBins> bins{};
  double total = 0, sum = 0, squares = 0;
  for (std::size_t value = 0; value < 256; ++value) {
    const auto n = static_cast<double>(counts[value].AsInt());
    const double x = static_cast<double>(value) / 255;
    bins[value * kIntensityBins / 256] += n;
    total += n;
    sum += n * x;
    squares += n * x * x;
  }
  const double mean = sum / total;
  std::printf("\npixel values of %s: mean %.4f, standard deviation %.4f (of 0 to 1); bars are "
              "logarithmic\n",
              main.name, mean, std::sqrt(std::max(0.0, squares / total - mean * mean)));
  const double longest = std::log1p(*std::max_element(bins.begin(), bins.end()));
  for (std::size_t bin = 0; bin < kIntensityBins; ++bin) {
    std::printf("%3zu to %3zu  %8.4f %%  %s\n", bin * 256 / kIntensityBins,
                (bin + 1) * 256 / kIntensityBins - 1, 100 * bins[bin] / total,
                Bar(std::log1p(bins[bin]) / longest, kBarWidth).c_str());
  }
}

// As many samples a class as fit the terminal.
void PrintSamples(const ImageSet& half, const std::vector<SampleRow>& rows) {
  const int columns = TerminalWidth() > 0 ? TerminalWidth() : 100;
  const auto fit = static_cast<std::size_t>(
      std::max<std::int64_t>(1, (columns + 2) / (std::max<std::int64_t>(half.w, 1) + 2)));
  for (const SampleRow& row : rows) {
    if (row.items.empty()) continue;
    std::vector<std::vector<std::string>> blocks;
    for (std::size_t i = 0; i < std::min(fit, row.items.size()); ++i) {
      blocks.push_back(ImageLines(Brightness(half, row.items[i]), half.w, half.h));
    }
    std::printf("\n%s\n%s", row.label.c_str(), SideBySide(blocks, 2).c_str());
  }
}

void PrintText(const Shown& shown) {
  const Json& shape = shown.description["shape"];
  std::printf("%s: %" PRId64 " x %" PRId64 " x %" PRId64 ", %zu classes, sha256 %s\n",
              shown.dataset.name.c_str(), shape[0].AsInt(), shape[1].AsInt(), shape[2].AsInt(),
              shown.splits.class_names.size(), shown.dataset.sha256.c_str());
  PrintClasses(shown);
  PrintIntensity(shown);
}

}  // namespace

int RunDataShow(const Globals& globals, const DataShowOptions& options) {
  auto shown = Load(globals, options);
  if (!shown) return Fail(shown.error());
  switch (globals.format) {
    case Format::kTable:
    case Format::kWide: PrintText(*shown); break;
    case Format::kJson:
    case Format::kYaml:
      std::fputs(RenderObject(shown->description, globals.format).c_str(), stdout);
      break;
    default: std::fputs(Render(ClassTable(*shown), globals.format).c_str(), stdout);
  }
  const NamedSplit main = MainSplit(*shown);
  const ImageSet& half =
      main.split->from_test_half ? shown->dataset.test : shown->dataset.train;
  std::vector<std::int32_t> classes = shown->classes;
  if (std::find(main.split->labels.begin(), main.split->labels.end(), -1) !=
      main.split->labels.end()) {
    classes.push_back(-1);
  }
  const auto rows =
      ChooseSamples(*main.split, shown->splits.class_names, classes, options.samples);
  if (options.preview) PrintSamples(half, rows);
  if (options.out.empty()) return kExitOk;
  const Status written = WriteFileAtomically(options.out, SampleGridPng(half, rows));
  if (!written) return Fail(written.error());
  // It is a picture to show around, not state of a cluster.
  std::error_code ignored;
  std::filesystem::permissions(options.out, std::filesystem::perms(0644), ignored);
  std::fprintf(stderr, "tutti: samples of %s: %s\n", main.name, options.out.c_str());
  return kExitOk;
}

}  // namespace tutti::cli
