#include "worker/data/resample.h"

#include <algorithm>
#include <cmath>

namespace tutti {
namespace {

enum class Filter { kTriangle, kBox };

// new[i] = sum of weights[k] * old[first + k].
struct Taps {
  std::int64_t first = 0;
  std::vector<float> weights;
};

std::vector<Taps> MakeTaps(std::int64_t from, std::int64_t to, Filter filter) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = filter == Filter::kTriangle ? std::max(scale, 1.0) : scale / 2;
  std::vector<Taps> all(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const double lo = centre - reach, hi = centre + reach;
    taps.first = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(lo)), 0, from - 1);
    const std::int64_t last =
        std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(hi)) - 1, taps.first, from - 1);
    double sum = 0;
    for (std::int64_t k = taps.first; k <= last; ++k) {
      const auto x = static_cast<double>(k);
      const double weight = filter == Filter::kTriangle
                                ? std::max(0.0, 1 - std::abs(x + 0.5 - centre) / reach)
                                : std::max(0.0, std::min(x + 1, hi) - std::max(x, lo));
      taps.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : taps.weights) weight = static_cast<float>(weight / sum);
  }
  return all;
}

Plane ResampleWith(const Plane& plane, std::int64_t width, std::int64_t height, Filter filter) {
  const auto columns = MakeTaps(plane.width, width, filter);
  const auto rows = MakeTaps(plane.height, height, filter);
  // Rows first: they are added up as a whole, which the compiler vectorises.
  Plane tall{plane.width, height,
             std::vector<float>(static_cast<std::size_t>(plane.width * height))};
  for (std::int64_t y = 0; y < height; ++y) {
    const Taps& taps = rows[static_cast<std::size_t>(y)];
    float* out = &tall.at(0, y);
    for (std::size_t k = 0; k < taps.weights.size(); ++k) {
      const float weight = taps.weights[k];
      const float* in = plane.values.data() +
                        (taps.first + static_cast<std::int64_t>(k)) * plane.width;
      for (std::int64_t x = 0; x < plane.width; ++x) out[x] += weight * in[x];
    }
  }
  Plane out{width, height, std::vector<float>(static_cast<std::size_t>(width * height))};
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const Taps& taps = columns[static_cast<std::size_t>(x)];
      const float* in = &tall.at(taps.first, y);
      float sum = 0;
      for (std::size_t k = 0; k < taps.weights.size(); ++k) sum += taps.weights[k] * in[k];
      out.at(x, y) = sum;
    }
  }
  return out;
}

}  // namespace

Plane Resample(const Plane& plane, std::int64_t width, std::int64_t height) {
  return ResampleWith(plane, width, height, Filter::kTriangle);
}

Plane ResampleArea(const Plane& plane, std::int64_t width, std::int64_t height) {
  return ResampleWith(plane, width, height, Filter::kBox);
}

}  // namespace tutti
