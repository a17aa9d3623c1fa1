#include "experiments/spec/field_builders.h"
#include "experiments/spec/searcher_kinds.h"

// The fields of `searcher`. Those of one searcher are filled in for all of them, so that readers
// find every field.

namespace tutti::spec {
namespace {

const std::string kName = "searcher.name";

Field Of(std::vector<std::string> searchers, Field field) {
  return Filled(OnlyIf(kName, std::move(searchers), std::move(field)));
}

void AddLength(std::vector<Field>& t) {
  Field metric = Enum("searcher.time_metric", "epochs", {"epochs", "batches"}, {"records"},
                      "What max_time and the searcher count. With an entrypoint: any number that "
                      "the program reports beside its metrics.");
  metric.open = true;
  t.push_back(std::move(metric));
  t.push_back(Unit("time_metric", Int("searcher.max_time", 0, {0, 1e9},
                                      "Length of a trial; 0: as training.epochs says.")));
  t.push_back(Optional(ShortFor("epochs", Map("searcher.max_length",
                                              "Determined's older form of time_metric and "
                                              "max_time."))));
  t.push_back(Unit("epochs", Optional(Int("searcher.max_length.epochs", {}, {1, 1e6},
                                          "Length of a trial."))));
  t.push_back(Unit("batches", Optional(Int("searcher.max_length.batches", {}, {1, 1e9},
                                           "Length of a trial."))));
  t.push_back(Unit("items", Optional(Int("searcher.max_length.records", {}, {1, 1e12},
                                         "Length of a trial; divided by training.batch_size."))));
}

void AddHalving(std::vector<Field>& t) {
  t.push_back(Of(EarlyStoppers(), Int("searcher.divisor", 4, {2, 1000},
                                      "One of so many goes on at each rung, for so many times as "
                                      "long.")));
  t.push_back(Unit("rungs", Of({"async_halving"},
                               Int("searcher.num_rungs", 0, {0, 60},
                                   "How many times trials are compared; async_halving needs "
                                   "it."))));
  t.push_back(Unit("rungs", Of({"adaptive_asha", "hyperband", "bohb"},
                               Int("searcher.max_rungs", 5, {1, 60}, "At most so many."))));
  t.push_back(Of({"adaptive_asha"},
                 Enum("searcher.mode", "standard", {"aggressive", "standard", "conservative"}, {},
                      "How early trials stop: aggressive is one bracket with the most rungs, "
                      "standard the upper half of the brackets, conservative all of them.")));
  Field rungs = Number(FieldKind::kIntList, "searcher.bracket_rungs", Json::MakeArray(), {1, 60},
                       "Numbers of rungs of the brackets, instead of mode.");
  rungs.repeats = true;
  t.push_back(Of({"adaptive_asha"}, std::move(rungs)));
}

void AddPopulation(std::vector<Field>& t) {
  t.push_back(Of({"nsga2"}, Plain(FieldKind::kItems, "searcher.metrics", Json::MakeArray(),
                                  "What is best, in several ways at once. The first is "
                                  "searcher.metric.")));
  t.back().short_for = "metric";
  t.push_back(Required(Plain(FieldKind::kString, "searcher.metrics.metric", {},
                             "<split>_<name>, parameters or flops.")));
  t.push_back(Optional(Plain(FieldKind::kBool, "searcher.metrics.smaller_is_better", {},
                             "Default: what is known of the metric.")));
  t.push_back(Unit("configurations", Of({"nsga2"}, Int("searcher.population_size", 50, {2, 10000},
                                                       "Size of a generation."))));
  t.push_back(Unit("configurations", Of({"pbt"}, Int("searcher.population_size", 8, {2, 10000},
                                                     "How many train side by side."))));
  t.push_back(Of({"pbt"}, Int("searcher.num_rounds", 0, {0, 100000},
                              "How many times they train on and are compared; pbt needs it.")));
  t.push_back(Unit("time_metric", Of({"pbt"}, Int("searcher.round_time", 0, {0, 1e9},
                                                  "Length of a round; pbt needs it."))));
  t.push_back(Of({"pbt"}, Float("searcher.truncate_fraction", 0.2, {0, 0.5},
                                "After each round this share, the worst, goes on from the "
                                "checkpoints of the best.")));
  t.push_back(Of({"pbt"}, Float("searcher.perturb_factor", 0.2, {0, 1, false, true},
                                "They change their numbers by the factor 1 + this or 1 - this.")));
  t.push_back(Of({"pbt"}, Float("searcher.resample_probability", 0.2, {0, 1},
                                "With this probability a value is sampled anew instead.")));
}

void AddLearning(std::vector<Field>& t) {
  t.push_back(Unit("configurations",
                   Of(Learners(), Int("searcher.startup_trials", 0, {0, 100000},
                                      "So many are sampled without a model; 0: the searcher's own "
                                      "rule."))));
  t.push_back(Of(Learners(), Number(FieldKind::kIntList, "searcher.learn_from", Json::MakeArray(),
                                    {1, 1e9},
                                    "Experiments with the same metric, from whose results the "
                                    "search starts.")));
  t.push_back(Optional(OnlyIf(kName, Learners(),
                              Plain(FieldKind::kItems, "searcher.observations", {},
                                    "Those results; set by the coordinator when the experiment is "
                                    "submitted."))));
  t.push_back(Required(Make(FieldKind::kAnyMap, "searcher.observations.hparams",
                            "Values by path.")));
  t.push_back(Required(Float("searcher.observations.value", {}, {-1e308, 1e308},
                             "The metric.")));
}

void AddStopping(std::vector<Field>& t) {
  const auto optional = [&](const char* short_for, const char* path, const char* doc) {
    t.push_back(Optional(ShortFor(short_for, Map(path, doc))));
  };
  const auto grace = [&](const char* path) {
    t.push_back(Unit("time_metric", Int(path, 0, {0, 1e9}, "Not before.")));
  };
  t.push_back(Plain(FieldKind::kItems, "searcher.stop", Json::MakeArray(),
                    "Rules that end a trial early, with any searcher; each item has one of its "
                    "fields."));
  optional("validations", "searcher.stop.patience", "If the metric gets no better.");
  t.push_back(Required(Int("searcher.stop.patience.validations", {}, {1, 1e6},
                           "So many validations without a better value.")));
  t.push_back(Float("searcher.stop.patience.min_delta", 0.0, {0, 1e9},
                    "By this much it must be better to count."));
  grace("searcher.stop.patience.grace_time");
  optional("min_trials", "searcher.stop.median",
           "If its best value is worse than the median of the others' means up to that time.");
  grace("searcher.stop.median.grace_time");
  t.push_back(Unit("trials", Int("searcher.stop.median.min_trials", 5, {1, 1e6},
                                 "Others that must have come as far.")));
  t.push_back(Plain(FieldKind::kItems, "searcher.constraints", Json::MakeArray(),
                    "What a configuration must keep to. On parameters and flops: one that does "
                    "not is never trained. On a metric: its validations rank behind those that "
                    "do."));
  t.push_back(Required(Plain(FieldKind::kString, "searcher.constraints.metric", {},
                             "parameters, flops or <split>_<name>.")));
  t.push_back(Optional(Float("searcher.constraints.min", {}, {-1e300, 1e300}, "At least.")));
  t.push_back(Optional(Float("searcher.constraints.max", {}, {-1e300, 1e300}, "At most.")));
}

}  // namespace

void AddSearch(std::vector<Field>& t) {
  t.push_back(Plain(FieldKind::kSpaces, "hyperparameters", Json::MakeObject(),
                    "Dotted path of a field -> search space or fixed value; a sampled value "
                    "replaces the field it names. Nested groups mean the same as dotted paths. "
                    "With an entrypoint: any names; the program gets the values."));
  t.push_back(Map("searcher", "Which configurations are tried, and what is best."));
  std::vector<std::string> names;
  std::string doc;
  for (const SearcherKind& kind : SearcherKinds()) {
    names.push_back(kind.name);
    doc += (doc.empty() ? "" : " ") + kind.name + ": " + kind.doc;
  }
  t.push_back(Enum(kName, "single", std::move(names), {}, std::move(doc)));
  t.push_back(Plain(FieldKind::kString, "searcher.metric", "validation_loss",
                    "<split>_<name>, for example validation_accuracy; also selects the best "
                    "checkpoint."));
  t.push_back(Plain(FieldKind::kBool, "searcher.smaller_is_better", true,
                    "false for accuracy and the like."));
  t.push_back(Unit("configurations", Int("searcher.max_trials", 1, {1, 100000},
                                         "How many configurations are tried; all searchers need "
                                         "it but single, grid and pbt, which know it.")));
  const auto concurrent = [&](std::int64_t value, std::vector<std::string> searchers,
                              const char* doc_text) {
    t.push_back(Unit("configurations",
                     Of(std::move(searchers), Int("searcher.max_concurrent_trials", value,
                                                  {0, 100000}, doc_text))));
  };
  concurrent(0, NotOf(EarlyStoppers()),
             "At most so many at the same time; 0: no limit, or the searcher's own.");
  concurrent(16, EarlyStoppers(),
             "At most so many at the same time; 0: as many as the searcher's rungs can use.");
  AddLength(t);
  t.push_back(Plain(FieldKind::kBool, "searcher.deterministic", false,
                    "Decisions do not depend on which trial reports first: the same search twice, "
                    "at the price of trials that wait for each other."));
  AddHalving(t);
  AddPopulation(t);
  AddLearning(t);
  AddStopping(t);
  t.push_back(Unit("seeds", Int("replicates", 1, {1, 10000},
                                "Trials per configuration, each with another seed; the searcher "
                                "sees their mean.")));
}

}  // namespace tutti::spec
