#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/metrics/ensemble.h"
#include "storage/read_store.h"

// The stored logits of evaluations by trial and checkpoint, and joined by item: for ensembles
// and exports, in the coordinator and in a client, which reads through it.

namespace tutti::storage {

// Runs one SELECT, within limits not below the default ones.
using RunQuery =
    std::function<Result<Table>(const std::string& sql, const std::vector<Json>& params)>;

// "12.3" and "12.3@best": the trial's best checkpoint (name ""); "12.3@last", "12.3@e17".
struct CheckpointRef {
  TrialId trial;
  std::string checkpoint_name;  // as in records; "": the trial's best
  std::string text;             // "12.3@best"
};
// kInvalidArgument: not such a text; kNotFound: no such trial or checkpoint (lists what exists).
Result<CheckpointRef> FindCheckpoint(const RunQuery& query, const std::string& text);

struct StoredEvaluation {
  std::int64_t evaluation_id = 0;
  std::string split;
  std::int64_t n = 0, classes = 0;
  bool labelled = true;
  std::vector<std::string> class_names;  // the class numbers where the trainer gave none
};
struct CheckpointEvaluations {
  std::string text;                          // "12.3@e17", "12.3@best" without a checkpoint
  std::vector<StoredEvaluation> evaluations;  // with predictions, on the trial's own data; the
                                              // latest of each split, train before test
};
// Empty evaluations if nothing was stored. kNotFound: no such trial.
Result<CheckpointEvaluations> FindEvaluations(const RunQuery& query, TrialId trial,
                                              const std::string& checkpoint_name);

struct StoredPredictions {
  std::int64_t classes = 0;
  std::vector<std::int32_t> items;   // in the split's order
  std::vector<std::int32_t> labels;  // -1: unknown
  std::vector<float> logits;         // n x classes
};
// kNotFound: no such evaluation or none with predictions; kDataLoss: rows that do not fit.
Result<StoredPredictions> LoadPredictions(const RunQuery& query, std::int64_t evaluation_id);

// The items that all have, in the first one's order, each once. `names` (one per member) are for
// messages. kFailedPrecondition: different numbers of classes, or labels of an item that differ
// (the members have not seen the same data). Takes the logits out of `members`.
Result<MemberPredictions> JoinByItem(std::vector<StoredPredictions>& members,
                                     const std::vector<std::string>& names);

}  // namespace tutti::storage
