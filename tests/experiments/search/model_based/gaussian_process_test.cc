// Goal: posterior, marginal likelihood, their gradients and the expected improvement are the
// textbook's. Method: two observations worked out by hand; finite differences; numerical
// integration; a classic of optimisation for the minimiser.

#include "experiments/search/model_based/gaussian_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "experiments/core/rng.h"
#include "experiments/search/model_based/expected_improvement.h"
#include "experiments/search/model_based/minimize.h"

namespace tutti::search {
namespace {

using Vector = std::vector<double>;

double Matern(double r) {
  const double s = std::sqrt(5.0) * r;
  return (1 + s + s * s / 3) * std::exp(-s);
}

TEST(GaussianProcess, PosteriorOfTwoPointsIsWhatTheFormulaGives) {
  GaussianProcess::Kernel kernel;
  kernel.log_inverse_squares = {std::log(4.0)};  // length 0.5
  kernel.log_scale = std::log(2.0);
  kernel.log_noise = std::log(0.1);
  const GaussianProcess process({false}, {{0.2}, {0.6}}, {1.0, -0.5}, kernel);
  // K = 2 [[1, m], [m, 1]] + noise I, with m = k(0.4 / 0.5); inverse by hand.
  const double diagonal = 2 + 0.1 + 1e-7;
  const double off = 2 * Matern(0.8);
  const double det = diagonal * diagonal - off * off;
  for (const double x : {0.0, 0.2, 0.35, 0.6, 1.0}) {
    const double k1 = 2 * Matern(std::abs(x - 0.2) / 0.5);
    const double k2 = 2 * Matern(std::abs(x - 0.6) / 0.5);
    const double w1 = (diagonal * k1 - off * k2) / det;
    const double w2 = (diagonal * k2 - off * k1) / det;
    const auto p = process.Predict({x}, false);
    EXPECT_NEAR(p.mean, w1 * 1.0 + w2 * -0.5, 1e-12);
    EXPECT_NEAR(p.variance, 2 - w1 * k1 - w2 * k2, 1e-12);
  }
}

struct Data {
  std::vector<bool> categorical = {false, true, false};
  std::vector<Vector> points;
  Vector values;
};
Data Wavy() {
  Data data;
  Rng rng(3);
  for (int i = 0; i < 15; ++i) {
    const double choice = static_cast<double>(rng.Below(3));
    data.points.push_back({rng.Uniform(), choice, rng.Uniform()});
    data.values.push_back(std::sin(5 * data.points.back()[0]) + choice - 1 +
                          data.points.back()[2]);
  }
  return data;
}

GaussianProcess::Kernel SomeKernel() {
  GaussianProcess::Kernel kernel;
  kernel.log_inverse_squares = {1.0, -0.5, 0.3};
  kernel.log_scale = 0.4;
  kernel.log_noise = -4;
  return kernel;
}

TEST(GaussianProcess, GradientsArePartialDerivatives) {
  const Data data = Wavy();
  const GaussianProcess process(data.categorical, data.points, data.values, SomeKernel());
  constexpr double kStep = 1e-6;
  const Vector at = {0.33, 2, 0.71};
  const auto p = process.Predict(at, true);
  for (const std::size_t a : {0u, 2u}) {
    Vector up = at;
    Vector down = at;
    up[a] += kStep;
    down[a] -= kStep;
    const auto high = process.Predict(up, false);
    const auto low = process.Predict(down, false);
    EXPECT_NEAR(p.mean_gradient[a], (high.mean - low.mean) / (2 * kStep), 1e-6);
    EXPECT_NEAR(p.variance_gradient[a], (high.variance - low.variance) / (2 * kStep), 1e-6);
  }
  EXPECT_EQ(p.mean_gradient[1], 0);
}

TEST(GaussianProcess, LikelihoodAndItsGradientAgree) {
  const Data data = Wavy();
  const auto value = [&](const Vector& p, Vector& gradient) {
    return GaussianProcess::NegativeLogPosterior(data.categorical, data.points, data.values,
                                                 {{p[0], p[1], p[2]}, p[3], p[4]}, gradient);
  };
  const Vector at = {1.0, -0.5, 0.3, 0.4, -4};
  Vector gradient, unused;
  value(at, gradient);
  ASSERT_EQ(gradient.size(), 5u);
  for (std::size_t k = 0; k < at.size(); ++k) {
    constexpr double kStep = 1e-5;
    Vector up = at;
    Vector down = at;
    up[k] += kStep;
    down[k] -= kStep;
    EXPECT_NEAR(gradient[k], (value(up, unused) - value(down, unused)) / (2 * kStep), 1e-5) << k;
  }
}

TEST(GaussianProcess, FitFindsWhichAxesMatter) {
  Rng rng(5);
  std::vector<Vector> points;
  Vector values;
  for (int i = 0; i < 40; ++i) {
    points.push_back({rng.Uniform(), rng.Uniform()});
    values.push_back(1.4 * std::sin(7 * points.back()[0]));
  }
  const auto kernel = GaussianProcess::Fit({false, false}, points, values,
                                           GaussianProcess::DefaultKernel(2), 60);
  EXPECT_GT(kernel.log_inverse_squares[0], kernel.log_inverse_squares[1] + 2);
  const GaussianProcess process({false, false}, points, values, kernel);
  for (const double x : {0.2, 0.5, 0.8}) {
    EXPECT_NEAR(process.Predict({x, 0.5}, false).mean, 1.4 * std::sin(7 * x), 0.05);
  }
}

TEST(GaussianProcess, BelievingKeepsTheMeanAndShrinksTheVariance) {
  const Data data = Wavy();
  GaussianProcess process(data.categorical, data.points, data.values, SomeKernel());
  const Vector here = {0.9, 1, 0.05};
  const Vector there = {0.4, 0, 0.6};
  const auto before = process.Predict(here, false);
  const double elsewhere = process.Predict(there, false).mean;
  process.Believe({here});
  EXPECT_NEAR(process.Predict(here, false).mean, before.mean, 1e-9);
  EXPECT_NEAR(process.Predict(there, false).mean, elsewhere, 1e-9);
  EXPECT_LT(process.Predict(here, false).variance, 0.2 * before.variance);
}

TEST(GaussianProcess, LivesWithPointsThatCoincide) {
  GaussianProcess::Kernel kernel = GaussianProcess::DefaultKernel(1);
  kernel.log_noise = std::log(1e-9);
  const GaussianProcess process({false}, std::vector<Vector>(30, {0.5}), Vector(30, 1.0), kernel);
  EXPECT_NEAR(process.Predict({0.5}, false).mean, 1, 1e-3);
  EXPECT_TRUE(std::isfinite(process.Predict({0.1}, false).variance));
}

TEST(ExpectedImprovement, IsTheIntegralOfTheImprovement) {
  for (const double mean : {-1.0, 0.0, 0.7, 3.0}) {
    for (const double deviation : {0.2, 1.0, 2.5}) {
      const double best = 0.5;
      double integral = 0;
      constexpr int kCells = 200000;
      const double low = mean - 12 * deviation;
      const double width = (best - low) / kCells;
      for (int i = 0; i < kCells && width > 0; ++i) {
        const double f = low + (i + 0.5) * width;
        const double z = (f - mean) / deviation;
        integral += (best - f) * std::exp(-0.5 * z * z) * width;
      }
      integral /= deviation * std::sqrt(2 * std::numbers::pi);
      if (width <= 0) continue;
      EXPECT_NEAR(LogExpectedImprovement(mean, deviation, best).value, std::log(integral), 1e-6)
          << mean << " " << deviation;
    }
  }
}

TEST(ExpectedImprovement, IsSmoothAndFiniteWhereTheImprovementUnderflows) {
  double last = 1e300;
  for (double z = 5; z > -400; z -= 0.5) {
    const auto at = LogExpectedImprovement(-z, 1, 0);
    EXPECT_TRUE(std::isfinite(at.value));
    EXPECT_LT(at.value, last);
    last = at.value;
    constexpr double kStep = 1e-5;
    const double by_mean = (LogExpectedImprovement(-z + kStep, 1, 0).value -
                            LogExpectedImprovement(-z - kStep, 1, 0).value) / (2 * kStep);
    const double by_deviation = (LogExpectedImprovement(-z, 1 + kStep, 0).value -
                                 LogExpectedImprovement(-z, 1 - kStep, 0).value) / (2 * kStep);
    EXPECT_NEAR(at.by_mean / by_mean, 1, 1e-4) << z;
    EXPECT_NEAR(at.by_deviation / by_deviation, 1, 1e-4) << z;
  }
  const double above = LogExpectedImprovement(25 - 1e-9, 1, 0).value;  // where the formulas meet
  EXPECT_NEAR(above, LogExpectedImprovement(25 + 1e-9, 1, 0).value, 1e-6);
}

TEST(MinimizeInBox, FindsTheMinimumInsideAndOnTheBoundary) {
  const SmoothFunction rosenbrock = [](const Vector& x, Vector& gradient) {
    const double step = x[1] - x[0] * x[0];
    gradient = {-400 * x[0] * step - 2 * (1 - x[0]), 200 * step};
    return 100 * step * step + (1 - x[0]) * (1 - x[0]);
  };
  const Minimum inside = MinimizeInBox(rosenbrock, {-1.2, 1}, {-2, -2}, {2, 2}, 200, 1e-8);
  EXPECT_NEAR(inside.x[0], 1, 1e-5);
  EXPECT_NEAR(inside.x[1], 1, 1e-5);
  // With x0 <= 0.5 the best is x0 = 0.5, x1 = 0.25.
  const Minimum bound = MinimizeInBox(rosenbrock, {-1.2, 1}, {-2, -2}, {0.5, 2}, 200, 1e-8);
  EXPECT_NEAR(bound.x[0], 0.5, 1e-6);
  EXPECT_NEAR(bound.x[1], 0.25, 1e-5);
}

}  // namespace
}  // namespace tutti::search
