#include "experiments/core/config/search_config.h"

#include <utility>

namespace tutti {
namespace {

// when: {path: [values]}
void ReadWhen(DocumentReader& in, const Json& space, SearchDimension& dimension) {
  const Json* when = space.Find("when");
  if (when == nullptr || when->is_null()) return;
  const std::string where = "hyperparameters." + dimension.path;
  if (!when->is_object()) return in.Fail(where, "has a when that is no map");
  for (const auto& [path, values] : when->AsObject()) {
    if (!values.is_array() || values.size() == 0) {
      return in.Fail(where, "needs a list of values for '" + path + "' in its when");
    }
    dimension.when.push_back({path, values.AsArray()});
  }
}

void ReadStopRules(DocumentReader& in, SearcherConfig& searcher) {
  const Json* rules = in.Optional("searcher.stop");
  if (rules == nullptr) return;
  if (!rules->is_array()) return in.Fail("searcher.stop", "expected a list of rules");
  for (const Json& json : rules->AsArray()) {
    DocumentReader one(json);
    StopRuleConfig rule;
    rule.rule = json.Find("patience") != nullptr ? "patience" : "median";
    one.Read(rule.rule + ".grace_time", rule.grace_time);
    if (rule.rule == "patience") {
      one.Read("patience.validations", rule.patience);
      one.Read("patience.min_delta", rule.min_delta);
    } else {
      one.Read("median.min_trials", rule.min_trials);
    }
    if (one.failed()) return in.Fail("searcher.stop", one.message());
    searcher.stop.push_back(std::move(rule));
  }
}

void ReadConstraints(DocumentReader& in, SearcherConfig& searcher) {
  const Json* constraints = in.Optional("searcher.constraints");
  if (constraints == nullptr) return;
  if (!constraints->is_array()) return in.Fail("searcher.constraints", "expected a list");
  for (const Json& json : constraints->AsArray()) {
    DocumentReader one(json);
    ConstraintConfig constraint;
    one.Read("metric", constraint.metric);
    one.Read("min", constraint.min);
    one.Read("max", constraint.max);
    if (one.failed()) return in.Fail("searcher.constraints", one.message());
    searcher.constraints.push_back(std::move(constraint));
  }
}

void ReadObjectives(DocumentReader& in, SearcherConfig& searcher) {
  const Json* objectives = in.Optional("searcher.metrics");
  if (objectives == nullptr) return;
  if (!objectives->is_array()) return in.Fail("searcher.metrics", "expected a list");
  for (const Json& json : objectives->AsArray()) {
    DocumentReader one(json);
    ObjectiveConfig objective;
    one.Read("metric", objective.metric);
    one.Read("smaller_is_better", objective.smaller_is_better);
    if (one.failed()) return in.Fail("searcher.metrics", one.message());
    searcher.objectives.push_back(std::move(objective));
  }
}

void ReadObservations(DocumentReader& in, SearcherConfig& searcher) {
  in.ReadIf("searcher.learn_from", searcher.learn_from);
  const Json* observations = in.Optional("searcher.observations");
  if (observations == nullptr) return;
  if (!observations->is_array()) return in.Fail("searcher.observations", "expected a list");
  for (const Json& json : observations->AsArray()) {
    DocumentReader one(json);
    ObservationConfig observation;
    const Json* hparams = one.Required("hparams", &Json::is_object, "a map");
    if (hparams != nullptr) observation.hparams = *hparams;
    one.Read("value", observation.value);
    if (one.failed()) return in.Fail("searcher.observations", one.message());
    searcher.observations.push_back(std::move(observation));
  }
}

}  // namespace

void ReadSearchSpace(DocumentReader& in, SearchSpace& space) {
  const Json* spaces = in.Required("hyperparameters", &Json::is_object, "a map");
  if (spaces == nullptr) return;
  for (const auto& [path, json] : spaces->AsObject()) {
    const std::string where = "hyperparameters." + path;
    const Json* type = json.Find("type");
    const auto known = type != nullptr && type->is_string()
                           ? kSpaceTypeNames.Parse(type->AsString())
                           : std::nullopt;
    if (!known) return in.Fail(where, "has no type " + kSpaceTypeNames.Choices());
    SearchDimension dimension;
    dimension.path = path;
    dimension.type = *known;
    const auto number = [&](const char* key, double& out) {
      const Json* found = json.Find(key);
      if (found == nullptr || !found->is_number()) {
        return in.Fail(where, std::string("needs the number ") + key);
      }
      out = found->AsDouble();
    };
    if (*known == SpaceType::kConst) {
      if (json.Find("val") == nullptr) return in.Fail(where, "needs val");
      dimension.value = json["val"];
    } else if (*known == SpaceType::kCategorical) {
      const Json* vals = json.Find("vals");
      if (vals == nullptr || !vals->is_array() || vals->size() == 0) {
        return in.Fail(where, "needs a list vals");
      }
      dimension.vals = vals->AsArray();
    } else {
      number("minval", dimension.minval);
      number("maxval", dimension.maxval);
      if (*known == SpaceType::kLog) number("base", dimension.base);
      if (const Json* count = json.Find("count"); count != nullptr && count->is_int()) {
        dimension.count = count->AsInt();
      }
    }
    ReadWhen(in, json, dimension);
    space.push_back(std::move(dimension));
  }
}

void ReadSearcher(DocumentReader& in, const TrainingConfig& training, SearcherConfig& searcher) {
  in.Read("searcher.name", searcher.name);
  in.Read("searcher.metric", searcher.metric);
  in.Read("searcher.smaller_is_better", searcher.smaller_is_better);
  in.Read("searcher.max_trials", searcher.max_trials);
  in.Read("searcher.max_concurrent_trials", searcher.max_concurrent_trials);
  in.ReadIf("searcher.time_metric", searcher.time_metric);
  in.ReadIf("searcher.max_time", searcher.max_time);
  if (searcher.max_time == 0) {
    searcher.max_time = training.max_batches > 0 ? training.max_batches : training.epochs;
  }
  in.ReadIf("searcher.deterministic", searcher.deterministic);
  in.ReadIf("searcher.divisor", searcher.divisor);
  in.ReadIf("searcher.num_rungs", searcher.num_rungs);
  in.ReadIf("searcher.max_rungs", searcher.max_rungs);
  in.ReadIf("searcher.mode", searcher.mode);
  in.ReadIf("searcher.bracket_rungs", searcher.bracket_rungs);
  in.ReadIf("searcher.population_size", searcher.population_size);
  in.ReadIf("searcher.num_rounds", searcher.num_rounds);
  in.ReadIf("searcher.round_time", searcher.round_time);
  in.ReadIf("searcher.truncate_fraction", searcher.truncate_fraction);
  in.ReadIf("searcher.perturb_factor", searcher.perturb_factor);
  in.ReadIf("searcher.resample_probability", searcher.resample_probability);
  in.ReadIf("searcher.startup_trials", searcher.startup_trials);
  ReadObjectives(in, searcher);
  ReadStopRules(in, searcher);
  ReadConstraints(in, searcher);
  ReadObservations(in, searcher);
}

}  // namespace tutti
