#pragma once

#include <cstdint>
#include <vector>

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Every combination of the points of all dimensions, each once.

namespace tutti::search {

class Grid {
 public:
  // Errors: what GridPoints finds; more than 1,000,000,000 points; more than 1,000,000 combinations
  // of the dimensions that conditions look at.
  static Result<Grid> Make(const SearchSpace& space);

  std::int64_t total() const { return total_; }

  // Point `number` (from 1), parents first, without the dimensions whose conditions do not hold.
  // Point 1 has the first value of each; the last dimension varies fastest, except that those which
  // conditions look at vary slowest. REQUIRES: 1 <= number <= total().
  Json Values(std::int64_t number) const;

 private:
  struct Axis {
    SearchDimension dimension;
    std::vector<Json> points;
    bool decides = false;  // some condition looks at it
  };
  // One combination of the deciding axes, under which the others that are on make a full product.
  struct Branch {
    Json decided;                  // values of the deciding axes that are on
    std::vector<std::size_t> on;   // indices of the other axes
    std::int64_t first = 0;        // number of points before this branch
    std::int64_t points = 1;
  };

  Status AddBranches(std::size_t axis, const Json& decided);
  Status AddBranch(const Json& decided);

  std::vector<Axis> axes_;
  std::vector<Branch> branches_;
  std::int64_t total_ = 0;
};

}  // namespace tutti::search
