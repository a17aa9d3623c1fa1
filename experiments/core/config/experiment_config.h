#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/config/search_space.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// An experiment as plain typed values. The exchange form between programs is the canonical JSON
// (every default filled in; experiments/spec makes it from YAML); these structs are read from it.
// Defaults live in the field table of experiments/spec only: reading requires every field, except
// those that documents of an older version, which the engine journals, do not have.

namespace tutti {

enum class Precision { kFp32, kFp64, kBf16, kFp16, kAuto };
inline constexpr EnumTable<Precision, 5> kPrecisionNames{{{{Precision::kFp32, "fp32"},
                                                           {Precision::kFp64, "fp64"},
                                                           {Precision::kBf16, "bf16"},
                                                           {Precision::kFp16, "fp16"},
                                                           {Precision::kAuto, "auto"}}}};

enum class Split { kTrain, kValidation, kTest };
inline constexpr EnumTable<Split, 3> kSplitNames{{{{Split::kTrain, "train"},
                                                   {Split::kValidation, "validation"},
                                                   {Split::kTest, "test"}}}};

// Random changes of the training images, made anew every epoch for every image. All off at 0.
struct AugmentConfig {
  double rotate = 0;  // degrees, uniform in ±
  double shift = 0;   // fraction of height and width, uniform in ±
  double zoom = 0;    // scale, uniform in 1 ± zoom
  double shear = 0;   // degrees, uniform in ±
  double erase = 0;   // probability that a rectangle of the image is set to background
  double erase_area = 0.1;  // largest area of that rectangle, as a fraction of the image's
  bool any() const { return rotate > 0 || shift > 0 || zoom > 0 || shear > 0 || erase > 0; }
};

struct DataConfig {
  std::string dataset;  // "glyphs", "mnist", "emnist/letters", "idx", "csv", "images", "concat", …
  std::string root;     // absolute or empty = the worker's data root
  Json options;         // dataset-specific keys (glyphs: train, test, seed, classes; idx: files)
  AugmentConfig augment;
  std::optional<double> train_fraction;  // set with the 3-way form
  double validation_fraction = 0.1;
  std::optional<double> test_fraction;   // set where the set has no test half
  std::optional<std::int64_t> subset;    // of train, before the split, stratified
  std::vector<std::int64_t> classes;     // empty = all
  bool normalize = false;                // false: scale to 0..1; true: then (x - mean) / std
  double mean = 0;
  double std = 1;
  std::optional<std::uint64_t> split_seed;  // absent with per_trial
  bool split_per_trial = false;
};

struct OptimizerConfig {
  std::string name;  // adam | adamw | sgd
  double lr = 0;
  double beta1 = 0, beta2 = 0, eps = 0;  // adam, adamw
  double weight_decay = 0;
  double momentum = 0;  // sgd
  bool nesterov = false;
};

// How the learning rate moves. step, multi_step, exponential and plateau change it between epochs;
// cosine, linear, one_cycle and the warm-up at every optimiser step. Only the fields of the named
// schedule count.
struct ScheduleConfig {
  std::string name = "constant";  // step | multi_step | exponential | cosine | linear | one_cycle |
                                  // plateau
  std::int64_t every_epochs = 1;  // step
  double gamma = 0.1;             // step, multi_step, exponential
  std::vector<std::int64_t> milestones;  // multi_step: epochs, ascending
  double min_lr = 0;                     // cosine, plateau
  std::int64_t cycles = 1;               // cosine: restarts at the full rate
  double end_factor = 0;                 // linear: of the start rate, at the end
  double start_fraction = 0.3;           // one_cycle: share of the steps that rise
  double div_factor = 25;                // one_cycle: first rate = lr / this
  double final_div_factor = 1e4;         // one_cycle: last rate = first rate / this
  double factor = 0.1;                   // plateau
  std::int64_t patience = 10;            // plateau: epochs
  double min_delta = 1e-4;               // plateau: relative
  double warmup_epochs = 0;              // before any schedule: linear from warmup_factor to 1
  double warmup_factor = 0.01;
};

struct EarlyStoppingConfig {
  std::int64_t patience = 0;  // epochs without a better searcher metric
  double min_delta = 0;       // absolute
};

// Weights of another trial's checkpoint to start from.
struct WarmStartConfig {
  std::string checkpoint;            // as written: "12.3@best"
  std::vector<std::string> weights;  // glob patterns of weight names
  std::string name, sha256;          // of its directory; added by the coordinator at submission
};

struct TrainingConfig {
  std::int64_t epochs = 0;
  std::int64_t max_batches = 0;  // time_metric: batches; 0: whole epochs
  std::int64_t batch_size = 0;  // global
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  std::optional<double> clip_norm;  // of the whole gradient, L2
  std::int64_t accumulate = 1;      // batches per optimiser step
  std::optional<double> ema_decay;
  std::optional<EarlyStoppingConfig> early_stopping;
  std::vector<std::string> freeze;  // glob patterns of weight names that are not trained
  std::optional<WarmStartConfig> warm_start;
  double label_smoothing = 0;
  Precision precision = Precision::kFp32;
  bool stop_on_nan = true;
};

// A metric with its direction: an objective of a searcher with several.
struct ObjectiveConfig {
  std::string metric;  // "<split>_<name>", "parameters" or "flops"
  bool smaller_is_better = true;
};

// What a configuration must keep to. On parameters and flops: one that does not is never trained.
// On a metric: its validations rank behind those that do.
struct ConstraintConfig {
  std::string metric;
  std::optional<double> min, max;
};

// Ends a trial early, with any searcher.
struct StopRuleConfig {
  std::string rule;                // patience | median
  std::int64_t grace_time = 0;     // in time_metric: not before
  std::int64_t patience = 0;       // patience: validations without a better value
  double min_delta = 0;            // patience: absolute
  std::int64_t min_trials = 0;     // median: others that must have come as far
};

// What an earlier experiment has learned (searcher.learn_from); added by the coordinator.
struct ObservationConfig {
  Json hparams;
  double value = 0;  // the metric as reported
};

struct SearcherConfig {
  std::string name;    // search::SearcherNames()
  std::string metric;  // "<split>_<name>", split at the first '_'
  bool smaller_is_better = true;
  std::int64_t max_trials = 1;             // configurations; single: 1; grid: unused
  std::int64_t max_concurrent_trials = 0;  // 0 = no limit, or the searcher's own rule
  std::string time_metric = "epochs";      // epochs | batches | a metric of an entrypoint
  std::int64_t max_time = 0;               // of one trial, in time_metric
  bool deterministic = false;              // decisions do not depend on the order of arrival
  std::vector<StopRuleConfig> stop;
  std::vector<ConstraintConfig> constraints;
  std::vector<std::int64_t> learn_from;    // experiments
  std::vector<ObservationConfig> observations;
  // async_halving, adaptive_asha, hyperband, bohb
  std::int64_t divisor = 4;
  std::int64_t num_rungs = 0;              // async_halving
  std::int64_t max_rungs = 5;
  std::string mode = "standard";           // aggressive | standard | conservative
  std::vector<std::int64_t> bracket_rungs;
  // nsga2: `metric` is the first of them
  std::vector<ObjectiveConfig> objectives;
  std::int64_t population_size = 0;        // nsga2, pbt
  // pbt
  std::int64_t num_rounds = 0;
  std::int64_t round_time = 0;             // in time_metric
  double truncate_fraction = 0.2;          // of the population, replaced after each round
  double perturb_factor = 0.2;             // numbers are multiplied by 1 ± this
  double resample_probability = 0.2;
  // Startup trials of tpe, gp, bohb, cmaes; 0: the searcher's own rule
  std::int64_t startup_trials = 0;
};

struct ResourcesConfig {
  std::int64_t slots_per_trial = 1;
  std::optional<std::int64_t> max_slots;
  std::int64_t priority = 42;
  double weight = 1;
  std::string resource_pool;
  bool is_single_node = false;
  std::map<std::string, std::string> node_labels;  // a node must have them all
  std::int64_t max_per_slot = 1;                   // packing: trials that may share a slot
};

struct CheckpointStorageConfig {
  std::string type;  // coordinator | shared_fs
  std::string host_path;
  std::int64_t save_experiment_best = 0;
  std::int64_t save_trial_best = 1;
  std::int64_t save_trial_latest = 1;
};

struct EvaluationConfig {
  std::vector<Split> splits;
  std::string predictions;  // best | none
  bool curves = true;
};

// Several trained trials whose predictions are combined.
struct EnsembleConfig {
  std::string members;     // replicates | all | best | snapshots | query
  std::int64_t count = 0;  // replicates, best, snapshots: how many
  std::string query;       // query: SELECT whose first column is a trial or checkpoint id
  std::string combine = "mean_probability";  // mean_logit | majority_vote | weighted | greedy
  std::vector<double> weights;  // weighted: one per member; empty = fitted on validation
  std::int64_t min_members = 2;
};

struct ExperimentConfig {
  std::string name;
  std::string description;
  std::vector<std::string> labels;
  DataConfig data;
  // The program that trains, with its arguments; empty: the built-in trainer. With it, data, model
  // and training are left as they are here and the document does not have them.
  std::vector<std::string> entrypoint;
  std::string working_directory;                   // entrypoint: absolute
  std::map<std::string, std::string> environment;  // entrypoint: variables
  Json model;  // {"preset": name, params…} or {"layers": […]}; see experiments/models
  TrainingConfig training;
  SearchSpace hyperparameters;
  SearcherConfig searcher;
  std::int64_t replicates = 1;
  std::optional<EnsembleConfig> ensemble;
  EvaluationConfig evaluation;
  ResourcesConfig resources;
  CheckpointStorageConfig checkpoint_storage;
  std::string checkpoint_policy;              // best | all | none
  std::int64_t min_validation_period = 1;     // in time_metric; 0 (batches): after every epoch
  std::int64_t min_checkpoint_period = 0;     // in time_metric; 0 = as the policy says
  std::int64_t max_restarts = 5;
  std::uint64_t experiment_seed = 0;
  bool deterministic = false;
  Json canonical;  // the document all this was read from
};

// Reads a canonical document. An error names the path; it means a damaged or foreign document,
// since spec validates before anything is sent.
Result<ExperimentConfig> ReadExperimentConfig(const Json& canonical);

// The canonical document of one trial: `canonical` with every path of `hparams` (an object of
// dotted paths, parents first) replaced. With an entrypoint, whose hyperparameters name no fields:
// `canonical` with the field `hparams`. Without searcher.observations, which no trainer needs.
Json ApplyHparams(const Json& canonical, const Json& hparams);

// "validation_accuracy" -> (kValidation, "accuracy").
Result<std::pair<Split, std::string>> ParseMetricName(const std::string& metric);

// Directions of the metrics the built-in trainer reports: true = larger is better, false =
// smaller is better, nullopt = unknown name.
std::optional<bool> LargerIsBetter(const std::string& metric_name);

// The names LargerIsBetter knows, for messages and validation.
std::vector<std::string> MetricNames();

}  // namespace tutti
