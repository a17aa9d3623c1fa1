#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dashboards/report/picture_grid.h"
#include "experiments/core/json.h"
#include "experiments/metrics/evaluation.h"

// Everything a report shows, as plain values. cli/report_data.cc fills it from the database's
// views; a page is a pure function of it.

namespace tutti::report {

struct EpochPoint {
  std::int64_t epoch = 0;
  double value = 0;  // NaN where the stored number is not finite
};

struct EpochCurve {
  std::string split, name;         // train | validation | test; loss, accuracy, …
  std::vector<EpochPoint> points;  // by epoch
};

struct TrialData {
  std::int64_t trial_id = 0, trial_no = 0, configuration_no = 0, replicate_no = 0;
  std::string trial;  // "12.3"
  std::string seed;   // unsigned, as text
  std::string state;
  Json hparams;
  std::optional<std::int64_t> parameters, best_epoch;
  std::optional<double> best_value, validation_accuracy, test_accuracy, wall_s, slot_seconds;
  std::int64_t attempts = 0, restarts = 0;
  std::string started_at, ended_at, message;
  std::vector<EpochCurve> curves;
};

struct AttemptData {
  std::string trial;
  std::int64_t attempt = 0;
  std::string state, device, precision, started_at, message;
  std::int64_t slots = 0;
  std::optional<std::int64_t> resumed_from_epoch;
  std::optional<double> slot_seconds;
};

struct CheckpointData {
  std::string checkpoint, sha256, state;  // "12.3@e17"
  std::int64_t epoch = 0, step = 0, bytes = 0;
  bool best = false, last = false;
};

// The stored predictions of an evaluation; empty if it has none.
struct PredictionData {
  std::vector<float> logits;         // n x classes
  std::vector<std::int32_t> labels;  // n
  std::vector<std::int64_t> items;   // n; index in the source file
};

struct EvaluatedSplit {
  std::int64_t evaluation_id = 0;
  std::string trial, checkpoint, split, dataset;  // dataset: "" = the trial's own
  std::int64_t epoch = 0;
  EvaluationMetrics metrics;
  std::vector<std::string> labels;  // one per class
  PredictionData predictions;
};

struct SplitStatistics {
  std::string split;
  std::int64_t n = 0;
  std::vector<std::string> labels;
  std::vector<std::int64_t> class_counts;  // one per label
  std::vector<std::int64_t> intensity;     // 256 counts of pixel values; may be empty
};

struct EnsembleMember {
  std::int64_t position = 0;
  std::string checkpoint;        // "12.3@e10"
  std::optional<double> weight;
  std::string left_out;          // reason; "" = it takes part
  // Of the split that the report shows; absent where the ensemble has no ablation.
  std::optional<double> accuracy_alone, accuracy_without, loss_alone, loss_without;
};

struct EnsembleCombination {
  std::string split, combine;
  bool chosen = false;
  std::int64_t n = 0;
  std::optional<double> accuracy, loss, macro_auc, macro_f1, ece, best_member_accuracy,
      mean_member_accuracy, disagreement, double_fault;
};

struct EnsembleData {
  std::int64_t ensemble_id = 0;
  std::string name, state, combine, message;
  std::string split;  // of ablation and pairs
  std::vector<EnsembleMember> members;
  std::vector<EnsembleCombination> combinations;
  // Disagreement of each pair of members that take part, by position; NaN on the diagonal.
  std::vector<std::string> pair_labels;
  std::vector<double> pair_disagreement;
};

struct ActivationLayer {
  std::string name, kind;
  std::int64_t channels = 0, height = 0, width = 0, shown = 0;  // shown: maps on the sheet
  Picture sheet;
};

// What needs the images themselves, from a worker that has the data.
struct PictureData {
  std::string unavailable;  // why there are none; "" = they are there
  std::map<std::int64_t, Picture> by_item;
  std::int64_t activation_item = -1;
  std::vector<ActivationLayer> activations;
};

struct ReportData {
  std::int64_t experiment_id = 0;
  std::int64_t trial_no = 0;  // 0: of the whole experiment
  std::string name, description, state, user, created_at, ended_at, message;
  std::string metric;  // "<split>_<name>"
  bool smaller_is_better = true;
  std::vector<TrialData> trials;  // by rank
  std::vector<AttemptData> attempts;       // of the best trial
  std::vector<CheckpointData> checkpoints; // of the best trial
  std::vector<EvaluatedSplit> evaluations; // of the best trial's best checkpoint
  std::vector<SplitStatistics> statistics;
  std::vector<EnsembleData> ensembles;
  PictureData pictures;
  std::string raw_text;    // as submitted
  Json document;           // canonical
  Json provenance;         // dotted path -> where the value came from
  std::string tutti_version, written_by;
};

// The trial whose evaluation the report shows: the first with a value; nullptr if none has one.
const TrialData* BestTrial(const ReportData& data);
// The evaluation shown in detail: test, else validation, else the first that has labelled items.
const EvaluatedSplit* ShownEvaluation(const ReportData& data);

}  // namespace tutti::report
