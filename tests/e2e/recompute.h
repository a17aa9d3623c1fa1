#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "storage/stored_predictions.h"

// Stored numbers against recomputed ones, for recompute_evaluations.

namespace tutti {

class Comparison {
 public:
  void Number(const std::string& what, const Json& stored, std::optional<double> computed) {
    ++numbers_;
    const bool same = computed ? stored.is_number() && stored.AsDouble() == *computed
                               : stored.is_null();
    if (same) return;
    ++differences_;
    std::printf("%s: stored %s, recomputed %s\n", what.c_str(), stored.Dump().c_str(),
                computed ? FormatDouble(*computed).c_str() : "NULL");
  }
  int numbers() const { return numbers_; }
  int differences() const { return differences_; }

 private:
  int numbers_ = 0;
  int differences_ = 0;
};

// Queries without the limits that protect a coordinator.
inline storage::RunQuery ReadAll(storage::ReadStore& store) {
  return [&store](const std::string& sql, const std::vector<Json>& params) {
    return store.Query(sql, params, {.max_rows = 10'000'000, .timeout_ms = 60'000});
  };
}

// Every row of every evaluated ensemble; how many there are.
Result<std::size_t> CompareEnsembles(storage::ReadStore& store, Comparison& comparison);

}  // namespace tutti
