#include "worker/data/paper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace tutti {
namespace {

constexpr std::size_t kTerms = 6;  // 1, x, y, xx, xy, yy
constexpr double kMostSamples = 20'000;
constexpr double kSigmaOfMedian = 1.4826;  // of a normal distribution's median absolute deviation
constexpr double kRoundingNoise = 0.3;     // of values rounded to integers

using Terms = std::array<double, kTerms>;

// x and y from -1 to 1 over the picture.
Terms TermsAt(double x, double y) { return {1, x, y, x * x, x * y, y * y}; }

struct Sample {
  Terms terms{};
  std::array<float, 3> values{};
  bool at_border = false;
  bool is_paper = false;
};

struct Surface {
  Terms coefficients{};
  double At(const Terms& terms) const {
    double sum = 0;
    for (std::size_t k = 0; k < kTerms; ++k) sum += coefficients[k] * terms[k];
    return sum;
  }
};

// Gaussian elimination with pivoting; a column without a pivot gets 0.
Terms Solve(std::array<Terms, kTerms> a, Terms b, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < n; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
    }
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    if (std::abs(a[k][k]) < 1e-12) continue;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k) continue;
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  Terms x{};
  for (std::size_t k = 0; k < n; ++k) x[k] = std::abs(a[k][k]) < 1e-12 ? 0 : b[k] / a[k][k];
  return x;
}

// Least squares over the samples that are paper, of the first `n` terms. Curvature is held back a
// little: the border alone says nothing about the middle.
Surface Fit(const std::vector<Sample>& samples, std::size_t colour, std::size_t n) {
  std::array<Terms, kTerms> a{};
  Terms b{};
  for (const Sample& sample : samples) {
    if (!sample.is_paper) continue;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) a[i][j] += sample.terms[i] * sample.terms[j];
      b[i] += sample.terms[i] * static_cast<double>(sample.values[colour]);
    }
  }
  for (std::size_t i = 3; i < n; ++i) a[i][i] += 0.005 * a[0][0];
  return {Solve(a, b, n)};
}

double Median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<Sample> TakeSamples(const std::vector<Plane>& planes) {
  const std::int64_t width = planes[0].width, height = planes[0].height;
  const auto pixels = static_cast<double>(width * height);
  const auto step = static_cast<std::int64_t>(std::ceil(std::sqrt(pixels / kMostSamples)));
  const std::int64_t frame_x = std::max<std::int64_t>(1, width * 8 / 100);
  const std::int64_t frame_y = std::max<std::int64_t>(1, height * 8 / 100);
  std::vector<Sample> samples;
  // The last row and column are borders too: steps are laid from both ends.
  for (std::int64_t y = (height - 1) % step / 2; y < height; y += step) {
    for (std::int64_t x = (width - 1) % step / 2; x < width; x += step) {
      Sample sample;
      sample.terms = TermsAt(2.0 * static_cast<double>(x) / static_cast<double>(width - 1) - 1,
                             2.0 * static_cast<double>(y) / static_cast<double>(height - 1) - 1);
      for (std::size_t c = 0; c < planes.size(); ++c) sample.values[c] = planes[c].at(x, y);
      sample.at_border =
          x < frame_x || x >= width - frame_x || y < frame_y || y >= height - frame_y;
      samples.push_back(sample);
    }
  }
  return samples;
}

// Largest deviation over the colours.
double Deviation(const Sample& sample, const std::vector<Surface>& surfaces) {
  double largest = 0;
  for (std::size_t c = 0; c < surfaces.size(); ++c) {
    const double d = static_cast<double>(sample.values[c]) - surfaces[c].At(sample.terms);
    largest = std::max(largest, std::abs(d));
  }
  return largest;
}

// The standard deviation of the deviations of those samples that count as paper now.
double Spread(const std::vector<Sample>& samples, const std::vector<Surface>& surfaces) {
  std::vector<double> deviations;
  for (const Sample& sample : samples) {
    if (sample.is_paper) deviations.push_back(Deviation(sample, surfaces));
  }
  return deviations.empty() ? 0 : kSigmaOfMedian * Median(deviations);
}

}  // namespace

double SubtractPaper(std::vector<Plane>& planes) {
  std::vector<Sample> samples = TakeSamples(planes);
  std::vector<Surface> surfaces(planes.size());
  for (std::size_t c = 0; c < planes.size(); ++c) {
    std::vector<double> border;
    for (const Sample& sample : samples) {
      if (sample.at_border) border.push_back(static_cast<double>(sample.values[c]));
    }
    surfaces[c].coefficients[0] = Median(border);
  }
  for (Sample& sample : samples) sample.is_paper = sample.at_border;
  // First the border by itself: a plane through most of it. Then everything near the surface.
  for (int round = 0; round < 8; ++round) {
    const bool border_only = round < 3;
    const double near = std::max(border_only ? 12.0 : 8.0, 3 * Spread(samples, surfaces));
    for (Sample& sample : samples) {
      sample.is_paper =
          (sample.at_border || !border_only) && Deviation(sample, surfaces) <= near;
    }
    for (std::size_t c = 0; c < planes.size(); ++c) {
      surfaces[c] = Fit(samples, c, border_only ? 3 : kTerms);
    }
  }
  const double noise = std::max(kRoundingNoise, Spread(samples, surfaces));
  for (std::size_t c = 0; c < planes.size(); ++c) {
    Plane& plane = planes[c];
    for (std::int64_t y = 0; y < plane.height; ++y) {
      const double v = 2.0 * static_cast<double>(y) / static_cast<double>(plane.height - 1) - 1;
      for (std::int64_t x = 0; x < plane.width; ++x) {
        const double u = 2.0 * static_cast<double>(x) / static_cast<double>(plane.width - 1) - 1;
        plane.at(x, y) -= static_cast<float>(surfaces[c].At(TermsAt(u, v)));
      }
    }
  }
  return noise;
}

}  // namespace tutti
