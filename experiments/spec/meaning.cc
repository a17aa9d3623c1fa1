#include "experiments/spec/meaning.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/spec/model_check.h"
#include "experiments/spec/shape.h"

namespace tutti::spec {
namespace {

constexpr double kMaxConfigurations = 100000;

std::string CountText(double count) {
  return count < 1e15 ? std::to_string(static_cast<std::int64_t>(count)) : FormatDouble(count);
}

class MeaningChecker {
 public:
  MeaningChecker(const Json& canonical, const Node& root, Report& report)
      : canonical_(canonical), root_(root), report_(report) {}

  void CheckTrial() {
    CheckData();
    CheckSplits();
    CheckTraining();
    CheckStorage();
  }

  void CheckSearch(const std::vector<SpaceUse>& spaces) {
    CheckMetric();
    CheckLimits();
    CheckSearcher(spaces);
  }

 private:
  void Fail(std::string_view path, std::string message) {
    report_.Error(PositionOf(root_, path), path, std::move(message));
  }
  void Warn(std::string_view path, std::string message) {
    report_.Warning(PositionOf(root_, path), path, std::move(message));
  }
  const Json* Get(std::string_view path) const { return canonical_.FindPath(path); }
  std::int64_t Int(std::string_view path) const { return Get(path)->AsInt(); }
  double Number(std::string_view path) const { return Get(path)->AsDouble(); }
  const std::string& Text(std::string_view path) const { return Get(path)->AsString(); }

  void CheckData() {
    const std::string& dataset = Text("data.dataset");
    const DatasetFacts* facts = FindDatasetFacts(dataset);
    if (dataset == "idx") return CheckIdx();
    if (facts == nullptr) return;
    std::int64_t classes = facts->classes;
    std::int64_t items = facts->train_items;
    if (dataset == "glyphs") {
      classes = Int("data.options.classes");
      items = Int("data.options.train");
    }
    const auto& chosen = Get("data.classes")->AsArray();
    if (chosen.size() == 1) {
      Fail("data.classes", "data.classes has one class, expected two or more");
    }
    for (const Json& label : chosen) {
      if (label.AsInt() >= classes) {
        Fail("data.classes", "data.classes holds " + label.Dump() + ", but " + dataset +
                                 " has the classes 0 to " + std::to_string(classes - 1));
      }
    }
    const Json* subset = Get("data.subset");
    if (subset != nullptr && subset->AsInt() > items) {
      Fail("data.subset", "data.subset is " + subset->Dump() + ", but " + dataset + " has " +
                              std::to_string(items) + " training items");
    }
  }

  void CheckIdx() {
    const auto has = [&](const char* name) {
      return Get(std::string("data.options.") + name) != nullptr;
    };
    for (const std::string half : {"train", "test"}) {
      const bool images = has((half + "_images").c_str());
      if (images != has((half + "_labels").c_str())) {
        Fail("data.options", "data.options has " + half + (images ? "_images" : "_labels") +
                                 " but no " + half + (images ? "_labels" : "_images"));
      }
    }
    const bool tests = has("test_images") || Get("data.splits.test") != nullptr;
    for (const Json& split : Get("evaluation.splits")->AsArray()) {
      if (split == Json("test") && !tests) {
        Fail("evaluation.splits", "evaluation.splits holds test, but the data set has neither "
                                  "test_images nor data.splits.test");
      }
    }
    if (!has("train_images")) {
      Fail("data.options", "data set idx needs data.options.train_images and train_labels");
    }
  }

  void CheckSplits() {
    const Json* train = Get("data.splits.train");
    const Json* test = Get("data.splits.test");
    const double validation = Number("data.splits.validation");
    if ((train == nullptr) != (test == nullptr)) {
      const std::string has = train == nullptr ? "test but no train" : "train but no test";
      Fail("data.splits", "data.splits has " + has + ": the three-way form names train, " +
                              "validation and test");
    } else if (train != nullptr) {
      const double sum = train->AsDouble() + validation + test->AsDouble();
      if (std::fabs(sum - 1) > 1e-9) {
        Fail("data.splits",
             "data.splits sum to " + FormatDouble(std::round(sum * 1e9) / 1e9) +
                 ", expected 1 (train " + FormatDouble(train->AsDouble()) + ", validation " +
                 FormatDouble(validation) + ", test " + FormatDouble(test->AsDouble()) + ")");
      }
    }
    if (validation > 0) return;
    if (Text("searcher.metric").starts_with("validation_")) {
      Fail("data.splits.validation", "data.splits.validation is 0, but searcher.metric " +
                                         Text("searcher.metric") + " needs a validation split");
    }
    for (const Json& split : Get("evaluation.splits")->AsArray()) {
      if (split == Json("validation")) {
        Fail("evaluation.splits",
             "evaluation.splits holds validation, but data.splits.validation is 0");
      }
    }
  }

