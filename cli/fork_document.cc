#include "cli/fork_document.h"

#include <optional>
#include <utility>

#include "experiments/core/config/experiment_config.h"

namespace tutti::cli {
namespace {

// `value` at `path` without the defaults in it; nothing if it is all default. Maps without leaves
// of their own in the provenance are looked into.
std::optional<Json> Given(const Json& value, const std::string& path, const Json& provenance) {
  if (const Json* source = provenance.Find(path)) {
    if (*source == Json("default")) return std::nullopt;
    return value;
  }
  if (!value.is_object()) return value;
  Json given = Json::MakeObject();
  for (const auto& [key, member] : value.AsObject()) {
    auto kept = Given(member, path.empty() ? key : path + "." + key, provenance);
    if (kept) given.Set(key, std::move(*kept));
  }
  return given.size() > 0 ? std::optional<Json>(std::move(given)) : std::nullopt;
}

Json StringList(const std::vector<std::string>& texts) {
  Json list = Json::MakeArray();
  for (const std::string& text : texts) list.Append(text);
  return list;
}

void EraseIn(Json& document, const char* section, std::initializer_list<const char*> keys) {
  Json* map = document.Find(section);
  if (map == nullptr || !map->is_object()) return;
  for (const char* key : keys) map->Erase(key);
}

void KeepMetric(Json& document) {
  const Json* searcher = document.Find("searcher");
  if (searcher == nullptr || !searcher->is_object()) return;
  Json kept = Json::MakeObject();
  for (const char* key : {"metric", "smaller_is_better"}) {
    if (const Json* value = searcher->Find(key)) kept.Set(key, *value);
  }
  document.Set("searcher", std::move(kept));
}

}  // namespace

Json WithoutDefaults(const Json& canonical, const Json& provenance) {
  return Given(canonical, "", provenance).value_or(Json::MakeObject());
}

Json ForkDocument(const Json& canonical, const Json& provenance, const Json& hparams,
                  const ForkPlan& plan) {
  Json document = WithoutDefaults(canonical, provenance);
  document.Erase("hyperparameters");
  document.Erase("replicates");
  document.Erase("ensemble");
  document = ApplyHparams(document, hparams);
  // One trial; of the search only the metric stays, since it says what is best. The length is that
  // of training.
  const Json whole = ApplyHparams(canonical, hparams);
  KeepMetric(document);
  if (const Json* batches = whole.FindPath("training.max_batches")) {
    document.SetPath("training.max_batches", *batches);
    document.SetPath("searcher.time_metric", "batches");
  } else {
    document.SetPath("training.epochs", *whole.FindPath("training.epochs"));
  }
  EraseIn(document, "training", {"warm_start", "freeze"});
  if (plan.other_dataset) EraseIn(document, "data", {"options", "classes"});
  Json named = Json::MakeObject(
      {{"name", plan.name.empty() ? canonical["name"].AsString() + "-fork" : plan.name},
       {"description", "Started from " + plan.checkpoint + "."}});
  for (const auto& [key, value] : document.AsObject()) {
    if (key != "name" && key != "description") named.Set(key, value);
  }
  document = std::move(named);
  Json start = Json::MakeObject({{"checkpoint", plan.checkpoint}});
  if (!plan.warm_start.empty()) start.Set("weights", StringList(plan.warm_start));
  document.SetPath("training.warm_start", std::move(start));
  if (!plan.freeze.empty()) document.SetPath("training.freeze", StringList(plan.freeze));
  return document;
}

}  // namespace tutti::cli
