#include <algorithm>
#include <cstdio>
#include <numeric>

#include "cli/database.h"
#include "cli/ensemble_text.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "experiments/metrics/ensemble.h"
#include "storage/stored_predictions.h"

// `tutti export`: what a checkpoint or an ensemble has predicted, item by item.

namespace tutti::cli {
namespace {

struct Predictions {
  std::string text;  // "12.3@e17", "ensemble 4"
  std::vector<std::string> class_names;
  std::vector<std::int32_t> items, labels;
  CombinedPredictions combined;
  bool complete = true;  // false: members did not predict the same items
};

struct Source {
  std::vector<storage::CheckpointRef> members;
  Combiner combiner = Combiner::kMeanProbability;
  std::vector<double> weights;
};

storage::RunQuery ReadThrough(Database& database) {
  return [&database](const std::string& sql, const std::vector<Json>& params)
             -> Result<storage::Table> {
    TUTTI_ASSIGN_OR_RETURN(Table table, database.Query(sql, Json(Json::Array(params)), 100'000));
    storage::Table rows;
    rows.columns = std::move(table.columns);
    rows.rows = std::move(table.rows);
    return rows;
  };
}

Result<Source> CheckpointSource(Database& database, const std::string& id) {
  TUTTI_ASSIGN_OR_RETURN(const storage::CheckpointRef ref,
                         storage::FindCheckpoint(ReadThrough(database), id));
  return Source{{ref}, Combiner::kMeanProbability, {1.0}};
}

Result<Source> EnsembleSource(Database& database, std::int64_t id) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT e.combine, m.trial_id, coalesce(m.checkpoint_path, ''), m.weight, "
                     "e.state, e.message FROM v_ensembles AS e LEFT JOIN v_ensemble_members AS m "
                     "ON m.ensemble_id = e.ensemble_id AND m.position IS NOT NULL "
                     "WHERE e.ensemble_id = ?1 GROUP BY m.position ORDER BY m.position",
                     Json::MakeArray({id})));
  const std::string name = "ensemble " + std::to_string(id);
  if (rows.rows.empty()) {
    return NotFound("there is no " + name + "; `tutti ensemble ls` lists what there is");
  }
  Source source;
  source.combiner = kCombinerNames.Parse(rows.rows[0][0].AsString()).value_or(source.combiner);
  for (const auto& row : rows.rows) {
    if (!row[3].is_number()) {
      return FailedPrecondition(name + " is " + row[4].AsString() +
                                ", it has not been evaluated" +
                                (row[5].AsString().empty() ? "" : ": " + row[5].AsString()));
    }
    source.members.push_back({TrialId(row[1].AsInt()), row[2].AsString(), ""});
    source.weights.push_back(row[3].AsDouble());
  }
  return source;
}

Result<Predictions> Load(Database& database, const Source& source, const std::string& split) {
  const storage::RunQuery read = ReadThrough(database);
  Predictions p;
  std::vector<storage::StoredPredictions> loaded;
  std::vector<std::string> names;
  for (const storage::CheckpointRef& member : source.members) {
    TUTTI_ASSIGN_OR_RETURN(
        const storage::CheckpointEvaluations found,
        storage::FindEvaluations(read, member.trial, member.checkpoint_name));
    std::string have;
    const storage::StoredEvaluation* wanted = nullptr;
    for (const storage::StoredEvaluation& evaluation : found.evaluations) {
      have += (have.empty() ? "" : ", ") + evaluation.split;
      if (evaluation.split == split) wanted = &evaluation;
    }
    if (wanted == nullptr) {
      return NotFound(found.text + " has no stored predictions on " + split +
                      (have.empty() ? "" : " (it has some on " + have + ")") +
                      ": they are kept with `evaluation.predictions: best` and "
                      "`evaluation.splits`, or stored now by `tutti evaluate " + found.text +
                      " --splits " + split + "`");
    }
    p.class_names = wanted->class_names;
    TUTTI_ASSIGN_OR_RETURN(storage::StoredPredictions predictions,
                           storage::LoadPredictions(read, wanted->evaluation_id));
    loaded.push_back(std::move(predictions));
    names.push_back(found.text);
  }
  TUTTI_ASSIGN_OR_RETURN(const MemberPredictions joined, storage::JoinByItem(loaded, names));
  TUTTI_RETURN_IF_ERROR(CheckMemberPredictions(joined));
  p.text = names.size() == 1 ? names[0] : std::to_string(names.size()) + " members";
  p.combined = Combine(joined, source.combiner, source.weights);
  p.items = joined.items;
  p.labels = joined.labels;
  p.complete = joined.complete;
  return p;
}

// Positions in order of items: files are for people and programs that know the items.
std::vector<std::size_t> InItemOrder(const Predictions& p) {
  std::vector<std::size_t> order(p.items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p.items[a] < p.items[b]; });
  return order;
}

