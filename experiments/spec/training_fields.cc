#include "experiments/spec/field_builders.h"

namespace tutti::spec {
namespace {

const std::string kSchedule = "training.schedule.name";
const std::string kOptimizer = "training.optimizer.name";

// Every schedule's fields are filled in, so that `hyperparameters` may vary its name.
void AddSchedule(std::vector<Field>& t) {
  const auto of = [&](std::vector<std::string> schedules, Field f) {
    t.push_back(Varies(Filled(OnlyIf(kSchedule, std::move(schedules), std::move(f)))));
  };
  const auto path = [](const char* name) { return std::string("training.schedule.") + name; };
  t.push_back(Varies(ShortFor("name", Map("training.schedule", "How the learning rate changes."))));
  t.push_back(Varies(Enum(
      kSchedule, "constant",
      {"constant", "step", "multi_step", "exponential", "cosine", "linear", "one_cycle", "plateau"},
      {},
      "As in torch.optim.lr_scheduler. step, multi_step, exponential and plateau change the rate "
      "between epochs, the others at every optimiser step.")));
  of({"step"}, ShortFor("epochs", Map(path("every"), "How often the rate changes.")));
  t.push_back(Varies(Unit("epochs", Int(path("every.epochs"), 1, {1, 1e6},
                                        "Multiply by gamma after every so many epochs."))));
  of({"step", "multi_step", "exponential"},
     Float(path("gamma"), 0.1, {0, 10, true}, "Factor at each change; exponential: every epoch."));
  of({"multi_step"}, Unit("epochs", Number(FieldKind::kIntList, path("milestones"),
                                           Json::MakeArray(), {1, 1e6},
                                           "Multiply by gamma after these epochs.")));
  of({"cosine", "plateau"}, Float(path("min_lr"), 0.0, {0, 1e3}, "The lowest rate."));
  of({"cosine"}, Int(path("cycles"), 1, {1, 100000},
                     "So many falls from optimizer.lr to min_lr, each starting at the full rate."));
  of({"linear"}, Float(path("end_factor"), 0.0, {0, 1}, "The last rate, as a factor of the "
                                                        "first."));
  of({"one_cycle"}, Float(path("start_fraction"), 0.3, {0, 1, true, true},
                          "Share of the steps in which the rate rises to optimizer.lr, its peak."));
  of({"one_cycle"}, Float(path("div_factor"), 25.0, {1, 1e9}, "First rate = peak / this."));
  of({"one_cycle"}, Float(path("final_div_factor"), 1e4, {1, 1e12},
                          "Last rate = first rate / this."));
  of({"plateau"}, Float(path("factor"), 0.1, {0, 1, true, true},
                        "Factor when searcher.metric got no better."));
  of({"plateau"}, Unit("epochs", Int(path("patience"), 10, {0, 1e6},
                                     "More than so many epochs without a better metric.")));
  of({"plateau"}, Float(path("min_delta"), 1e-4, {0, 1, false, true},
                        "By this fraction the metric must be better than the best so far."));
  t.push_back(Varies(ShortFor("epochs", Map(path("warmup"),
                                            "Before any schedule: the rate is multiplied by a "
                                            "factor that rises linearly to 1."))));
  t.push_back(Varies(Unit("epochs", Float(path("warmup.epochs"), 0.0, {0, 1e6},
                                          "Length of the warm-up; 0: none."))));
  t.push_back(Varies(Float(path("warmup.factor"), 0.01, {0, 1}, "The factor at its beginning.")));
}

// What happens to gradients and weights besides the optimiser's rule.
void AddGradient(std::vector<Field>& t) {
  t.push_back(Varies(Map("training.gradient", "What happens to gradients before they are used.")));
  t.push_back(Varies(Optional(Float("training.gradient.clip_norm", {}, {0, 1e9, true},
                                    "Largest L2 norm of the whole gradient; a longer one is "
                                    "scaled to it."))));
  t.push_back(Varies(Unit("batches", Int("training.gradient.accumulate", 1, {1, 65536},
                                         "One optimiser step for so many batches "
                                         "(Determined's aggregation_frequency)."))));
  t.push_back(Varies(Optional(ShortFor("decay", Map(
      "training.ema", "Keep an exponential moving average of the weights; validation, the best "
                      "checkpoint and evaluations use it.")))));
  t.push_back(Varies(Required(Float("training.ema.decay", {}, {0, 1, false, true},
                                    "average = decay * average + (1 - decay) * weight, after "
                                    "every optimiser step."))));
  t.push_back(Varies(Optional(ShortFor("patience", Map(
      "training.early_stopping", "End a trial whose searcher.metric gets no better.")))));
  t.push_back(Varies(Unit("epochs", Required(Int("training.early_stopping.patience", {}, {1, 1e6},
                                                 "Stop after so many epochs without a better "
                                                 "metric.")))));
  t.push_back(Varies(Float("training.early_stopping.min_delta", 0.0, {0, 1e9},
                           "By this much a metric must be better to count.")));
  t.push_back(Varies(Plain(FieldKind::kStringList, "training.freeze", Json::MakeArray(),
                           "Weights that are not trained: patterns with * and ? of their names, "
                           "for example 'features.*' (`tutti plan` lists layers by name).")));
  t.push_back(Optional(ShortFor("checkpoint", Map(
      "training.warm_start", "Start from the weights of another trial (`tutti fork` writes "
                             "this)."))));
  t.push_back(Required(Plain(FieldKind::kString, "training.warm_start.checkpoint", {},
                             "12.3@best, 12.3@last or 12.3@e17: of trial 3 of experiment 12.")));
  t.push_back(Plain(FieldKind::kStringList, "training.warm_start.weights", Json::MakeArray({"*"}),
                    "Only weights whose names match one of these patterns."));
  for (const char* name : {"name", "sha256"}) {
    t.push_back(Optional(Plain(FieldKind::kString, std::string("training.warm_start.") + name, {},
                               "Of that checkpoint; set by the coordinator when the experiment is "
                               "submitted.")));
  }
}

}  // namespace

void AddTraining(std::vector<Field>& t) {
  const auto adam = [](Field f) {
    return Filled(OnlyIf(kOptimizer, {"adam", "adamw"}, std::move(f)));
  };
  const auto sgd = [](Field f) { return Filled(OnlyIf(kOptimizer, {"sgd"}, std::move(f))); };
  t.push_back(Map("training", "How to learn."));
  const std::string time_metric = "searcher.time_metric";
  t.push_back(Varies(Unit("epochs", OnlyIf(time_metric, {"epochs"}, Required(Int(
      "training.epochs", {}, {1, 1e6},
      "Passes over the training split. searcher.max_time may give it instead."))))));
  t.push_back(Unit("batches", OnlyIf(time_metric, {"batches"}, Optional(Int(
      "training.max_batches", {}, {1, 1e9},
      "Length of a trial; searcher.max_time may give it instead.")))));
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
  AddSchedule(t);
  AddGradient(t);
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

}  // namespace tutti::spec
