#include "experiments/spec/field_table.h"

#include "experiments/spec/field_builders.h"

namespace tutti::spec {
namespace {

void AddEntrypoint(std::vector<Field>& t) {
  t.push_back(Optional(Make(FieldKind::kCommand, "entrypoint",
                            "The program that trains, with its arguments, instead of data, model "
                            "and training. A program with / in its name is found from the file's "
                            "directory.")));
  t.push_back(Plain(FieldKind::kPath, "working_directory", "",
                    "Where the program runs; empty: the file's directory."));
  Field environment = Plain(FieldKind::kTextMap, "environment", Json::MakeObject(),
                            "Environment variables of the program.");
  environment.empty_items = true;
  t.push_back(std::move(environment));
  for (std::size_t i = t.size() - 3; i < t.size(); ++i) t[i].trainer = Trainer::kProgram;
  t[t.size() - 3].trainer = Trainer::kAny;  // it says which of both
}

void AddEnsemble(std::vector<Field>& t) {
  const auto members = [&](const char* kind, const char* doc) {
    t.push_back(Optional(Int(std::string("ensemble.members.") + kind, {}, {2, 10000}, doc)));
  };
  t.push_back(Optional(Map("ensemble", "Combine the predictions of several trained trials.")));
  t.push_back(OrWord("all", Required(ShortFor("replicates", Map(
      "ensemble.members", "Who belongs to it: a number (so many replicates of each "
                          "configuration), all (every trial of the experiment), or one of its "
                          "fields.")))));
  members("replicates", "The replicates of each configuration: one ensemble per configuration.");
  members("best", "The best trials of the experiment, by searcher.metric.");
  members("snapshots", "Of each trial, so many checkpoints spread evenly over its epochs: one "
                       "ensemble per trial.");
  t.push_back(Optional(Plain(FieldKind::kString, "ensemble.members.query", {},
                             "A SELECT, run when the trials have ended, whose first column is a "
                             "trial (12.3) or a checkpoint (12.3@best).")));
  t.push_back(Enum("ensemble.combine", "mean_probability",
                   {"mean_probability", "mean_logit", "majority_vote", "weighted", "greedy"}, {},
                   "How predictions are combined. weighted: by `weights`, else by weights fitted "
                   "on validation; greedy: members are selected on validation, with repetition."));
  Field weights = Number(FieldKind::kNumberList, "ensemble.weights", Json::MakeArray(), {0, 1e9},
                         "weighted: one per member; an empty list: fitted on validation.");
  t.push_back(std::move(weights));
  t.push_back(Int("ensemble.min_members", 2, {1, 10000},
                  "A member that fails is left out if at least so many remain."));
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
  t.push_back(Float("resources.weight", 1.0, {0, 1e6, true},
                        "Share of the slots among experiments of the same priority."));
  t.push_back(Plain(FieldKind::kString, "resources.resource_pool", "default",
                    "The pool of nodes."));
  t.push_back(Plain(FieldKind::kBool, "resources.is_single_node", false,
                    "All slots of a trial must be on one node."));
  t.push_back(Optional(Plain(FieldKind::kTextMap, "resources.node_labels", {},
                             "Only nodes with all of these labels (`tutti-worker --label "
                             "NAME=VALUE`) run its trials.")));
  t.push_back(ShortFor("max_per_slot", Map("resources.packing", "Several trials on one slot.")));
  t.push_back(Unit("trials", Int("resources.packing.max_per_slot", 1, {1, 64},
                                 "So many trials of one slot may share it, each a process of its "
                                 "own, as far as their measured memory fits.")));
  t.push_back(Map("checkpoint_storage", "Where checkpoints go and how many stay."));
  t.push_back(Enum("checkpoint_storage.type", "coordinator", {"coordinator", "shared_fs"},
                   {"s3", "gcs", "azure", "directory"},
                   "coordinator: kept in its state directory, from where every node gets them. "
                   "shared_fs: Determined's form, accepted and treated as coordinator."));
  t.push_back(Filled(OnlyIf("checkpoint_storage.type", {"shared_fs"},
                            Plain(FieldKind::kPath, "checkpoint_storage.host_path", "",
                                  "The directory of shared_fs; not used by this version (a warning "
                                  "says so)."))));
  t.push_back(Int("checkpoint_storage.save_experiment_best", 0, {0, 100000},
                  "Best checkpoints kept per experiment, besides the trials' own."));
  t.push_back(Int("checkpoint_storage.save_trial_best", 1, {0, 100000},
                  "Best checkpoints kept per trial."));
  t.push_back(Int("checkpoint_storage.save_trial_latest", 1, {0, 100000},
                  "Latest checkpoints kept per trial."));
  t.push_back(Enum("checkpoint_policy", "best", {"best", "all", "none"}, {},
                   "When to write one: if the metric is the best so far, after every validation, "
                   "or only at the end and when paused."));
  const auto period = [&](const std::string& path, const char* doc, Json epochs, double least,
                          const char* each) {
    t.push_back(ShortFor("epochs", Map(path, doc)));
    t.push_back(Unit("epochs", Int(path + ".epochs", std::move(epochs), {least, 1e6}, each)));
    t.push_back(Unit("batches", Optional(Int(path + ".batches", {}, {least, 1e9},
                                             "The same in batches, with time_metric batches."))));
  };
  period("min_validation_period", "How often to validate.", 1, 1,
         "Validate after every so many epochs.");
  period("min_checkpoint_period", "How often to checkpoint.", 0, 0,
         "Checkpoint after every so many epochs; 0: as checkpoint_policy says.");
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
    AddEntrypoint(t);
    const std::size_t built_in = t.size();
    AddData(t);
    t.push_back(Varies(Required(Make(FieldKind::kModel, "model",
                                     "The architecture: {preset: NAME, parameters...} or "
                                     "{layers: [...]}."))));
    AddTraining(t);
    for (std::size_t i = built_in; i < t.size(); ++i) {
      if (t[i].path.find('.') == std::string::npos) t[i].trainer = Trainer::kBuiltIn;
    }
    AddSearch(t);
    AddEnsemble(t);
    AddRun(t);
    return t;
  }();
  return table;
}

}  // namespace tutti::spec
