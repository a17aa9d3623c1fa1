#include "cli/plan_time.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "cli/output.h"
#include "coordinator/simulation/estimate.h"
#include "experiments/spec/dataset_facts.h"

namespace tutti::cli {
namespace {

// An assumption, printed with every estimate that rests on it: what a core of a server trains with.
constexpr double kFlopsPerSecond = 100e9;
constexpr double kTrainingFactor = 3;  // forward, and about twice that backward
constexpr std::uint64_t kSeeds = 3;

std::string Duration(double seconds) {
  char text[48];
  if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.3g s", seconds);
  } else if (seconds < 7200) {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  } else if (seconds < 2 * 86400) {
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  } else {
    std::snprintf(text, sizeof text, "%.1f days", seconds / 86400);
  }
  return text;
}

bool Same(const Json& a, const Json& b, const char* path) {
  const Json* left = a.FindPath(path);
  const Json* right = b.FindPath(path);
  if (left == nullptr || right == nullptr) return left == right;
  return *left == *right;
}

std::string One(const std::string& time_metric) {
  if (time_metric == "epochs") return "an epoch";
  return time_metric == "batches" ? "a batch" : "one of " + time_metric;
}

// Whether a unit of one takes as long as a unit of the other.
bool Alike(const Json& a, const Json& b) {
  const bool program = a.Find("entrypoint") != nullptr;
  if (program != (b.Find("entrypoint") != nullptr)) return false;
  for (const char* path : {"resources.slots_per_trial", "searcher.time_metric"}) {
    if (!Same(a, b, path)) return false;
  }
  if (program) return Same(a, b, "entrypoint") && Same(a, b, "working_directory");
  for (const char* path : {"data.dataset", "data.options", "data.subset", "model",
                           "training.batch_size", "training.precision", "hyperparameters.model"}) {
    if (!Same(a, b, path)) return false;
  }
  return true;
}

std::optional<double> TrainItems(const ExperimentConfig& config) {
  if (config.data.subset) return static_cast<double>(*config.data.subset);
  if (config.data.dataset == "glyphs") {
    const Json* train = config.data.options.Find("train");
    if (train != nullptr && train->is_int()) return train->AsDouble();
  }
  const spec::DatasetFacts* facts = spec::FindDatasetFacts(config.data.dataset);
  if (facts == nullptr || facts->train_items == 0) return std::nullopt;
  return static_cast<double>(facts->train_items);
}

std::string NodesText(const std::vector<simulation::NodeSpec>& nodes) {
  std::int64_t slots = 0;
  for (const auto& node : nodes) slots += node.slots;
  return Count(slots, "slot") + " of " +
         Count(static_cast<std::int64_t>(nodes.size()), "node");
}

}  // namespace

std::optional<UnitTime> UnitTimeFromHistory(Database& database, const ExperimentConfig& config) {
  const auto documents = database.Query(
      "SELECT experiment_id, canonical_json FROM documents ORDER BY experiment_id DESC LIMIT 200");
  if (!documents) return std::nullopt;
  std::string ids, names;
  int found = 0;
  for (const auto& row : documents->rows) {
    const auto document = Json::Parse(row[1].is_string() ? row[1].AsString() : "");
    if (!document || !Alike(*document, config.canonical)) continue;
    ids += (ids.empty() ? "" : ", ") + std::to_string(row[0].AsInt());
    if (++found <= 3) names += (names.empty() ? "" : ", ") + std::to_string(row[0].AsInt());
  }
  if (ids.empty()) return std::nullopt;
  // The time of attempts over what their trials have done; epochs say it themselves.
  const bool epochs = config.entrypoint.empty() && config.searcher.time_metric == "epochs";
  const std::string sql =
      epochs ? "SELECT avg(e.seconds), count(*) FROM trials AS t JOIN attempts AS a ON a.trial_id "
               "= t.trial_id JOIN epochs AS e ON e.attempt_id = a.attempt_id WHERE e.seconds > 0 "
               "AND t.experiment_id IN (" + ids + ")"
             : "SELECT sum(s.seconds) / sum(s.time_done), sum(s.time_done) FROM (SELECT "
               "t.time_done AS time_done, sum(a.ended_at_ms - a.started_at_ms) / 1000.0 AS seconds "
               "FROM trials AS t JOIN attempts AS a ON a.trial_id = t.trial_id WHERE t.time_done > "
               "0 AND a.ended_at_ms > 0 AND a.started_at_ms > 0 AND t.experiment_id IN (" + ids +
               ") GROUP BY t.trial_id) AS s";
  const auto times = database.Query(sql);
  if (!times || times->rows.empty() || !times->rows[0][0].is_number()) return std::nullopt;
  const double seconds = times->rows[0][0].AsDouble();
  if (seconds <= 0) return std::nullopt;
  return UnitTime{seconds, "from " + std::to_string(times->rows[0][1].AsInt()) + " " +
                               config.searcher.time_metric + " of experiment" +
                               (found > 1 ? "s " : " ") + names + (found > 3 ? ", …" : "")};
}