  void CheckTraining() {
    const std::int64_t epochs = Int("training.epochs");
    const Json* max_time = Get("searcher.max_time");
    if (max_time != nullptr && max_time->AsInt() != epochs) {
      Fail("training.epochs", "training.epochs is " + std::to_string(epochs) +
                                  ", but the searcher's length is " + max_time->Dump() +
                                  "; give one of them, or the same value");
    }
    if (Int("min_validation_period.epochs") > epochs) {
      Fail("min_validation_period", "min_validation_period is " +
                                        std::to_string(Int("min_validation_period.epochs")) +
                                        " epochs, but training has " + std::to_string(epochs));
    }
    const std::int64_t batch = Int("training.batch_size");
    const std::int64_t slots = Int("resources.slots_per_trial");
    if (batch < slots) {
      Fail("training.batch_size", "training.batch_size is " + std::to_string(batch) +
                                      ", less than resources.slots_per_trial (" +
                                      std::to_string(slots) +
                                      "): every slot needs an item of each batch");
    }
    const Json* subset = Get("data.subset");
    if (subset != nullptr && subset->AsInt() < batch) {
      Warn("training.batch_size", "training.batch_size is " + std::to_string(batch) +
                                      ", more than data.subset (" + subset->Dump() +
                                      "): an epoch is a single step");
    }
    if (Get("training.optimizer.nesterov")->AsBool() &&
        Number("training.optimizer.momentum") == 0) {
      Fail("training.optimizer.nesterov",
           "training.optimizer.nesterov needs training.optimizer.momentum above 0");
    }
  }

  void CheckStorage() {
    if (Text("checkpoint_storage.type") == "shared_fs") {
      if (Text("checkpoint_storage.host_path").empty()) {
        Fail("checkpoint_storage", "checkpoint_storage of type shared_fs needs host_path");
      } else {
        Warn("checkpoint_storage.host_path",
             "checkpoint_storage.host_path is not used by this version: checkpoints are kept in the "
             "coordinator's state directory, from where every node gets them");
      }
    }
    if (Number("resources.weight") != 1) {
      Warn("resources.weight",
           "resources.weight has no effect in this version: experiments share by priority, then in "
           "the order of their submission");
    }
    const Json* most = Get("resources.max_slots");
    if (most != nullptr && most->AsInt() < Int("resources.slots_per_trial")) {
      Fail("resources.max_slots", "resources.max_slots is " + most->Dump() +
                                      ", less than resources.slots_per_trial (" +
                                      std::to_string(Int("resources.slots_per_trial")) +
                                      "): no trial could ever start");
    }
  }

  void CheckMetric() {
    const std::string& metric = Text("searcher.metric");
    const auto parsed = ParseMetricName(metric);
    if (!parsed.ok()) {
      std::vector<std::string> names;
      for (const std::string& name : MetricNames()) names.push_back("validation_" + name);
      return Fail("searcher.metric",
                  "searcher." + parsed.error().message() + Suggestion(metric, names));
    }
    const auto& [split, name] = parsed.value();
    const auto larger = LargerIsBetter(name);
    if (!larger) {
      return Fail("searcher.metric", "searcher.metric '" + metric + "': the trainer reports no '" +
                                         name + "'" + Suggestion(name, MetricNames()));
    }
    if (split == Split::kTest) {
      return Fail("searcher.metric", "searcher.metric '" + metric +
                                         "': the test split never selects anything; use "
                                         "validation_" + name);
    }
    if (split == Split::kTrain && name != "loss" && name != "accuracy") {
      return Fail("searcher.metric", "searcher.metric '" + metric +
                                         "': of the training split only train_loss and "
                                         "train_accuracy are reported");
    }
    const bool smaller = Get("searcher.smaller_is_better")->AsBool();
    if (*larger && smaller) {
      Fail("searcher.metric", "searcher.metric '" + metric +
                                  "' grows with quality; say smaller_is_better: false");
    } else if (!*larger && !smaller) {
      Warn("searcher.smaller_is_better", "searcher.smaller_is_better is false, but '" + metric +
                                             "' falls with quality: the worst would win");
    }
  }

  void CheckLimits() {
    const std::string& name = Text("searcher.name");
    const Json* max_trials = Get("searcher.max_trials");
    const bool written = root_.FindPath("searcher.max_trials") != nullptr;
    if (name == "random" && !written) {
      Fail("searcher", "searcher random needs max_trials: how many configurations to try");
    } else if (name != "random" && written && max_trials->AsInt() != 1) {
      Warn("searcher.max_trials",
           "searcher.max_trials has no meaning for searcher " + name + " and is ignored");
    }
  }

  void CheckSearcher(const std::vector<SpaceUse>& spaces) {
    const std::string& name = Text("searcher.name");
    double points = 1;
    bool varied = false;
    for (const SpaceUse& use : spaces) {
      varied = varied || use.type != SpaceType::kConst;
      if (name == "grid" && use.grid_points == 0) {
        report_.Error(use.key_at, "hyperparameters." + use.path,
                      "searcher grid needs count for '" + use.path +
                          "': how many points between its bounds");
      }
      points *= static_cast<double>(std::max<std::int64_t>(use.grid_points, 1));
    }
    if (name == "grid" && points > kMaxConfigurations) {
      Fail("hyperparameters", "the grid has " + CountText(points) +
                                  " configurations, at most 100000 are possible");
    }
    if (name == "single" && varied) {
      Warn("searcher.name", "searcher single tries one random point of the search space; use "
                            "random or grid to try more");
    }
    const Node* section = root_.Find("hyperparameters");
    const bool written = section != nullptr && !section->members.empty();
    if (name != "single" && !varied && !(written && spaces.empty())) {
      Warn("searcher.name", "searcher " + name + " has nothing to vary: hyperparameters holds no "
                            "search space");
    }
  }

  const Json& canonical_;
  const Node& root_;
  Report& report_;
};

}  // namespace

void CheckTrialMeaning(const Json& canonical, const Node& root, Report& report) {
  MeaningChecker(canonical, root, report).CheckTrial();
}

void CheckSearchMeaning(const Json& canonical, const Node& root,
                        const std::vector<SpaceUse>& spaces, Report& report) {
  MeaningChecker(canonical, root, report).CheckSearch(spaces);
}

}  // namespace tutti::spec