Json Label(const Predictions& p, std::int32_t c) {
  return c < 0 ? Json() : Json(p.class_names[static_cast<std::size_t>(c)]);
}

// ImageId counts from 1, as the competition's files do.
Table KaggleTable(const Predictions& p) {
  Table table;
  table.columns = {"ImageId", "Label"};
  for (const std::size_t i : InItemOrder(p)) {
    table.rows.push_back({std::int64_t{p.items[i]} + 1, Label(p, p.combined.predicted[i])});
  }
  return table;
}

Table FullTable(const Predictions& p) {
  Table table;
  table.columns = {"item", "true", "predicted"};
  for (const std::string& name : p.class_names) table.columns.push_back("p_" + name);
  const std::size_t classes = p.class_names.size();
  for (const std::size_t i : InItemOrder(p)) {
    std::vector<Json> row{p.items[i], Label(p, p.labels[i]), Label(p, p.combined.predicted[i])};
    for (std::size_t c = 0; c < classes; ++c) {
      row.emplace_back(p.combined.probabilities[i * classes + c]);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Result<Predictions> Find(const Globals& globals, const ExportOptions& options) {
  if (options.id.empty() == options.ensemble.empty()) {
    return InvalidArgument("name what to export: a checkpoint (12.3, 12.3@e17) or --ensemble ID");
  }
  TUTTI_ASSIGN_OR_RETURN(const auto database, Database::Open(globals));
  if (options.ensemble.empty()) {
    TUTTI_ASSIGN_OR_RETURN(const Source source, CheckpointSource(*database, options.id));
    return Load(*database, source, options.split);
  }
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t id, ParseEnsemble(*database, options.ensemble));
  TUTTI_ASSIGN_OR_RETURN(const Source source, EnsembleSource(*database, id));
  auto predictions = Load(*database, source, options.split);
  if (!predictions) {
    return predictions.error().Wrap("ensemble " + std::to_string(id));
  }
  return predictions;
}

}  // namespace

int RunExport(const Globals& globals, const ExportOptions& options) {
  auto predictions = Find(globals, options);
  if (!predictions) return Fail(predictions.error());
  if (!predictions->complete) {
    std::fprintf(stderr, "tutti: the members share %zu items of %s; only those are exported\n",
                 predictions->items.size(), options.split.c_str());
  }
  const Table table =
      options.format == "kaggle" ? KaggleTable(*predictions) : FullTable(*predictions);
  const std::string text =
      Render(table, options.format == "jsonl" ? Format::kJsonl : Format::kCsv);
  if (options.out.empty()) {
    std::fputs(text.c_str(), stdout);
    return kExitOk;
  }
  const Status written = WriteFileAtomically(options.out, text);
  if (!written) return Fail(written.error());
  std::fprintf(stderr, "%zu predictions of %s on %s: %s\n", predictions->items.size(),
               predictions->text.c_str(), options.split.c_str(), options.out.c_str());
  return kExitOk;
}

}  // namespace tutti::cli
