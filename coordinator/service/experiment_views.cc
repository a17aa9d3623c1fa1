#include "coordinator/service/experiment_views.h"

#include <algorithm>

#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxValueText = 40;

std::string ShortText(const Json& value) {
  if (value.is_string()) return value.AsString();
  if (value.is_double()) return ShortDouble(value.AsDouble());
  if (const Json* preset = value.Find("preset"); preset != nullptr && preset->is_string()) {
    return preset->AsString();
  }
  std::string text = value.Dump();
  if (text.size() > kMaxValueText) text = text.substr(0, kMaxValueText) + "…";
  return text;
}

// In time_metric; 0 where only validations tell.
double LiveTime(const AttemptProgress& now, std::string_view time_metric) {
  if (time_metric == "epochs") return now.epoch;
  return time_metric == "batches" ? static_cast<double>(now.step) : 0;
}

void FillTrial(const engine::TrialView& view, std::string_view time_metric,
               const ProgressBoard& board, v1::TrialProgress& out) {
  out.set_trial_id(view.row.trial.value);
  out.set_trial_no(view.row.trial_no);
  out.set_state(view.row.state);
  out.set_time(static_cast<double>(view.time_done));
  out.set_max_time(static_cast<double>(view.max_time));
  if (view.metric) out.set_metric(*view.metric);
  if (view.row.best_value) out.set_best_metric(*view.row.best_value);
  out.set_summary(SummarizeHparams(view.row.hparams));
  out.set_reason(view.reason.empty() ? view.row.message : view.reason);
  if (const AttemptProgress* now = board.Find(view.attempt);
      now != nullptr && !IsTerminalState(view.row.state)) {
    out.set_time(std::max(out.time(), LiveTime(*now, time_metric)));
    if (out.max_time() <= 0 && time_metric == "epochs") out.set_max_time(now->epochs);
    out.set_images_per_second(now->images_per_second);
  }
}

}  // namespace

bool IsTerminalState(std::string_view state) {
  return state == "COMPLETED" || state == "CANCELLED" || state == "ERROR" || state == "STOPPED";
}

Error NoExperiment(ExperimentId id) {
  return NotFound("there is no experiment " + ToString(id) + "; `tutti ls` lists them");
}

Error NoTrial(ExperimentId experiment, std::int64_t trial_no) {
  return NotFound("there is no trial " + ToString(experiment) + "." + std::to_string(trial_no));
}

std::string SummarizeHparams(const Json& hparams) {
  std::string text;
  if (!hparams.is_object()) return text;
  for (const auto& [path, value] : hparams.AsObject()) {
    if (!text.empty()) text += ' ';
    const std::size_t dot = path.rfind('.');
    text += dot == std::string::npos ? path : path.substr(dot + 1);
    text += '=';
    text += ShortText(value);
  }
  return text;
}

v1::WatchUpdate ToWatchUpdate(const engine::ExperimentView& view, const ProgressBoard& progress) {
  v1::WatchUpdate out;
  out.set_experiment_id(view.row.experiment.value);
  out.set_name(view.row.name);
  out.set_state(view.row.state);
  out.set_terminal(IsTerminalState(view.row.state));
  out.set_metric(view.row.metric);
  out.set_smaller_is_better(view.row.smaller_is_better);
  out.set_trials_expected(view.trials_expected);
  out.set_reason(view.reason.empty() ? view.row.message : view.reason);
  std::int64_t completed = 0;
  for (const engine::TrialView& trial : view.trials) {
    FillTrial(trial, view.time_metric, progress, *out.add_trials());
    if (trial.row.state == "COMPLETED" || trial.row.state == "STOPPED") ++completed;
  }
  out.set_trials_completed(completed);
  out.set_held_ms(view.row.held_ms);
  out.set_time_metric(view.time_metric);
  return out;
}

Json LiveFields(const engine::ExperimentView& view) {
  Json out = Json::MakeObject({{"reason", view.reason}});
  out.Set("trials_expected", view.trials_expected);
  if (view.ensembles.empty()) return out;
  Json ensembles = Json::MakeArray();
  for (const engine::PersistEnsemble& row : view.ensembles) {
    ensembles.Append(Json::MakeObject({{"ensemble_id", row.ensemble.value},
                                       {"name", row.name},
                                       {"state", row.state},
                                       {"members", static_cast<std::int64_t>(row.members.size())},
                                       {"message", row.message}}));
  }
  out.Set("ensembles", std::move(ensembles));
  return out;
}

Json LiveFields(const engine::TrialView& view, const ProgressBoard& progress) {
  Json out = Json::MakeObject({{"reason", view.reason}});
  Json live;
  if (const AttemptProgress* now = progress.Find(view.attempt)) {
    live = Json::MakeObject({{"epoch", now->epoch},
                             {"epochs", now->epochs},
                             {"step", now->step},
                             {"images_per_second", now->images_per_second},
                             {"section", now->section}});
  }
  out.Set("progress", std::move(live));
  return out;
}

}  // namespace tutti
