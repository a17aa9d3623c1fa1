#pragma once

#include <cstdint>

namespace tutti::trainer {

// Sum of the squares of `count` numbers, in double, as sixteen interleaved sums that are added at
// the end. The same bits on every CPU for fp32, whose squares a double holds exactly.
double SquareSum(const float* values, std::int64_t count);
double SquareSum(const double* values, std::int64_t count);

}  // namespace tutti::trainer
