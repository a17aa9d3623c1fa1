#pragma once

#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "experiments/core/result.h"
#include "storage/ensemble_result.h"

// Combines what the members of an ensemble have predicted: reads their stored logits, joins them by
// item, and computes every combiner on every split that all members have. No trainer, no GPU.

namespace tutti {

struct EvaluatedEnsemble {
  storage::EnsembleResult result;  // for the transaction of the event EnsembleEvaluated
  // That were combined, in order; differs from the order's where a query named them.
  std::vector<engine::EnsembleMember> members;
  std::string message;  // what to know of a success, e.g. how many items they share; may be ""
};

// Blocks on the disk and computes (seconds for large splits): for a pool's thread. Opens a
// read-only connection of its own to `database`; a members query runs in a helper process
// (query_process.h) of `query_program`. Holds at most kMaxEnsembleBytes of logits.
//
// Errors (the message is for people): kFailedPrecondition (a member without stored predictions, or
// over other classes, or about other data than the others; fewer members than min_members; a
// combiner that is fitted on validation without a validation split that all share),
// kInvalidArgument (a query that fails or names what is no trial or checkpoint, wrong weights),
// kNotFound (a trial or checkpoint that does not exist), kResourceExhausted (too many predictions).
Result<EvaluatedEnsemble> RunEnsembleEvaluation(const std::string& database,
                                                const std::string& query_program,
                                                const engine::EvaluateEnsemble& order);

inline constexpr std::size_t kMaxEnsembleMembers = 256;
inline constexpr std::int64_t kMaxEnsembleBytes = std::int64_t{2} << 30;

}  // namespace tutti
