#include "experiments/search/model_based/unit_space.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/core/check.h"
#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Low(const SearchDimension& d) {
  return d.type == SpaceType::kLogUniform ? std::log(d.minval) : d.minval;
}
double High(const SearchDimension& d) {
  return d.type == SpaceType::kLogUniform ? std::log(d.maxval) : d.maxval;
}

std::int64_t Levels(const SearchDimension& d) {
  switch (d.type) {
    case SpaceType::kConst: return 1;
    case SpaceType::kCategorical: return static_cast<std::int64_t>(d.vals.size());
    case SpaceType::kInt:
      return static_cast<std::int64_t>(d.maxval) - static_cast<std::int64_t>(d.minval) + 1;
    default: return d.minval == d.maxval ? 1 : 0;
  }
}

// The cell of [0, 1] that x lies in, of `levels` equal ones.
std::int64_t Cell(double x, std::int64_t levels) {
  const double cell = std::floor(x * static_cast<double>(levels));
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(cell), 0, levels - 1);
}

std::size_t Choice(double x, std::int64_t levels) {
  if (std::isnan(x)) return 0;
  return static_cast<std::size_t>(std::clamp(x, 0.0, static_cast<double>(levels - 1)));
}

Json ValueAt(const SearchDimension& d, double x) {
  if (d.type == SpaceType::kConst) return d.value;
  if (d.type == SpaceType::kCategorical) return d.vals[Choice(x, Levels(d))];
  x = std::isnan(x) ? 0.5 : std::clamp(x, 0.0, 1.0);
  if (d.type == SpaceType::kInt) {
    return Json(static_cast<std::int64_t>(d.minval) + Cell(x, Levels(d)));
  }
  // At the bounds exactly: exp(log(bound)) misses by a digit.
  if (d.type == SpaceType::kLogUniform && (x == 0 || x == 1)) {
    return Json(x == 0 ? d.minval : d.maxval);
  }
  const double u = std::clamp(Low(d) + (High(d) - Low(d)) * x, Low(d), High(d));
  if (d.type == SpaceType::kLog) return Json(std::pow(d.base, u));
  if (d.type == SpaceType::kLogUniform) return Json(std::clamp(std::exp(u), d.minval, d.maxval));
  return Json(u);
}

double Coordinate(const SearchDimension& d, const Json& value) {
  if (d.type == SpaceType::kCategorical) {
    const auto found = std::find(d.vals.begin(), d.vals.end(), value);
    return found == d.vals.end() ? kNaN : static_cast<double>(found - d.vals.begin());
  }
  if (!value.is_number()) return kNaN;
  const double plain = value.AsDouble();
  if (d.type == SpaceType::kInt) {
    if (plain != std::floor(plain) || plain < d.minval || plain > d.maxval) return kNaN;
    return (plain - d.minval + 0.5) / static_cast<double>(Levels(d));
  }
  double u = plain;
  if (d.type == SpaceType::kLog || d.type == SpaceType::kLogUniform) {
    if (!(plain > 0)) return kNaN;
    u = std::log(plain);
    if (d.type == SpaceType::kLog) u /= std::log(d.base);
  }
  const double x = (u - Low(d)) / (High(d) - Low(d));
  constexpr double kRounding = 1e-9;  // of logarithms and powers
  if (!(x >= -kRounding && x <= 1 + kRounding)) return kNaN;
  return std::clamp(x, 0.0, 1.0);
}

}  // namespace

Result<UnitSpace> UnitSpace::Make(SearchSpace space) {
  UnitSpace made;
  for (std::size_t i = 0; i < space.size(); ++i) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(space[i]));
    if (!space[i].when.empty()) made.conditional_ = true;
    const std::int64_t levels = Levels(space[i]);
    if (levels == 1) continue;  // nothing to choose
    made.axes_.push_back({i, space[i].type == SpaceType::kCategorical, levels});
  }
  made.space_ = std::move(space);
  return made;
}

Json UnitSpace::Decode(const Point& point) const {
  TUTTI_CHECK(point.size() == axes_.size(), "a point has one coordinate per axis");
  Json hparams = Json::MakeObject();
  std::size_t a = 0;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    const bool varies = a < axes_.size() && axes_[a].dimension == i;
    const double x = varies ? point[a++] : 0.5;
    if (ConditionsHold(space_[i], hparams)) hparams.Set(space_[i].path, ValueAt(space_[i], x));
  }
  return hparams;
}

Point UnitSpace::Encode(const Json& hparams) const {
  Point point(axes_.size(), kNaN);
  Json kept = Json::MakeObject();
  std::size_t a = 0;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    const bool varies = a < axes_.size() && axes_[a].dimension == i;
    const std::size_t axis = a;
    if (varies) ++a;
    if (!ConditionsHold(space_[i], kept)) continue;
    const Json* value = hparams.Find(space_[i].path);
    if (varies && value != nullptr) point[axis] = Coordinate(space_[i], *value);
    if (value != nullptr) {
      kept.Set(space_[i].path, *value);
    } else if (!varies) {
      kept.Set(space_[i].path, ValueAt(space_[i], 0.5));
    }
  }
  return point;
}

std::vector<bool> UnitSpace::Active(const Point& point) const {
  if (!conditional_) return std::vector<bool>(axes_.size(), true);
  const Json hparams = Decode(point);
  std::vector<bool> active(axes_.size());
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    active[a] = hparams.Find(space_[axes_[a].dimension].path) != nullptr;
  }
  return active;
}

bool UnitSpace::IsComplete(const Point& point) const {
  const std::vector<bool> active = Active(point);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (active[a] == std::isnan(point[a])) return false;
  }
  return true;
}

Point UnitSpace::Canonical(Point point) const {
  const std::vector<bool> active = Active(point);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const Axis& axis = axes_[a];
    if (!active[a]) {
      point[a] = kNaN;
    } else if (axis.categorical) {
      point[a] = static_cast<double>(Choice(point[a], axis.levels));
    } else {
      point[a] = std::isnan(point[a]) ? 0.5 : std::clamp(point[a], 0.0, 1.0);
      if (axis.levels > 0) {
        point[a] = (static_cast<double>(Cell(point[a], axis.levels)) + 0.5) /
                   static_cast<double>(axis.levels);
      }
    }
  }
  return point;
}

Point UnitSpace::FromUniform(const std::vector<double>& u) const {
  TUTTI_CHECK(u.size() == axes_.size(), "a point has one coordinate per axis");
  Point point(u);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (axes_[a].categorical) point[a] = static_cast<double>(Cell(u[a], axes_[a].levels));
  }
  return Canonical(std::move(point));
}

Point UnitSpace::Sample(const Rng& stream) const {
  std::vector<double> u;
  for (const Axis& axis : axes_) u.push_back(stream.Split(space_[axis.dimension].path).Uniform());
  return FromUniform(u);
}

}  // namespace tutti::search
