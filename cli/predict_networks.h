#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/checkpoint_id.h"
#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "experiments/core/result.h"
#include "experiments/metrics/ensemble.h"

// One network, or an ensemble of them, that says what pictures show.

namespace tutti::cli {

struct NetworkGroup {
  std::string name;                    // "12.3@best", "ensemble 4"
  std::vector<CheckpointId> networks;  // at least one
  std::vector<double> weights;         // one each, sum 1
  Combiner combiner = Combiner::kMeanProbability;
};

NetworkGroup SingleNetwork(const CheckpointId& id);

// The members of an ensemble that has been evaluated, with its combiner and weights. kNotFound: no
// such ensemble; kFailedPrecondition: it has no members or no weights yet.
Result<NetworkGroup> ReadEnsemble(Database& database, std::int64_t ensemble);

struct Answers {
  std::vector<std::string> class_names;
  CombinedPredictions combined;  // n x classes
};

// Asks every network about the pictures: uint8 n x c x h x w. kInvalidArgument if the networks know
// different classes; errors of CoordinatorClient::Evaluate.
Result<Answers> AskNetworks(CoordinatorClient& client, const NetworkGroup& group,
                            const std::string& pixels, std::int64_t n,
                            const std::vector<std::int64_t>& shape);

}  // namespace tutti::cli
