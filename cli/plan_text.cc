#include "cli/plan_text.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "cli/output.h"
#include "experiments/models/describe.h"
#include "experiments/models/graph.h"
#include "experiments/search/searcher.h"
#include "experiments/spec/dataset_facts.h"

namespace tutti::cli {
namespace {

// The architectures an experiment compares: the model of every configuration that the searcher
// proposes at once (bounded by the searcher), each only once.
struct Architecture {
  Json model;
  std::string first_hparams;
};

std::vector<Architecture> ArchitecturesOf(const ExperimentConfig& config,
                                          const std::vector<search::SearchAction>& actions) {
  std::vector<Architecture> architectures;
  std::set<std::string> seen;
  const auto add = [&](const Json& hparams) {
    const Json trial = ApplyHparams(config.canonical, hparams);
    const Json* model = trial.Find("model");
    if (model != nullptr && seen.insert(model->Dump()).second) {
      architectures.push_back({*model, hparams.Dump()});
    }
  };
  for (const search::SearchAction& action : actions) {
    if (const auto* create = std::get_if<search::CreateTrial>(&action)) {
      add(create->proposal.hparams);
    }
  }
  if (architectures.empty()) add(Json::MakeObject());
  return architectures;
}

// What is trained on and how, as far as the file departs from the plainest way.
std::string RecipeText(const ExperimentConfig& config) {
  if (!config.entrypoint.empty()) {
    std::string text = "  program:";
    for (const std::string& word : config.entrypoint) text += " " + word;
    if (!config.hyperparameters.empty()) text += "\n  varied:";
    for (const SearchDimension& dimension : config.hyperparameters) text += " " + dimension.path;
    return text + "\n";
  }
  const auto number = [](double x) { return FormatDouble(x); };
  const DataConfig& data = config.data;
  std::string text = "  data " + data.dataset;
  if (data.subset) text += ", " + std::to_string(*data.subset) + " items";
  if (data.train_fraction) {
    text += ", split " + number(*data.train_fraction) + " / " + number(data.validation_fraction) +
            " / " + number(data.test_fraction.value_or(0));
  } else {
    text += ", validation " + number(data.validation_fraction);
  }
  if (data.split_per_trial) text += ", another split in every trial";
  if (data.augment.any()) text += ", augmented";
  const TrainingConfig& training = config.training;
  text += "\n  " + training.optimizer.name + ", lr " + number(training.optimizer.lr) +
          ", schedule " + training.schedule.name + ", batches of " +
          std::to_string(training.batch_size);
  if (training.accumulate > 1) text += " x " + std::to_string(training.accumulate);
  if (training.ema_decay) text += ", averaged weights";
  if (training.early_stopping) {
    text += ", stops after " + Count(training.early_stopping->patience, "epoch") +
            " without progress";
  }
  if (!training.freeze.empty()) text += ", frozen:";
  for (const std::string& pattern : training.freeze) text += " " + pattern;
  if (training.warm_start) text += "\n  starts from " + training.warm_start->checkpoint + ":";
  for (std::size_t i = 0; training.warm_start && i < training.warm_start->weights.size(); ++i) {
    text += " " + training.warm_start->weights[i];
  }
  if (!config.hyperparameters.empty()) text += "\n  varied:";
  for (const SearchDimension& dimension : config.hyperparameters) text += " " + dimension.path;
  return text + "\n";
}

std::string EnsembleText(const EnsembleConfig& ensemble) {
  std::string members = "all trials";
  if (ensemble.members == "replicates") {
    members = "the " + Count(ensemble.count, "replicate") + " of each configuration";
  } else if (ensemble.members == "best") {
    members = "the best " + Count(ensemble.count, "trial");
  } else if (ensemble.members == "snapshots") {
    members = Count(ensemble.count, "snapshot") + " of each trial";
  } else if (ensemble.members == "query") {
    members = "what its query finds";
  }
  return "  ensemble of " + members + ", combined by " + ensemble.combine + ", needs " +
         Count(ensemble.min_members, "member") + "\n";
}

std::string Title(const Json& model) {
  const Json* preset = model.Find("preset");
  return preset != nullptr && preset->is_string() ? preset->AsString() : "layers";
}

// "64 configurations x 1 replicate = 64 trials of up to 20 epochs, 1 slot each".
std::string HeadText(const ExperimentConfig& config, std::int64_t configurations,
                     std::int64_t gang) {
  const std::string& metric = config.searcher.time_metric;
  const std::int64_t length = config.searcher.max_time;
  const std::string unit = metric == "epochs" ? Count(length, "epoch")
                                              : std::to_string(length) + " " + metric;
  return "experiment '" + config.name + "'\n  " + Count(configurations, "configuration") + " x " +
         Count(config.replicates, "replicate") + " = " +
         Count(configurations * config.replicates, "trial") + " of " +
         (length > 0 ? unit : std::string("unknown length")) + ", " + Count(gang, "slot") +
         " each\n";
}

// What tells one table of layers from another: dropout has no shape and no weights.
std::string LayersKey(const Graph& graph) {
  std::string key;
  for (const GraphRow& row : GraphRows(graph)) {
    const bool dropout = row.layer.starts_with("dropout");
    key += row.name + "|" + (dropout ? "dropout" : row.layer) + "\n";
  }
  return key;
}

// The layer tables of the architectures that begin, each only once, and all of them for JSON.
Status DescribeArchitectures(const ExperimentConfig& config,
                             const std::vector<search::SearchAction>& actions, Plan& plan) {
  Json models = Json::MakeArray();
  if (config.entrypoint.empty()) {
    const auto input = spec::FindModelInput(config.canonical["data"]);
    std::set<std::string> shown;
    for (const Architecture& architecture : ArchitecturesOf(config, actions)) {
      std::optional<Graph> graph;
      if (input) {
        TUTTI_ASSIGN_OR_RETURN(
            graph, BuildGraph(architecture.model, input->shape, input->classes));
        models.Append(Json::MakeObject({{"model", architecture.model},
                                        {"parameters", graph->parameters},
                                        {"flops", graph->flops}}));
        if (!shown.insert(LayersKey(*graph)).second) continue;
      }
      plan.text += "\n  " + Title(architecture.model);
      if (architecture.first_hparams != "{}") {
        plan.text += " (first with " + architecture.first_hparams + ")";
      }
      plan.text += "\n";
      if (!input) {
        plan.text += "  shapes depend on the files of " + config.data.dataset + "\n";
        continue;
      }
      plan.text += DescribeGraph(*graph);
    }
  }
  plan.json.Set("architectures", std::move(models));
  return Ok{};
}

}  // namespace

Result<Plan> MakePlan(const ExperimentConfig& config, const PlanBasis& basis) {
  TUTTI_ASSIGN_OR_RETURN(auto searcher, search::MakeSearcher(config));
  const auto actions = searcher->OnEvent(search::Started{});
  const std::int64_t configurations = searcher->expected_configurations();
  const std::int64_t gang = std::max<std::int64_t>(config.resources.slots_per_trial, 1);
  Plan plan;
  plan.json = Json::MakeObject({{"name", config.name},
                                {"searcher", config.searcher.name},
                                {"configurations", configurations},
                                {"replicates", config.replicates},
                                {"trials", configurations * config.replicates},
                                {"epochs", config.training.epochs},
                                {"time_metric", config.searcher.time_metric},
                                {"max_time", config.searcher.max_time},
                                {"slots_per_trial", gang}});
  plan.text = HeadText(config, configurations, gang) + RecipeText(config);
  if (config.ensemble) plan.text += EnsembleText(*config.ensemble);
  TUTTI_ASSIGN_OR_RETURN(BracketPlan brackets, PlanBrackets(config));
  plan.text += brackets.text;
  plan.json.Set("brackets", std::move(brackets.json));
  const SizeRange sizes = SizesOf(config);
  plan.text += SizeText(sizes);
  plan.json.Set("parameters", Json::MakeArray({sizes.parameters_min, sizes.parameters_max}));
  plan.json.Set("flops", Json::MakeArray({sizes.flops_min, sizes.flops_max}));
  std::int64_t slots = 0;
  for (const simulation::NodeSpec& node : basis.nodes) slots += node.slots;
  if (basis.known) {
    plan.impossible = gang > slots;
    plan.text += plan.impossible ? "  can never run here: the cluster has only " +
                                       Count(slots, "slot") + "\n"
                                 : "  at most " + Count(slots / gang, "trial") +
                                       " side by side on " + Count(slots, "slot") + "\n";
  }
  TimePlan time;
  if (!plan.impossible) {
    time = PlanTime(config, basis.nodes,
                    basis.unit ? basis.unit : UnitTimeFromFlops(config, sizes));
  }
  plan.text += time.text;
  plan.json.Set("estimate", std::move(time.json));
  const Json* ensemble = config.canonical.Find("ensemble");
  plan.json.Set("ensemble", ensemble == nullptr ? Json() : *ensemble);
  TUTTI_RETURN_IF_ERROR(DescribeArchitectures(config, actions, plan));
  return plan;
}

}  // namespace tutti::cli
