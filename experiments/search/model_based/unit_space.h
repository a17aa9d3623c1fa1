#pragma once

#include <cstdint>
#include <vector>

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/core/rng.h"

// A search space in the coordinates of the models: numbers between 0 and 1, and indices of choices.

namespace tutti::search {

// A dimension with more than one possible value.
struct Axis {
  std::size_t dimension = 0;  // index in the search space
  bool categorical = false;
  // Categorical: number of choices. Int: number of integers. Real: 0.
  std::int64_t levels = 0;
};

// One coordinate per axis: for a choice its index; for a number its place between the bounds, 0 to
// 1, on the dimension's own scale (exponent for log); an integer is the middle of its cell, the
// cells dividing [0, 1] evenly. NaN where the configuration has no such value (`when`).
using Point = std::vector<double>;

class UnitSpace {
 public:
  // Errors: what CheckDimension finds.
  static Result<UnitSpace> Make(SearchSpace space);

  const std::vector<Axis>& axes() const { return axes_; }
  std::size_t size() const { return axes_.size(); }
  const SearchSpace& dimensions() const { return space_; }

  // The values of a point, parents first, with the constants. Axes whose condition does not hold
  // are left out whatever their coordinate. Numbers are clamped to [0, 1], choices to an index; NaN
  // counts as the middle, or the first choice. REQUIRES: one coordinate per axis.
  Json Decode(const Point& point) const;

  // The point of a configuration; NaN for what it does not have, what its own values switch off, and
  // what the space does not allow (out of bounds, of another type, no longer a choice). Paths that
  // the space does not have play no role.
  Point Encode(const Json& hparams) const;

  // Which axes the values of a point switch on. An axis depends on earlier ones only.
  std::vector<bool> Active(const Point& point) const;

  // Has a coordinate on exactly the axes that it switches on.
  bool IsComplete(const Point& point) const;

  // `point` with NaN on the axes that are off, and integers in the middle of their cells: what
  // Encode(Decode(point)) would be without rounding.
  Point Canonical(Point point) const;

  // The point at numbers in [0, 1): a uniform u gives a uniform configuration.
  Point FromUniform(const std::vector<double>& u) const;

  // A uniform point; each axis has a stream of its own.
  Point Sample(const Rng& stream) const;

 private:

  SearchSpace space_;
  std::vector<Axis> axes_;
  bool conditional_ = false;
};

}  // namespace tutti::search
