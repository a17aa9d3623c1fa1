#include "experiments/spec/search_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/core/config/experiment_config.h"
#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/searcher_kinds.h"

namespace tutti::spec {
namespace {

constexpr double kMaxConfigurations = 100000;

std::string CountText(double count) {
  return count < 1e15 ? std::to_string(static_cast<std::int64_t>(count)) : FormatDouble(count);
}

bool IsCost(const std::string& metric) { return metric == "parameters" || metric == "flops"; }

// The part after the split if the trainer reports such a metric and it may select; else reports
// what is wrong. `field`: "searcher.metric", "searcher.metrics[1].metric".
std::optional<std::string> KnownMetric(const Document& document, const std::string& field,
                                       const std::string& metric) {
  const auto fail = [&](const std::string& what) {
    document.Fail(field, field + " '" + metric + "': " + what);
    return std::nullopt;
  };
  const auto parsed = ParseMetricName(metric);
  if (!parsed.ok()) {
    std::vector<std::string> names;
    for (const std::string& name : MetricNames()) names.push_back("validation_" + name);
    if (field != "searcher.metric") names.insert(names.end(), {"parameters", "flops"});
    const std::string section = field.substr(0, field.rfind('.') + 1);
    document.Fail(field, section + parsed.error().message() + Suggestion(metric, names));
    return std::nullopt;
  }
  const auto& [split, name] = parsed.value();
  if (split == Split::kTest) {
    return fail("the test split never selects anything; use validation_" + name);
  }
  if (document.HasEntrypoint()) return name;
  if (!LargerIsBetter(name)) {
    return fail("the trainer reports no '" + name + "'" + Suggestion(name, MetricNames()));
  }
  if (split == Split::kTrain && name != "loss" && name != "accuracy") {
    return fail("of the training split only train_loss and train_accuracy are reported");
  }
  return name;
}

void CheckDirection(const Document& document, const std::string& field, const std::string& metric,
                    const std::string& name, bool smaller) {
  const auto larger = LargerIsBetter(name);
  if (!larger) return;
  if (*larger && smaller) {
    document.Fail(field, field + " '" + metric + "' grows with quality; say smaller_is_better: "
                                                 "false");
  } else if (!*larger && !smaller) {
    const std::string direction = field.substr(0, field.rfind('.')) + ".smaller_is_better";
    document.Warn(direction, direction + " is false, but '" + metric +
                                 "' falls with quality: the worst would win");
  }
}

void CheckMetric(const Document& document) {
  const std::string& metric = document.Text("searcher.metric");
  if (IsCost(metric)) {
    return document.Fail("searcher.metric", "searcher.metric is '" + metric +
                                                "', which selects no checkpoint; put it into "
                                                "searcher.metrics (nsga2) or constraints");
  }
  const auto name = KnownMetric(document, "searcher.metric", metric);
  if (!name) return;
  CheckDirection(document, "searcher.metric", metric, *name,
                 document.Get("searcher.smaller_is_better")->AsBool());
}

void CheckObjectives(const Document& document) {
  if (document.Text("searcher.name") != "nsga2") return;
  const auto& metrics = document.Get("searcher.metrics")->AsArray();
  if (metrics.size() < 2) {
    return document.Fail("searcher", "searcher nsga2 needs metrics: two or more, for example "
                                     "[{metric: validation_accuracy, smaller_is_better: false}, "
                                     "parameters]");
  }
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const std::string field = "searcher.metrics[" + std::to_string(i) + "].metric";
    const std::string& metric = metrics[i]["metric"].AsString();
    const bool smaller = metrics[i]["smaller_is_better"].AsBool();
    if (std::find(seen.begin(), seen.end(), metric) != seen.end()) {
      document.Fail(field, field + " is '" + metric + "' again");
    }
    seen.push_back(metric);
    if (i == 0) {
      const bool same_direction =
          document.Get("searcher.smaller_is_better")->AsBool() == smaller;
      if (metric != document.Text("searcher.metric") || !same_direction) {
        document.Fail(field, "the first of searcher.metrics is '" + metric +
                                 "', but searcher.metric is '" + document.Text("searcher.metric") +
                                 "': both must be the same, with the same smaller_is_better; leave "
                                 "searcher.metric out");
      }
    } else if (IsCost(metric)) {
      if (document.HasEntrypoint()) {
        document.Fail(field, field + " '" + metric + "' is not known of a program; let it report "
                                                     "a metric instead");
      }
    } else if (const auto name = KnownMetric(document, field, metric)) {
      CheckDirection(document, field, metric, *name, smaller);
    }
  }
}

void CheckConstraints(const Document& document) {
  const auto& constraints = document.Get("searcher.constraints")->AsArray();
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const std::string at = "searcher.constraints[" + std::to_string(i) + "]";
    const std::string& metric = constraints[i]["metric"].AsString();
    const Json* least = constraints[i].Find("min");
    const Json* most = constraints[i].Find("max");
    if (least == nullptr && most == nullptr) {
      document.Fail(at, at + " has neither min nor max");
    } else if (least != nullptr && most != nullptr && least->AsDouble() > most->AsDouble()) {
      document.Fail(at, at + " has min " + least->Dump() + " above max " + most->Dump());
    }
    if (!IsCost(metric)) {
      KnownMetric(document, at + ".metric", metric);
    } else if (document.HasEntrypoint()) {
      document.Fail(at, at + " is about " + metric + ", which is not known of a program; let it "
                                                     "report a metric instead");
    }
  }
}

