#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "cli/exit_code.h"
#include "cli/image_text.h"
#include "cli/predict_networks.h"
#include "cli/predict_pictures.h"
#include "cli/temporary_cluster.h"
#include "cli/verbs.h"

// `tutti predict`: what pictures show, says a trained network or an ensemble.

namespace tutti::cli {
namespace {

struct Guess {
  std::string label;
  double p = 0;
};

// Classes of picture `i`, most probable first; of equals the lower class. The predicted class comes
// first even where votes and probabilities differ.
std::vector<Guess> Guesses(const Answers& answers, std::size_t i, std::int64_t top) {
  const std::size_t classes = answers.class_names.size();
  const double* p = answers.combined.probabilities.data() + i * classes;
  std::vector<std::size_t> order(classes);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto predicted = static_cast<std::size_t>(answers.combined.predicted[i]);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (a == predicted || b == predicted) return a == predicted && b != predicted;
    return p[a] > p[b];
  });
  std::vector<Guess> guesses;
  for (const std::size_t k : order) {
    if (static_cast<std::int64_t>(guesses.size()) == top) break;
    guesses.push_back({answers.class_names[k], p[k]});
  }
  return guesses;
}

Json ToJson(const PreparedPicture& picture, const std::vector<Guess>& guesses) {
  Json object = Json::MakeObject({{"file", picture.file}});
  if (picture.error) {
    object.Set("error", picture.error->ToString());
    return object;
  }
  Json top = Json::MakeArray();
  for (const Guess& guess : guesses) {
    top.Append(Json::MakeObject({{"label", guess.label}, {"p", guess.p}}));
  }
  object.Set("character", picture.character);
  object.Set("box", Json::MakeArray({picture.left, picture.top, picture.right, picture.bottom}));
  object.Set("prediction", guesses[0].label);
  object.Set("p", guesses[0].p);
  object.Set("top", std::move(top));
  return object;
}

std::string Fixed(double p) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4f", p);
  return text;
}

class Report {
 public:
  Report(const Globals& globals, const PredictOptions& options, const NetworkInput& input)
      : format_(globals.format), input_(input), top_(options.top) {
    table_.columns = {"file", "character", "prediction", "p", "next"};
    table_.name_column = "prediction";
    if (!options.segment) table_.short_columns = {"file", "prediction", "p", "next"};
    const bool text = format_ == Format::kTable || format_ == Format::kWide;
    preview_ = options.preview || (text && TerminalWidth() > 0 && !options.no_preview);
  }

  void Add(const PreparedPicture& picture, const Answers& answers, std::size_t i) {
    if (picture.error) {
      objects_.Append(ToJson(picture, {}));
      return;
    }
    const auto guesses = Guesses(answers, i, top_);
    objects_.Append(ToJson(picture, guesses));
    std::string next;
    for (std::size_t k = 1; k < guesses.size(); ++k) {
      next += (next.empty() ? "" : ", ") + guesses[k].label + " " + Fixed(guesses[k].p);
    }
    table_.rows.push_back({picture.file, picture.character, guesses[0].label,
                           Fixed(guesses[0].p), next});
    if (texts_.empty() || texts_.back().first != picture.file || picture.character == 0) {
      texts_.emplace_back(picture.file, "");
    }
    texts_.back().second += guesses[0].label;
    if (preview_) Preview(picture, guesses[0]);
  }

  void Print(bool segment) const {
    if (format_ == Format::kJson || format_ == Format::kYaml) {
      std::fputs(format_ == Format::kJson ? (objects_.Dump(2) + "\n").c_str()
                                          : ToYaml(objects_).c_str(),
                 stdout);
    } else if (format_ == Format::kJsonl) {
      for (const Json& object : objects_.AsArray()) std::printf("%s\n", object.Dump().c_str());
    } else {
      std::fputs(Render(table_, format_, TerminalWidth()).c_str(), stdout);
      if (!segment || (format_ != Format::kTable && format_ != Format::kWide)) return;
      for (const auto& [file, text] : texts_) std::printf("%s: %s\n", file.c_str(), text.c_str());
    }
  }

