#pragma once

#include <cstdint>

#include "cli/database.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What a trial was trained with, for the verbs that go on from it (fork, evaluate).

namespace tutti::cli {

struct TrialParent {
  Json canonical;   // the experiment's document
  Json provenance;  // where each of its values came from
  Json hparams;     // what the searcher chose for the trial
};

// kNotFound: there is no such trial.
Result<TrialParent> ReadTrialParent(Database& database, std::int64_t experiment,
                                    std::int64_t trial_no);

}  // namespace tutti::cli