// Parameters and FLOPs are computed before a trial starts, without its data.
void CheckCosts(const Document& document) {
  if (document.HasEntrypoint() || FindModelInput(document.canonical()["data"])) return;
  for (const char* field : {"searcher.metrics", "searcher.constraints"}) {
    const auto& items = document.Get(field)->AsArray();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!IsCost(items[i]["metric"].AsString())) continue;
      const std::string at = std::string(field) + "[" + std::to_string(i) + "]";
      document.Fail(at, at + " is about " + items[i]["metric"].AsString() +
                            ", which is not known before the files of data set '" +
                            document.Text("data.dataset") + "' are read; csv with class_names "
                            "tells them");
    }
  }
}

void CheckStopRules(const Document& document) {
  const auto& rules = document.Get("searcher.stop")->AsArray();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].size() == 1) continue;
    const std::string at = "searcher.stop[" + std::to_string(i) + "]";
    document.Fail(at, at + " is " + (rules[i].size() == 0 ? "empty" : "two rules") +
                          ", expected one of patience and median");
  }
}

void CheckLimits(const Document& document) {
  const std::string& name = document.Text("searcher.name");
  const SearcherKind* kind = FindSearcherKind(name);
  const Json* max_trials = document.Get("searcher.max_trials");
  const bool written = document.root().FindPath("searcher.max_trials") != nullptr;
  const auto need = [&](const std::string& field, const char* what) {
    if (document.Int("searcher." + field) != 0) return;
    document.Fail("searcher", "searcher " + name + " needs " + field + ": " + what);
  };
  if (kind->needs_max_trials && !written) {
    document.Fail("searcher",
                  "searcher " + name + " needs max_trials: how many configurations to try");
  } else if (!kind->needs_max_trials && written && max_trials->AsInt() != 1) {
    document.Warn("searcher.max_trials",
         "searcher.max_trials has no meaning for searcher " + name + " and is ignored");
  }
  if (name == "async_halving") need("num_rungs", "how many times trials are compared");
  if (name == "pbt") {
    need("num_rounds", "how many times the population is compared");
    need("round_time", "how long it trains between two comparisons");
  }
  if (name == "nsga2" && written &&
      max_trials->AsInt() < document.Int("searcher.population_size")) {
    document.Warn("searcher.max_trials",
                  "searcher.max_trials is " + max_trials->Dump() +
                      ", less than searcher.population_size (" +
                      std::to_string(document.Int("searcher.population_size")) +
                      "): no generation follows the first");
  }
}

// A child of pbt has a seed of its own.
void CheckSplitOfFamily(const Document& document) {
  const Json* seed = document.Get("data.split_seed");
  if (document.Text("searcher.name") != "pbt" || seed == nullptr || *seed != Json("per_trial")) {
    return;
  }
  document.Fail("data.split_seed",
                "data.split_seed is per_trial, but searcher pbt goes on from the checkpoints of other "
                "trials: items that one was trained on would validate the other; leave it out");
}

// Trials that are compared must be equally long.
void CheckCommonLength(const Document& document, const std::vector<SpaceUse>& spaces,
                       Report& report) {
  const std::string& name = document.Text("searcher.name");
  const bool pbt = name == "pbt";
  if (!pbt && !FindSearcherKind(name)->stops_early) return;
  for (const SpaceUse& use : spaces) {
    if (use.path != "training.epochs" || document.HasEntrypoint()) continue;
    report.Error(use.key_at, "hyperparameters." + use.path,
                 "searcher " + name + " compares trials at certain times, so that all must be "
                 "equally long: take training.epochs out of hyperparameters and give max_time");
    return;
  }
  const std::int64_t length = document.Int("searcher.max_time");
  const std::int64_t rounds =
      pbt ? document.Int("searcher.num_rounds") * document.Int("searcher.round_time") : 0;
  if (pbt && length != 0 && rounds != 0 && length != rounds) {
    document.Fail("searcher.round_time",
                  "searcher.num_rounds times round_time is " + std::to_string(rounds) +
                      ", but a trial is " + std::to_string(length) + " long; give one of them");
  }
  if (length == 0 && document.HasEntrypoint() && !pbt) {
    document.Fail("searcher", "searcher " + name + " needs max_time: the length of a trial, in "
                              "what the program reports as " +
                              document.Text("searcher.time_metric"));
  }
}

// How many configurations the searcher tries.
double CheckSpaces(const Document& document, const std::vector<SpaceUse>& spaces,
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
  if (name == "pbt") return document.Number("searcher.population_size");
  return name == "grid" ? points : document.Number("searcher.max_trials");
}

}  // namespace

bool SmallerIsBetter(const std::string& metric) {
  const auto parsed = ParseMetricName(metric);
  return !parsed.ok() || !LargerIsBetter(parsed.value().second).value_or(false);
}

void CheckContinues(const SpaceUse& use, Report& report) {
  const std::string& path = use.path;
  if (use.type == SpaceType::kConst) return;
  std::string why;
  if (path.starts_with("data") && !path.starts_with("data.augment")) {
    why = "other data";
  } else if (path == "training.optimizer" || path == "training.optimizer.name") {
    why = "another optimiser, which keeps other things";
  } else if (path == "training.freeze" || path == "training.ema" ||
             path == "training.precision" || path == "training.gradient.accumulate") {
    why = "a checkpoint of other contents";
  }
  if (why.empty()) return;
  report.Error(use.key_at, "hyperparameters." + path,
               "searcher pbt goes on from the checkpoints of other trials, but '" + path +
                   "' means " + why + "; take it out of hyperparameters");
}

double CheckSearchRules(const Document& document, const std::vector<SpaceUse>& spaces,
                        Report& report) {
  CheckMetric(document);
  CheckObjectives(document);
  CheckConstraints(document);
  CheckCosts(document);
  CheckStopRules(document);
  CheckLimits(document);
  CheckCommonLength(document, spaces, report);
  CheckSplitOfFamily(document);
  return CheckSpaces(document, spaces, report);
}

}  // namespace tutti::spec
