#include "experiments/metrics/thinning.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>

#include "experiments/core/check.h"

namespace tutti {
namespace {

// What removing b between a and c adds to the area.
double AreaChange(const CurvePoint& a, const CurvePoint& b, const CurvePoint& c,
                  Integration integration) {
  if (integration == Integration::kStep) return (b.x - a.x) * (c.y - b.y);
  const double with = (b.x - a.x) * (a.y + b.y) + (c.x - b.x) * (b.y + c.y);
  return ((c.x - a.x) * (a.y + c.y) - with) / 2;
}

double Triangle(const CurvePoint& a, const CurvePoint& b, const CurvePoint& c) {
  return std::abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2;
}

double Cost(const CurvePoint& a, const CurvePoint& b, const CurvePoint& c,
            Integration integration) {
  return std::max(std::abs(AreaChange(a, b, c, integration)), Triangle(a, b, c));
}

// The heap costs time with tens of thousands of points, most of which matter to nobody. Sweeps that
// remove points of negligible cost, never two neighbours at once, leave it little to do. All
// sweeps together change the area by less than 1e-4, since no removal costs more than 1e-4 / n.
void DropNegligible(std::vector<CurvePoint>& points, Integration integration, std::size_t enough) {
  const double negligible = 1e-4 / static_cast<double>(points.size());
  std::size_t before = 0;
  while (points.size() > enough && points.size() != before) {
    before = points.size();
    std::size_t kept = 1;
    bool removed_previous = false;
    for (std::size_t i = 1; i < points.size(); ++i) {
      const bool remove =
          !removed_previous && i + 1 < points.size() &&
          Cost(points[kept - 1], points[i], points[i + 1], integration) < negligible;
      if (!remove) points[kept++] = points[i];
      removed_previous = remove;
    }
    points.resize(kept);
  }
}

struct Candidate {
  double cost = 0;
  std::uint32_t index = 0;
  std::uint32_t version = 0;
  bool operator>(const Candidate& other) const {
    return cost != other.cost ? cost > other.cost : index > other.index;
  }
};
using Heap = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;

class Thinner {
 public:
  Thinner(std::vector<CurvePoint> points, Integration integration)
      : points_(std::move(points)), integration_(integration), links_(points_.size()) {
    for (std::uint32_t i = 0; i < points_.size(); ++i) links_[i] = {i - 1, i + 1, 0};
    for (std::uint32_t i = 1; i + 1 < points_.size(); ++i) Offer(i);
  }

  std::vector<CurvePoint> Run(std::size_t limit) {
    for (std::size_t left = points_.size(); left > limit; --left) RemoveOne();
    std::vector<CurvePoint> kept;
    for (std::uint32_t i = 0; i < points_.size(); i = links_[i].next) kept.push_back(points_[i]);
    return kept;
  }

 private:
  struct Link {
    std::uint32_t previous, next;
    std::uint32_t version;  // grows when a neighbour goes: older candidates are void
  };

  double Change(std::uint32_t i) const {
    const Link& link = links_[i];
    return AreaChange(points_[link.previous], points_[i], points_[link.next], integration_);
  }

  void Offer(std::uint32_t i) {
    const Link& link = links_[i];
    const double cost =
        Cost(points_[link.previous], points_[i], points_[link.next], integration_);
    heaps_[Change(i) < 0 ? 1 : 0].push({cost, i, link.version});
  }

  // Drops void candidates from the top.
  const Candidate* Top(Heap& heap) {
    while (!heap.empty() && heap.top().version != links_[heap.top().index].version) heap.pop();
    return heap.empty() ? nullptr : &heap.top();
  }

  void RemoveOne() {
    // The heap that undoes the change so far, unless its best point matters much more.
    Heap& undoing = heaps_[change_so_far_ > 0 ? 1 : 0];
    Heap& adding = heaps_[change_so_far_ > 0 ? 0 : 1];
    const Candidate* first = Top(undoing);
    const Candidate* second = Top(adding);
    const bool undo = second == nullptr || (first != nullptr && first->cost <= 4 * second->cost);
    Heap& heap = undo ? undoing : adding;
    const std::uint32_t i = heap.top().index;
    heap.pop();
    change_so_far_ += Change(i);
    const Link link = links_[i];
    ++links_[i].version;
    links_[link.previous].next = link.next;
    links_[link.next].previous = link.previous;
    for (const std::uint32_t neighbour : {link.previous, link.next}) {
      if (neighbour == 0 || neighbour + 1 == points_.size()) continue;
      ++links_[neighbour].version;
      Offer(neighbour);
    }
  }

  std::vector<CurvePoint> points_;
  Integration integration_;
  std::vector<Link> links_;
  std::array<Heap, 2> heaps_;  // removals that add to the area, and those that take from it
  double change_so_far_ = 0;
};

}  // namespace

double Area(std::span<const CurvePoint> points, Integration integration) {
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double width = points[i].x - points[i - 1].x;
    area += integration == Integration::kStep ? width * points[i].y
                                              : width * (points[i].y + points[i - 1].y) / 2;
  }
  return area;
}

std::vector<CurvePoint> ThinCurve(std::vector<CurvePoint> points, Integration integration,
                                  std::size_t limit) {
  TUTTI_CHECK(limit >= 2, "a curve has at least two points");
  if (points.size() <= limit) return points;
  DropNegligible(points, integration, 4 * limit);
  return Thinner(std::move(points), integration).Run(limit);
}

}  // namespace tutti
