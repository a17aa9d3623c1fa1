#include "cli/plan_text.h"

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
    const Json& model = trial["model"];
    if (seen.insert(model.Dump()).second) architectures.push_back({model, hparams.Dump()});
  };
  for (const search::SearchAction& action : actions) {
    if (const auto* create = std::get_if<search::CreateTrial>(&action)) {
      add(create->proposal.hparams);
    }
  }
  if (architectures.empty()) add(Json::MakeObject());
  return architectures;
}

std::string Title(const Json& model) {
  const Json* preset = model.Find("preset");
  return preset != nullptr && preset->is_string() ? preset->AsString() : "layers";
}

}  // namespace

Result<Plan> MakePlan(const ExperimentConfig& config, std::optional<std::int64_t> slots) {
  TUTTI_ASSIGN_OR_RETURN(auto searcher, search::MakeSearcher(config));
  const auto actions = searcher->OnEvent(search::Started{});
  const std::int64_t configurations = searcher->expected_configurations();
  const std::int64_t trials = configurations * config.replicates;
  const std::int64_t gang = std::max<std::int64_t>(config.resources.slots_per_trial, 1);
  Plan plan;
  plan.json = Json::MakeObject({{"name", config.name},
                                {"searcher", config.searcher.name},
                                {"configurations", configurations},
                                {"replicates", config.replicates},
                                {"trials", trials},
                                {"epochs", config.training.epochs},
                                {"slots_per_trial", gang}});
  plan.text = "experiment '" + config.name + "'\n  " + Count(configurations, "configuration") +
              " x " + Count(config.replicates, "replicate") + " = " + Count(trials, "trial") +
              " of " + Count(config.training.epochs, "epoch") + ", " + Count(gang, "slot") +
              " each\n";
  if (slots && *slots > 0) {
    plan.impossible = gang > *slots;
    plan.text += plan.impossible ? "  can never run here: the cluster has only " +
                                       Count(*slots, "slot") + "\n"
                                 : "  at most " + Count(*slots / gang, "trial") +
                                       " side by side on " + Count(*slots, "slot") + "\n";
  }
  const auto input = spec::FindModelInput(config.canonical["data"]);
  Json models = Json::MakeArray();
  for (const Architecture& architecture : ArchitecturesOf(config, actions)) {
    plan.text += "\n  " + Title(architecture.model);
    if (architecture.first_hparams != "{}") {
      plan.text += " (first with " + architecture.first_hparams + ")";
    }
    plan.text += "\n";
    if (!input) {
      plan.text += "  shapes depend on the files of " + config.data.dataset + "\n";
      continue;
    }
    TUTTI_ASSIGN_OR_RETURN(const Graph graph,
                           BuildGraph(architecture.model, input->shape, input->classes));
    plan.text += DescribeGraph(graph);
    models.Append(Json::MakeObject({{"model", architecture.model},
                                    {"parameters", graph.parameters},
                                    {"flops", graph.flops}}));
  }
  plan.json.Set("architectures", std::move(models));
  return plan;
}

}  // namespace tutti::cli
