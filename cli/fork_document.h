#pragma once

#include <string>
#include <vector>

#include "experiments/core/json.h"

// The experiment that `tutti fork` makes of a trial.

namespace tutti::cli {

struct ForkPlan {
  std::string checkpoint;             // "12.3@best"
  std::string name;                   // of the new experiment; "": the parent's and "-fork"
  std::vector<std::string> warm_start;  // patterns of weight names; empty: all weights
  std::vector<std::string> freeze;    // patterns; empty: everything is trained
  bool other_dataset = false;         // data.dataset is overridden: the old one's options go
};

// What was given of a document: without what its provenance calls a default.
Json WithoutDefaults(const Json& canonical, const Json& provenance);

// The document of one trial: the parent experiment's `canonical` document with the trial's
// `hparams` in it, without the search, the replicates and the ensemble, and starting from the
// checkpoint. Only what `provenance` says was given is written, so that it reads like a file.
Json ForkDocument(const Json& canonical, const Json& provenance, const Json& hparams,
                  const ForkPlan& plan);

}  // namespace tutti::cli
