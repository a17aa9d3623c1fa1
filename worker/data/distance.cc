#include "worker/data/distance.h"

#include <cmath>
#include <vector>

namespace tutti {
namespace {

constexpr double kFar = 1e18;

// Lower envelope of the parabolas f[q] + (x - q)^2, at every x.
class Envelope {
 public:
  void Transform(std::vector<double>& f) {
    const std::size_t n = f.size();
    site_.assign(n, 0);
    from_.assign(n + 1, 0);
    std::size_t k = 0;
    from_[0] = -kFar;
    from_[1] = kFar;
    for (std::size_t q = 1; q < n; ++q) {
      double s = Meet(f, q, site_[k]);
      while (s <= from_[k]) {
        --k;
        s = Meet(f, q, site_[k]);
      }
      ++k;
      site_[k] = q;
      from_[k] = s;
      from_[k + 1] = kFar;
    }
    out_.resize(n);
    k = 0;
    for (std::size_t x = 0; x < n; ++x) {
      while (from_[k + 1] < static_cast<double>(x)) ++k;
      const double d = static_cast<double>(x) - static_cast<double>(site_[k]);
      out_[x] = d * d + f[site_[k]];
    }
    f.swap(out_);
  }

 private:
  static double Meet(const std::vector<double>& f, std::size_t q, std::size_t p) {
    const auto a = static_cast<double>(q), b = static_cast<double>(p);
    return ((f[q] + a * a) - (f[p] + b * b)) / (2 * a - 2 * b);
  }

  std::vector<std::size_t> site_;
  std::vector<double> from_, out_;
};

}  // namespace

Plane DistanceTo(const Plane& marked) {
  Plane distance = marked;
  Envelope envelope;
  std::vector<double> line(static_cast<std::size_t>(marked.height));
  // Squared distances stay well below what doubles hold exactly; "none" is far above them.
  std::vector<double> squared(marked.values.size());
  for (std::int64_t x = 0; x < marked.width; ++x) {
    for (std::int64_t y = 0; y < marked.height; ++y) {
      line[static_cast<std::size_t>(y)] = marked.at(x, y) > 0.5f ? 0 : kFar / 4;
    }
    envelope.Transform(line);
    for (std::int64_t y = 0; y < marked.height; ++y) {
      squared[static_cast<std::size_t>(y * marked.width + x)] = line[static_cast<std::size_t>(y)];
    }
  }
  line.resize(static_cast<std::size_t>(marked.width));
  for (std::int64_t y = 0; y < marked.height; ++y) {
    const auto row = squared.begin() + y * marked.width;
    line.assign(row, row + marked.width);
    envelope.Transform(line);
    for (std::int64_t x = 0; x < marked.width; ++x) {
      const double root = std::sqrt(line[static_cast<std::size_t>(x)]);
      distance.at(x, y) = static_cast<float>(root < 1e8 ? root : 1e9);
    }
  }
  return distance;
}

}  // namespace tutti