 private:
  // On stderr where stdout is read by a program.
  void Preview(const PreparedPicture& picture, const Guess& guess) const {
    std::FILE* out = format_ == Format::kTable || format_ == Format::kWide ? stdout : stderr;
    const auto plane = static_cast<std::size_t>(input_.height * input_.width);
    std::vector<std::uint8_t> bytes(plane);
    for (std::size_t i = 0; i < plane; ++i) {
      std::size_t sum = 0;
      for (std::int64_t c = 0; c < input_.channels; ++c) {
        sum += picture.pixels[static_cast<std::size_t>(c) * plane + i];
      }
      bytes[i] = static_cast<std::uint8_t>(sum / static_cast<std::size_t>(input_.channels));
    }
    std::fprintf(out, "%s: %s (%s)\n", picture.file.c_str(), guess.label.c_str(),
                 Fixed(guess.p).c_str());
    for (const std::string& line : ImageLines(bytes, input_.width, input_.height)) {
      std::fprintf(out, "  |%s|\n", line.c_str());
    }
  }

  Format format_;
  const NetworkInput& input_;
  std::int64_t top_;
  bool preview_ = false;
  Table table_;
  Json objects_ = Json::MakeArray();
  std::vector<std::pair<std::string, std::string>> texts_;  // what stands in each picture
};

// The networks, and the pictures that follow on the command line.
Result<NetworkGroup> ChooseNetworks(Database& database, const PredictOptions& options,
                                    std::vector<std::string>& paths) {
  paths = options.words;
  if (options.ensemble > 0) return ReadEnsemble(database, options.ensemble);
  if (paths.empty()) return InvalidArgument("predict needs a checkpoint, e.g. 12.3@best");
  TUTTI_ASSIGN_OR_RETURN(const CheckpointId id, ParseCheckpointId(database, paths[0]));
  paths.erase(paths.begin());
  return SingleNetwork(id);
}

Result<Answers> Ask(const Globals& globals, const PredictOptions& options,
                    const NetworkGroup& networks, const NetworkInput& input,
                    const std::vector<PreparedPicture>& pictures) {
  std::string pixels;
  std::int64_t n = 0;
  for (const PreparedPicture& picture : pictures) {
    if (picture.error) continue;
    pixels.append(picture.pixels.begin(), picture.pixels.end());
    ++n;
  }
  if (n == 0) return Answers();
  TUTTI_ASSIGN_OR_RETURN(TemporaryCluster cluster,
                         TemporaryCluster::Open(globals, options.cluster));
  CoordinatorClient client(cluster.address());
  auto answers =
      AskNetworks(client, networks, pixels, n, {input.channels, input.height, input.width});
  const Status stopped = cluster.Stop();
  if (!stopped) Fail(stopped.error());
  return answers;
}

}  // namespace

int RunPredict(const Globals& globals, const PredictOptions& options) {
  InstallInterruptHandler();
  std::vector<std::string> paths;
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  const auto networks = ChooseNetworks(**database, options, paths);
  if (!networks) return Fail(networks.error());
  if (paths.empty()) {
    return Fail(InvalidArgument("predict needs pictures: files, folders, or - for standard input"));
  }
  const auto input = ReadNetworkInput(**database, networks->networks[0]);
  if (!input) return Fail(input.error());
  const auto pictures =
      PreparePictures(paths, *input, {options.segment, !options.no_prepare});
  bool failed = false;
  for (const PreparedPicture& picture : pictures) {
    if (picture.error) Fail(*picture.error);
    failed = failed || picture.error;
  }
  const auto answers = Ask(globals, options, *networks, *input, pictures);
  if (!answers) return Fail(answers.error());
  Report report(globals, options, *input);
  std::size_t i = 0;
  for (const PreparedPicture& picture : pictures) {
    report.Add(picture, *answers, i);
    i += picture.error ? 0 : 1;
  }
  report.Print(options.segment);
  return failed ? kExitFailed : kExitOk;
}

}  // namespace tutti::cli