std::optional<UnitTime> UnitTimeFromFlops(const ExperimentConfig& config, const SizeRange& sizes) {
  const auto all = TrainItems(config);
  if (!config.entrypoint.empty() || !all || sizes.flops_mean <= 0) return std::nullopt;
  const double items =
      *all * config.data.train_fraction.value_or(1 - config.data.validation_fraction);
  const auto gang =
      static_cast<double>(std::max<std::int64_t>(config.resources.slots_per_trial, 1));
  const double unit_items = config.searcher.time_metric == "epochs"
                                ? items
                                : static_cast<double>(config.training.batch_size);
  return UnitTime{kTrainingFactor * sizes.flops_mean * unit_items / (kFlopsPerSecond * gang),
                  "a guess from FLOPs at " +
                      std::to_string(std::llround(kFlopsPerSecond / 1e9)) +
                      " GFLOP/s a slot, nothing like it has run here; "
                      "--epoch-seconds says better"};
}

TimePlan PlanTime(const ExperimentConfig& config, const std::vector<simulation::NodeSpec>& nodes,
                  const std::optional<UnitTime>& unit) {
  TimePlan plan;
  if (!unit) {
    plan.text = "  no estimate of time: nothing like it has run here, and items or FLOPs are "
                "unknown; --epoch-seconds says how long " +
                One(config.searcher.time_metric) + " takes\n";
    return plan;
  }
  const auto unit_ms = std::max<std::int64_t>(std::llround(unit->seconds * 1000), 1);
  std::vector<simulation::RunEstimate> runs;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    auto run = simulation::EstimateRun(config.canonical, nodes, unit_ms, seed);
    if (!run) {
      plan.text = "  no estimate of time: " + run.error().ToString() + "\n";
      return plan;
    }
    runs.push_back(std::move(run).value());
  }
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return a.makespan_ms < b.makespan_ms; });
  const simulation::RunEstimate& middle = runs[runs.size() / 2];
  const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  const double makespan = seconds(middle.makespan_ms);
  const double slot_hours = seconds(middle.slot_ms) / 3600;
  const std::string unit_name = config.searcher.time_metric;
  char hours[32];
  std::snprintf(hours, sizeof hours, "%.3g", slot_hours);
  std::string states;
  for (const auto& [state, n] : middle.states) {
    states += (states.empty() ? "" : ", ") + std::to_string(n) + " " + state;
  }
  plan.text = "  about " + Duration(makespan) + " on " + NodesText(nodes) + ", " + hours +
              " slot-hours: " + Count(middle.trials, "trial") + " train " +
              std::to_string(middle.units) + " " + unit_name + " (simulated; " + states + ")\n" +
              "  " + One(unit_name) + " takes " + Duration(unit->seconds) + ", " + unit->source +
              "\n";
  std::int64_t slots = 0;
  for (const auto& node : nodes) slots += node.slots;
  plan.json = Json::MakeObject({{"seconds", makespan},
                                {"slot_hours", slot_hours},
                                {"trials", middle.trials},
                                {unit_name, middle.units},
                                {"nodes", static_cast<std::int64_t>(nodes.size())},
                                {"slots", slots},
                                {"unit_seconds", unit->seconds},
                                {"unit_source", unit->source}});
  return plan;
}

}  // namespace tutti::cli
