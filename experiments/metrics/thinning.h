#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "experiments/metrics/evaluation.h"

// Areas under stored curves, and fewer points with the same area.

namespace tutti {

inline constexpr std::size_t kMaxCurvePoints = 512;

// How a curve is integrated: ROC by trapezoids, precision-recall by steps (each point's y holds
// from the previous x up to its own, as average precision does).
enum class Integration { kTrapezoid, kStep };

double Area(std::span<const CurvePoint> points, Integration integration);

// A subset of at most `limit` points: the first, the last, and those that matter most. Always
// removes the point whose removal changes drawing and area least (Visvalingam and Whyatt 1993, with
// the change of the area as a second cost), and prefers one that undoes the change so far. Long
// curves lose points of negligible cost beforehand.
// REQUIRES: x does not fall; limit >= 2.
std::vector<CurvePoint> ThinCurve(std::vector<CurvePoint> points, Integration integration,
                                  std::size_t limit = kMaxCurvePoints);

}  // namespace tutti
