#include "worker/trainer/early_stopping.h"

#include <cmath>

namespace tutti::trainer {

void EarlyStopping::EndEpoch(const EarlyStoppingConfig& config, bool smaller_is_better,
                             std::int64_t epoch, double metric) {
  const bool better =
      !std::isnan(metric) &&
      (!best || (smaller_is_better ? metric < *best - config.min_delta
                                   : metric > *best + config.min_delta));
  if (better) {
    best = metric;
    best_epoch = epoch;
  }
  stopped = epoch - best_epoch >= config.patience;
}

Json EarlyStopping::ToJson() const {
  return Json::MakeObject(
      {{"best", best ? Json(*best) : Json()}, {"best_epoch", best_epoch}, {"stopped", stopped}});
}

Result<EarlyStopping> EarlyStopping::FromJson(const Json& json) {
  EarlyStopping state;
  if (const Json* value = json.Find("best"); value != nullptr && !value->is_null()) {
    TUTTI_ASSIGN_OR_RETURN(state.best, json.GetDouble("best"));
  }
  TUTTI_ASSIGN_OR_RETURN(state.best_epoch, json.GetInt("best_epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.stopped, json.GetBool("stopped"));
  return state;
}

}  // namespace tutti::trainer
