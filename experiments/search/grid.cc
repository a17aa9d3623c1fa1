#include "experiments/search/grid.h"

#include <algorithm>
#include <string>
#include <utility>

#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

constexpr std::int64_t kMaxGridSize = 1'000'000'000;
constexpr std::int64_t kMaxBranches = 1'000'000;

// Whether setting `path` can change what a condition finds at `other`: the same path, or one inside
// the other.
bool Overlap(const std::string& path, const std::string& other) {
  const std::string& shorter = path.size() < other.size() ? path : other;
  const std::string& longer = path.size() < other.size() ? other : path;
  return longer.compare(0, shorter.size(), shorter) == 0 &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '.');
}

bool Decides(const std::string& path, const SearchSpace& space) {
  return std::any_of(space.begin(), space.end(), [&path](const SearchDimension& dimension) {
    return std::any_of(
        dimension.when.begin(), dimension.when.end(),
        [&path](const SpaceCondition& condition) { return Overlap(path, condition.path); });
  });
}

std::vector<Json> WithoutRepetitions(const std::vector<Json>& points) {
  std::vector<Json> once;
  for (const Json& point : points) {
    if (std::find(once.begin(), once.end(), point) == once.end()) once.push_back(point);
  }
  return once;
}

}  // namespace

Result<Grid> Grid::Make(const SearchSpace& space) {
  Grid grid;
  for (const SearchDimension& dimension : space) {
    TUTTI_ASSIGN_OR_RETURN(std::vector<Json> points, GridPoints(dimension));
    if (dimension.type == SpaceType::kCategorical) points = WithoutRepetitions(points);
    grid.axes_.push_back({dimension, std::move(points), Decides(dimension.path, space)});
  }
  TUTTI_RETURN_IF_ERROR(grid.AddBranches(0, Json::MakeObject()));
  return grid;
}

Status Grid::AddBranches(std::size_t axis, const Json& decided) {
  while (axis < axes_.size() &&
         (!axes_[axis].decides || !ConditionsHold(axes_[axis].dimension, decided))) {
    ++axis;
  }
  if (axis == axes_.size()) return AddBranch(decided);
  for (const Json& point : axes_[axis].points) {
    Json deeper = decided;
    deeper.Set(axes_[axis].dimension.path, point);
    TUTTI_RETURN_IF_ERROR(AddBranches(axis + 1, deeper));
  }
  return Ok{};
}

Status Grid::AddBranch(const Json& decided) {
  if (std::ssize(branches_) == kMaxBranches) {
    return InvalidArgument("the dimensions that conditions (when) look at have more than " +
                           std::to_string(kMaxBranches) + " combinations; lower a count");
  }
  Branch branch{decided, {}, total_, 1};
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (axes_[a].decides || !ConditionsHold(axes_[a].dimension, decided)) continue;
    const auto count = static_cast<std::int64_t>(axes_[a].points.size());
    if (branch.points > kMaxGridSize / count) {
      return InvalidArgument("the grid has more than " + std::to_string(kMaxGridSize) +
                             " points (axis " + axes_[a].dimension.path + " with " +
                             std::to_string(count) + " takes it there); lower a count");
    }
    branch.points *= count;
    branch.on.push_back(a);
  }
  total_ += branch.points;
  if (total_ > kMaxGridSize) {
    return InvalidArgument("the grid has more than " + std::to_string(kMaxGridSize) +
                           " points; lower a count");
  }
  branches_.push_back(std::move(branch));
  return Ok{};
}

Json Grid::Values(std::int64_t number) const {
  TUTTI_CHECK(number >= 1 && number <= total_, "a number of a grid's point");
  const auto after = std::upper_bound(
      branches_.begin(), branches_.end(), number - 1,
      [](std::int64_t index, const Branch& branch) { return index < branch.first; });
  const Branch& branch = *std::prev(after);
  auto rest = static_cast<std::size_t>(number - 1 - branch.first);
  std::vector<std::size_t> digits(axes_.size());
  for (std::size_t i = branch.on.size(); i-- > 0;) {
    const std::size_t count = axes_[branch.on[i]].points.size();
    digits[branch.on[i]] = rest % count;
    rest /= count;
  }
  Json hparams = Json::MakeObject();
  auto on = branch.on.begin();
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const std::string& path = axes_[a].dimension.path;
    if (const Json* value = branch.decided.Find(path)) {
      hparams.Set(path, *value);
    } else if (on != branch.on.end() && *on == a) {
      hparams.Set(path, axes_[a].points[digits[a]]);
      ++on;
    }
  }
  return hparams;
}

}  // namespace tutti::search
