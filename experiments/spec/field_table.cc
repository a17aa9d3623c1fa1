#include "experiments/spec/field_table.h"

namespace tutti::spec {
namespace {

// Each builder returns a field of one kind; the rest is set by name where it is not the usual.
Field Make(FieldKind kind, std::string path, std::string doc) {
  Field field;
  field.path = std::move(path);
  field.kind = kind;
  field.doc = std::move(doc);
  return field;
}

struct Range {
  double min = 0;
  double max = 0;
  bool above_min = false;
  bool below_max = false;
};

Field Map(std::string path, std::string doc) {
  return Make(FieldKind::kMap, std::move(path), std::move(doc));
}
Field Number(FieldKind kind, std::string path, Json value, Range range, std::string doc) {
  Field field = Make(kind, std::move(path), std::move(doc));
  field.default_value = std::move(value);
  field.min = range.min;
  field.max = range.max;
  field.above_min = range.above_min;
  field.below_max = range.below_max;
  return field;
}
Field Int(std::string path, Json value, Range range, std::string doc) {
  return Number(FieldKind::kInt, std::move(path), std::move(value), range, std::move(doc));
}
Field Float(std::string path, Json value, Range range, std::string doc) {
  return Number(FieldKind::kNumber, std::move(path), std::move(value), range, std::move(doc));
}
Field Plain(FieldKind kind, std::string path, Json value, std::string doc) {
  Field field = Make(kind, std::move(path), std::move(doc));
  field.default_value = std::move(value);
  return field;
}
Field Enum(std::string path, Json value, std::vector<std::string> choices,
           std::vector<std::string> later, std::string doc) {
  Field field = Plain(FieldKind::kEnum, std::move(path), std::move(value), std::move(doc));
  field.choices = std::move(choices);
  field.later = std::move(later);
  return field;
}

Field Required(Field field) {
  field.need = Need::kRequired;
  field.default_value = Json();
  return field;
}
Field Optional(Field field) {
  field.need = Need::kOptional;
  field.default_value = Json();
  return field;
}
Field Varies(Field field) {
  field.varies = true;
  return field;
}
Field Unit(std::string unit, Field field) {
  field.unit = std::move(unit);
  return field;
}
Field OnlyIf(std::string path, std::vector<std::string> values, Field field) {
  field.only_if = std::move(path);
  field.only_values = std::move(values);
  return field;
}
Field Filled(Field field) {
  field.always_filled = true;
  return field;
}
Field OrWord(std::string word, Field field) {
  field.word = std::move(word);
  return field;
}
Field ShortFor(std::string sub_field, Field field) {
  field.short_for = std::move(sub_field);
  return field;
}

constexpr double kMaxCount = 1e9;
constexpr double kMaxSeed = 9007199254740992.0;  // 2^53: exact in every JSON reader
const std::string kDataset = "data.dataset";
const std::string kOptimizer = "training.optimizer.name";

void AddData(std::vector<Field>& t) {
  const auto glyphs = [](Field f) { return OnlyIf(kDataset, {"glyphs"}, std::move(f)); };
  const auto idx = [](Field f) { return OnlyIf(kDataset, {"idx"}, std::move(f)); };
  t.push_back(Required(Map("data", "What to learn from.")));
  t.push_back(Required(Enum(
      kDataset, {},
      {"glyphs", "mnist", "fashion-mnist", "kmnist", "emnist/balanced", "emnist/byclass",
       "emnist/bymerge", "emnist/digits", "emnist/letters", "emnist/mnist", "idx"},
      {"csv", "images"},
      "The data set. glyphs is drawn by Tutti itself; the others are files below the root "
      "(`tutti data fetch NAME` gets the known ones).")));
  t.push_back(Plain(FieldKind::kPath, "data.root", "",
                    "Directory of the data files; relative to the experiment file. Empty: the "
                    "worker's own data root."));
  t.push_back(Map("data.options", "Options of one kind of data set."));
  t.push_back(glyphs(Unit("images", Int("data.options.train", 10000, {1, 1e6},
                                        "Images drawn for training and validation."))));
  t.push_back(glyphs(Unit("images", Int("data.options.test", 2000, {1, 1e6},
                                        "Images drawn for the test split."))));
  t.push_back(glyphs(Int("data.options.seed", 0, {0, kMaxSeed},
                         "Seed of the drawing; the same seed draws the same images.")));
  t.push_back(glyphs(Int("data.options.classes", 36, {2, 36},
                         "The first so many classes of 0-9 and A-Z.")));
  for (const char* name : {"train_images", "train_labels", "test_images", "test_labels"}) {
    t.push_back(idx(Optional(Plain(FieldKind::kString, std::string("data.options.") + name, {},
                                   "An IDX file (or .gz), relative to data.root."))));
  }
  t.push_back(idx(Int("data.options.first_label", 0, {0, 255}, "The label of the first class.")));
  t.push_back(idx(Plain(FieldKind::kBool, "data.options.transposed", false,
                        "Rows and columns are exchanged in the files, as in EMNIST's.")));
  t.push_back(idx(Optional(Plain(FieldKind::kStringList, "data.options.class_names", {},
                                 "Names of the classes, in the order of their labels."))));
  t.push_back(Map("data.splits",
                  "How the items are divided. Only `validation`: so much is taken from the "
                  "training half. `train`, `validation` and `test` (sum 1): for sets without a "
                  "test half."));
  t.push_back(Optional(Float("data.splits.train", {}, {0, 1, true, true},
                             "Fraction for training, in the three-way form.")));
  t.push_back(Float("data.splits.validation", 0.1, {0, 1, false, true},
                    "Fraction for validation, stratified by class."));
  t.push_back(Optional(Float("data.splits.test", {}, {0, 1, false, true},
                             "Fraction for the test, in the three-way form.")));
  t.push_back(Varies(Unit("items", Optional(Int("data.subset", {}, {2, kMaxCount},
                                                "Use only so many training items, stratified, "
                                                "taken before the split.")))));
  t.push_back(Number(FieldKind::kIntList, "data.classes", Json::MakeArray(), {0, 1e6},
                     "Use only these classes; an empty list is all."));
  t.push_back(Varies(OrWord("scale", Plain(FieldKind::kMap, "data.normalize", "scale",
                                           "`scale` maps pixels to 0..1; with mean and std they "
                                           "are then (x - mean) / std."))));
  t.push_back(Required(Float("data.normalize.mean", {}, {-1e6, 1e6}, "Subtracted from 0..1.")));
  t.push_back(Required(Float("data.normalize.std", {}, {0, 1e6, true}, "Divisor.")));
  t.push_back(OrWord("per_trial",
                     Optional(Int("data.split_seed", {}, {0, kMaxSeed},
                                  "Seed of the split, shared by all trials; `per_trial` splits by "
                                  "each trial's own seed. Default: the experiment's seed."))));
}

void AddTraining(std::vector<Field>& t) {
  const auto adam = [](Field f) {
    return Filled(OnlyIf(kOptimizer, {"adam", "adamw"}, std::move(f)));
  };
  const auto sgd = [](Field f) { return Filled(OnlyIf(kOptimizer, {"sgd"}, std::move(f))); };
  t.push_back(Map("training", "How to learn."));
  t.push_back(Varies(Unit("epochs", Required(Int("training.epochs", {}, {1, 1e6},
                                                 "Passes over the training split. "
                                                 "searcher.max_time may give it instead.")))));
  t.push_back(Varies(Unit("items", Int("training.batch_size", 128, {1, 1 << 20},
                                       "Global batch: divided over the slots of a trial."))));
  t.push_back(Varies(Map("training.optimizer", "The rule that changes the weights.")));
  t.push_back(Varies(Enum(kOptimizer, "adam", {"adam", "adamw", "sgd"}, {},
                          "As in PyTorch, fused.")));
  t.push_back(Varies(Float("training.optimizer.lr", 1e-3, {0, 1e3}, "Learning rate.")));
  t.push_back(Varies(adam(Number(FieldKind::kTwoNumbers, "training.optimizer.betas",
                                 Json::MakeArray({0.9, 0.999}), {0, 1, false, true},
                                 "Decay of the first and second moment."))));
  t.push_back(Varies(adam(Float("training.optimizer.eps", 1e-8, {0, 1, true},
                                "Added to the root of the second moment."))));
  t.push_back(Varies(Float("training.optimizer.weight_decay", 0.0, {0, 1e3},
                           "adam, sgd: an L2 term of the loss; adamw: decoupled.")));
  t.push_back(Varies(sgd(Float("training.optimizer.momentum", 0.0, {0, 1, false, true},
                               "Momentum of sgd."))));
  t.push_back(Varies(sgd(Plain(FieldKind::kBool, "training.optimizer.nesterov", false,
                               "Nesterov's form of the momentum."))));
  t.push_back(Map("training.schedule", "How the learning rate changes."));
  t.push_back(Enum("training.schedule.name", "constant", {"constant"},
                   {"step", "multi_step", "exponential", "cosine", "linear", "one_cycle",
                    "plateau", "warmup"},
                   "The schedule."));
  t.push_back(Varies(Map("training.loss", "What is minimised.")));
  t.push_back(Enum("training.loss.name", "cross_entropy", {"cross_entropy"}, {}, "The loss."));
  t.push_back(Varies(Float("training.loss.label_smoothing", 0.0, {0, 1, false, true},
                           "Share of the target spread over all classes.")));
  t.push_back(Varies(Enum("training.precision", "fp32", {"fp32", "fp64", "bf16", "auto"}, {"fp16"},
                          "Number format of the forward and backward pass; auto is bf16 where the "
                          "device is faster with it, decided once per experiment.")));
  t.push_back(Enum("training.on_nan", "stop", {"stop", "continue"}, {},
                   "What a loss that is no finite number does to the trial."));
}

void AddSearch(std::vector<Field>& t) {
  t.push_back(Plain(FieldKind::kSpaces, "hyperparameters", Json::MakeObject(),
                    "Dotted path of a field -> search space or fixed value; a sampled value "
                    "replaces the field it names. Nested groups mean the same as dotted paths."));
  t.push_back(Map("searcher", "Which configurations are tried, and what is best."));
  t.push_back(Enum("searcher.name", "single", {"single", "random", "grid"},
                   {"async_halving", "adaptive_asha", "sobol", "tpe", "cmaes", "gp", "hyperband",
                    "bohb", "median_stopping", "pbt", "nsga2"},
                   "single: one configuration. random: max_trials samples. grid: every "
                   "combination."));
  t.push_back(Plain(FieldKind::kString, "searcher.metric", "validation_loss",
                    "<split>_<name>, for example validation_accuracy; also selects the best "
                    "checkpoint."));
  t.push_back(Plain(FieldKind::kBool, "searcher.smaller_is_better", true,
                    "false for accuracy and the like."));
  t.push_back(Unit("configurations", Int("searcher.max_trials", 1, {1, 100000},
                                         "How many configurations random tries; random needs "
                                         "it.")));
  t.push_back(Unit("configurations",
                   Int("searcher.max_concurrent_trials", 16, {0, 100000},
                       "At most so many at the same time; 0 is no limit.")));
  t.push_back(Enum("searcher.time_metric", "epochs", {"epochs"}, {"batches", "records"},
                   "What max_time counts."));
  t.push_back(Unit("epochs", Optional(Int("searcher.max_time", {}, {1, 1e6},
                                          "Length of a trial; the same as training.epochs."))));
  t.push_back(Optional(ShortFor("epochs", Map("searcher.max_length",
                                              "Determined's older form of max_time."))));
  t.push_back(Unit("epochs", Required(Int("searcher.max_length.epochs", {}, {1, 1e6},
                                          "Length of a trial."))));
  t.push_back(Unit("seeds", Int("replicates", 1, {1, 10000},
                                "Trials per configuration, each with another seed; the searcher "
                                "sees their mean.")));
}

void AddRun(std::vector<Field>& t) {
  t.push_back(Map("evaluation", "What is stored about the best checkpoint."));
  Field splits = Plain(FieldKind::kEnumList, "evaluation.splits",
                       Json::MakeArray({"validation", "test"}), "Evaluated after training.");
  splits.choices = {"train", "validation", "test"};
  t.push_back(std::move(splits));
  t.push_back(Enum("evaluation.predictions", "best", {"best", "none"}, {},
                   "Keep the logits of every item, so that every number can be recomputed."));
  t.push_back(Plain(FieldKind::kBool, "evaluation.curves", true,
                    "Keep ROC and precision-recall curves."));
  t.push_back(Map("resources", "What a trial occupies, and its place in the queue."));
  t.push_back(Unit("slots", Int("resources.slots_per_trial", 1, {0, 65536},
                                "GPUs (or CPU shares) per trial, all at once or not at all. 0: "
                                "one CPU slot.")));
  t.push_back(Unit("slots", Optional(Int("resources.max_slots", {}, {1, 1e6},
                                         "At most so many for the whole experiment."))));
  t.push_back(Int("resources.priority", 42, {1, 99}, "Smaller comes first."));
  t.push_back(Float("resources.weight", 1.0, {0, 1e6, true}, "Share among equals."));
  t.push_back(Plain(FieldKind::kString, "resources.resource_pool", "default",
                    "The pool of nodes."));
  t.push_back(Plain(FieldKind::kBool, "resources.is_single_node", false,
                    "All slots of a trial must be on one node."));
  t.push_back(Map("checkpoint_storage", "Where checkpoints go and how many stay."));
  t.push_back(Enum("checkpoint_storage.type", "coordinator", {"coordinator", "shared_fs"},
                   {"s3", "gcs", "azure", "directory"},
                   "coordinator: kept in its state directory, from where every node gets them. "
                   "shared_fs: Determined's form, accepted and treated as coordinator."));
  t.push_back(Filled(OnlyIf("checkpoint_storage.type", {"shared_fs"},
                            Plain(FieldKind::kPath, "checkpoint_storage.host_path", "",
                                  "The directory of shared_fs; not used by this version (a warning says so)."))));
  t.push_back(Int("checkpoint_storage.save_experiment_best", 0, {0, 100000},
                  "Best checkpoints kept per experiment, besides the trials' own."));
  t.push_back(Int("checkpoint_storage.save_trial_best", 1, {0, 100000},
                  "Best checkpoints kept per trial."));
  t.push_back(Int("checkpoint_storage.save_trial_latest", 1, {0, 100000},
                  "Latest checkpoints kept per trial."));
  t.push_back(Enum("checkpoint_policy", "best", {"best", "all", "none"}, {},
                   "When to write one: if the metric is the best so far, after every validation, "
                   "or only at the end and when paused."));
  t.push_back(ShortFor("epochs", Map("min_validation_period", "How often to validate.")));
  t.push_back(Unit("epochs", Int("min_validation_period.epochs", 1, {1, 1e6},
                                 "Validate after every so many epochs.")));
  t.push_back(ShortFor("epochs", Map("min_checkpoint_period", "How often to checkpoint.")));
  t.push_back(Unit("epochs", Int("min_checkpoint_period.epochs", 0, {0, 1e6},
                                 "Checkpoint after every so many epochs; 0: as "
                                 "checkpoint_policy says.")));
  t.push_back(Int("max_restarts", 5, {0, 1000},
                  "How often a failed trial goes on from its last checkpoint."));
  t.push_back(Map("reproducibility", "Seeds and determinism."));
  t.push_back(Int("reproducibility.experiment_seed", 0, {0, kMaxSeed},
                  "All randomness of the experiment follows from it."));
  t.push_back(Plain(FieldKind::kBool, "reproducibility.deterministic", false,
                    "Refuse operations whose result depends on timing."));
}

}  // namespace

std::string_view Field::name() const {
  const std::size_t dot = path.rfind('.');
  return std::string_view(path).substr(dot == std::string::npos ? 0 : dot + 1);
}

const std::vector<Field>& Fields() {
  static const std::vector<Field> table = [] {
    std::vector<Field> t;
    t.push_back(Required(Plain(FieldKind::kString, "name", {}, "What people see in lists.")));
    t.push_back(Plain(FieldKind::kString, "description", "", "The question it answers."));
    t.push_back(Plain(FieldKind::kStringList, "labels", Json::MakeArray(), "For finding it."));
    AddData(t);
    t.push_back(Varies(Required(Make(FieldKind::kModel, "model",
                                     "The architecture: {preset: NAME, parameters...} or "
                                     "{layers: [...]}."))));
    AddTraining(t);
    AddSearch(t);
    AddRun(t);
    return t;
  }();
  return table;
}

}  // namespace tutti::spec
