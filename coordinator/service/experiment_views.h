#pragma once

#include <string>
#include <string_view>

#include "coordinator/engine/engine.h"
#include "coordinator/service/progress_board.h"

namespace tutti::v1 {
class WatchUpdate;
}  // namespace tutti::v1

// The engine's state as clients see it while it runs. Pure.

namespace tutti {

// COMPLETED, CANCELLED, ERROR of an experiment; also STOPPED of a trial.
bool IsTerminalState(std::string_view state);

// kNotFound.
Error NoExperiment(ExperimentId id);
Error NoTrial(ExperimentId experiment, std::int64_t trial_no);

// "lr=0.001 model=mnist_cnn": the last part of each path; a map is named by its preset.
std::string SummarizeHparams(const Json& hparams);

v1::WatchUpdate ToWatchUpdate(const engine::ExperimentView& view, const ProgressBoard& progress);

// What Get adds to the row of the database: "reason" and, of a running trial, "progress".
Json LiveFields(const engine::ExperimentView& view);
Json LiveFields(const engine::TrialView& view, const ProgressBoard& progress);

}  // namespace tutti
