#include "experiments/search/score.h"

#include <cmath>

#include "experiments/search/snapshot.h"

namespace tutti::search {

Score Score::Of(double metric, bool smaller_is_better, bool feasible) {
  if (!std::isfinite(metric)) return Failed();
  return {feasible ? Tier::kFeasible : Tier::kInfeasible, smaller_is_better ? metric : -metric};
}

Json PlacedToJson(const Placed& placed) {
  return Json::MakeArray({placed.configuration_no,
                          static_cast<std::int64_t>(placed.score.tier), placed.score.value});
}

Result<Placed> PlacedFromJson(const Json& row, std::int64_t created) {
  TUTTI_RETURN_IF_ERROR(ExpectRow(row, 3, "a result"));
  Placed placed;
  TUTTI_ASSIGN_OR_RETURN(placed.configuration_no, IntIn(row, 0, 1, created, "a configuration"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t tier, IntIn(row, 1, 0, 2, "a tier"));
  if (!row[2].is_number() || !std::isfinite(row[2].AsDouble())) {
    return DamagedSnapshot("a result's value is " + row[2].Dump());
  }
  placed.score = {static_cast<Score::Tier>(tier), row[2].AsDouble()};
  return placed;
}

std::string Ordinal(std::int64_t n) {
  const std::int64_t tens = n % 100;
  const char* suffix = "th";
  if (tens < 11 || tens > 13) {
    if (n % 10 == 1) suffix = "st";
    if (n % 10 == 2) suffix = "nd";
    if (n % 10 == 3) suffix = "rd";
  }
  return std::to_string(n) + suffix;
}

}  // namespace tutti::search
