#include "experiments/spec/meaning.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/spec/document.h"

namespace tutti::spec {
namespace {

constexpr double kMaxConfigurations = 100000;

std::string CountText(double count) {
  return count < 1e15 ? std::to_string(static_cast<std::int64_t>(count)) : FormatDouble(count);
}

void CheckStorage(const Document& document) {
  if (document.Text("checkpoint_storage.type") == "shared_fs") {
    if (document.Text("checkpoint_storage.host_path").empty()) {
      document.Fail("checkpoint_storage", "checkpoint_storage of type shared_fs needs host_path");
    } else {
      document.Warn("checkpoint_storage.host_path",
           "checkpoint_storage.host_path is not used by this version: checkpoints are kept in the "
           "coordinator's state directory, from where every node gets them");
    }
  }
  if (document.Number("resources.weight") != 1) {
    document.Warn("resources.weight",
         "resources.weight has no effect in this version: experiments share by priority, then in "
         "the order of their submission");
  }
  const Json* most = document.Get("resources.max_slots");
  if (most != nullptr && most->AsInt() < document.Int("resources.slots_per_trial")) {
    document.Fail("resources.max_slots", "resources.max_slots is " + most->Dump() +
                                    ", less than resources.slots_per_trial (" +
                                    std::to_string(document.Int("resources.slots_per_trial")) +
                                    "): no trial could ever start");
  }
}

void CheckMetric(const Document& document) {
  const std::string& metric = document.Text("searcher.metric");
  const auto parsed = ParseMetricName(metric);
  if (!parsed.ok()) {
    std::vector<std::string> names;
    for (const std::string& name : MetricNames()) names.push_back("validation_" + name);
    return document.Fail("searcher.metric",
                "searcher." + parsed.error().message() + Suggestion(metric, names));
  }
  const auto& [split, name] = parsed.value();
  const auto larger = LargerIsBetter(name);
  if (!larger) {
    return document.Fail("searcher.metric", "searcher.metric '" + metric +
                                                "': the trainer reports no '" +
                                       name + "'" + Suggestion(name, MetricNames()));
  }
  if (split == Split::kTest) {
    return document.Fail("searcher.metric", "searcher.metric '" + metric +
                                       "': the test split never selects anything; use "
                                       "validation_" + name);
  }
  if (split == Split::kTrain && name != "loss" && name != "accuracy") {
    return document.Fail("searcher.metric", "searcher.metric '" + metric +
                                       "': of the training split only train_loss and "
                                       "train_accuracy are reported");
  }
  const bool smaller = document.Get("searcher.smaller_is_better")->AsBool();
  if (*larger && smaller) {
    document.Fail("searcher.metric", "searcher.metric '" + metric +
                                "' grows with quality; say smaller_is_better: false");
  } else if (!*larger && !smaller) {
    document.Warn("searcher.smaller_is_better",
                  "searcher.smaller_is_better is false, but '" + metric +
                                           "' falls with quality: the worst would win");
  }
}

void CheckLimits(const Document& document) {
  const std::string& name = document.Text("searcher.name");
  const Json* max_trials = document.Get("searcher.max_trials");
  const bool written = document.root().FindPath("searcher.max_trials") != nullptr;
  if (name == "random" && !written) {
    document.Fail("searcher", "searcher random needs max_trials: how many configurations to try");
  } else if (name != "random" && written && max_trials->AsInt() != 1) {
    document.Warn("searcher.max_trials",
         "searcher.max_trials has no meaning for searcher " + name + " and is ignored");
  }
}

// How many configurations the searcher tries.
double CheckSearcher(const Document& document, const std::vector<SpaceUse>& spaces,
                     Report& report) {
  const std::string& name = document.Text("searcher.name");
  double points = 1;
  bool varied = false;
  for (const SpaceUse& use : spaces) {
    varied = varied || use.type != SpaceType::kConst;
    if (name == "grid" && use.grid_points == 0) {
      report.Error(use.key_at, "hyperparameters." + use.path,
                    "searcher grid needs count for '" + use.path +
                        "': how many points between its bounds");
    }
    points *= static_cast<double>(std::max<std::int64_t>(use.grid_points, 1));
  }
  if (name == "grid" && points > kMaxConfigurations) {
    document.Fail("hyperparameters", "the grid has " + CountText(points) +
                                " configurations, at most 100000 are possible");
  }
  if (name == "single" && varied) {
    document.Warn("searcher.name",
                  "searcher single tries one random point of the search space; use "
                          "random or grid to try more");
  }
  const Node* section = document.root().Find("hyperparameters");
  const bool written = section != nullptr && !section->members.empty();
  if (name != "single" && !varied && !(written && spaces.empty())) {
    document.Warn("searcher.name",
                  "searcher " + name + " has nothing to vary: hyperparameters holds no "
                          "search space");
  }
  if (name == "random") return document.Number("searcher.max_trials");
  return name == "grid" ? points : 1;
}

}  // namespace

void CheckTrialMeaning(const Json& canonical, const Node& root, Report& report) {
  const Document document(canonical, root, report);
  CheckDataRules(document);
  CheckTrainingRules(document);
  CheckStorage(document);
}

void CheckSearchMeaning(const Json& canonical, const Node& root,
                        const std::vector<SpaceUse>& spaces, Report& report) {
  const Document document(canonical, root, report);
  CheckMetric(document);
  CheckLimits(document);
  const double configurations = CheckSearcher(document, spaces, report);
  CheckEnsembleRules(document, configurations);
}

}  // namespace tutti::spec
