#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/checkpoint_id.h"
#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/fork_document.h"
#include "cli/temporary_cluster.h"
#include "cli/trial_parent.h"
#include "cli/verbs.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::cli {
namespace {

constexpr std::string_view kKeys[] = {"data.", "evaluation."};

Status CheckKeys(const std::vector<std::string>& set) {
  for (const std::string& text : set) {
    bool allowed = false;
    for (const std::string_view key : kKeys) allowed = allowed || text.starts_with(key);
    if (allowed) continue;
    return InvalidArgument("--set " + text +
                           ": an evaluation can change data.* and evaluation.* only; the network "
                           "is the trained one (see `tutti fork` for another training)");
  }
  return Ok{};
}

bool ChangesDataset(const std::vector<std::string>& set, const Json& canonical) {
  const std::string key = "data.dataset=";
  for (const std::string& text : set) {
    const bool names = text.starts_with(key);
    if (names && text.substr(key.size()) != canonical["data"]["dataset"].AsString()) return true;
  }
  return false;
}

// The trial's own document with the data and the evaluation that the overrides ask for; they are
// read and checked as those of any experiment.
Result<std::string> DocumentWith(Database& database, const CheckpointId& id,
                                 const std::vector<std::string>& set) {
  TUTTI_RETURN_IF_ERROR(CheckKeys(set));
  TUTTI_ASSIGN_OR_RETURN(const TrialParent parent,
                         ReadTrialParent(database, id.experiment, id.trial_no));
  ForkPlan plan;
  plan.checkpoint = id.text();
  plan.other_dataset = ChangesDataset(set, parent.canonical);
  const Json fork = ForkDocument(parent.canonical, parent.provenance, parent.hparams, plan);
  TUTTI_ASSIGN_OR_RETURN(
      const auto parsed,
      ParseExperimentText(ToYaml(fork), "configuration of " + id.text(), "/", set));
  Json document = ApplyHparams(parent.canonical, parent.hparams);
  for (const char* section : {"data", "evaluation"}) {
    document.Set(section, parsed[0].canonical[section]);
  }
  return document.Dump();
}

Result<std::vector<Json>> SplitList(const std::string& text) {
  std::vector<Json> splits;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string name = text.substr(begin, end - begin);
    if (!kSplitNames.Parse(name)) {
      return InvalidArgument("--splits has '" + name + "', expected " + kSplitNames.Choices() +
                             ", separated by commas");
    }
    splits.emplace_back(name);
    begin = end + 1;
  }
  return splits;
}

// One row a split: what, then every metric that was measured.
Table ResultTable(const CheckpointId& id, const Json& header) {
  Table table;
  table.columns = {"checkpoint", "dataset", "split", "n"};
  for (const Json& evaluation : header["evaluations"].AsArray()) {
    for (const auto& [name, value] : evaluation["metrics"].AsObject()) {
      if (std::find(table.columns.begin(), table.columns.end(), name) == table.columns.end()) {
        table.columns.push_back(name);
      }
    }
  }
  for (const Json& evaluation : header["evaluations"].AsArray()) {
    std::vector<Json> row = {id.text(), evaluation["dataset"], evaluation["split"],
                             evaluation["n"]};
    for (std::size_t i = row.size(); i < table.columns.size(); ++i) {
      const Json* value = evaluation["metrics"].Find(table.columns[i]);
      row.push_back(value != nullptr ? *value : Json());
    }
    table.rows.push_back(std::move(row));
  }
  table.short_columns = {"checkpoint", "dataset", "split", "n", "accuracy", "loss", "macro_f1",
                         "macro_auc", "ece"};
  std::erase_if(table.short_columns, [&](const std::string& column) {
    return std::find(table.columns.begin(), table.columns.end(), column) == table.columns.end();
  });
  return table;
}

Result<Table> Evaluate(const Globals& globals, const EvaluateOptions& options,
                       const std::string& address) {
  TUTTI_ASSIGN_OR_RETURN(const auto database, Database::Open(globals));
  TUTTI_ASSIGN_OR_RETURN(const CheckpointId id, ParseCheckpointId(*database, options.id));
  TUTTI_ASSIGN_OR_RETURN(std::vector<Json> splits, SplitList(options.splits));
  Evaluation evaluation;
  evaluation.experiment = id.experiment;
  evaluation.trial_no = id.trial_no;
  evaluation.checkpoint = id.checkpoint;
  Json list = Json::MakeArray();
  for (Json& split : splits) list.Append(std::move(split));
  evaluation.task = Json::MakeObject({{"kind", "evaluate"}, {"splits", std::move(list)}});
  if (!options.set.empty()) {
    TUTTI_ASSIGN_OR_RETURN(evaluation.config_json, DocumentWith(*database, id, options.set));
  }
  const auto timeout_ms = static_cast<std::int64_t>(options.timeout_s * 1e3);
  evaluation.deadline = std::chrono::milliseconds(timeout_ms);
  CoordinatorClient client(address);
  TUTTI_ASSIGN_OR_RETURN(const EvaluationResult result, client.Evaluate(evaluation));
  return ResultTable(id, result.header);
}

}  // namespace

int RunEvaluate(const Globals& globals, const EvaluateOptions& options,
                const ClusterOptions& cluster) {
  InstallInterruptHandler();
  auto running = TemporaryCluster::Open(globals, cluster);
  if (!running) return Fail(running.error());
  auto table = Evaluate(globals, options, running->address());
  if (!table) return Fail(table.error());
  std::fputs(Render(*table, globals.format, TerminalWidth()).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
