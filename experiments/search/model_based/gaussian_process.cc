#include "experiments/search/model_based/gaussian_process.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/core/check.h"
#include "experiments/search/model_based/minimize.h"

namespace tutti::search {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Vector = GaussianProcess::Vector;
using Kernel = GaussianProcess::Kernel;

const double kRoot5 = std::sqrt(5.0);
// Keeps the matrix positive definite in double arithmetic.
constexpr double kLeastNoise = 1e-7;

double SquaredDifference(double a, double b, bool categorical) {
  return categorical ? (a == b ? 0.0 : 1.0) : (a - b) * (a - b);
}

// Squared differences of all pairs i > j, pair after pair: rows are pairs, columns axes.
MatrixXd PairDifferences(const std::vector<bool>& categorical, const std::vector<Vector>& points) {
  const Eigen::Index n = std::ssize(points);
  MatrixXd differences(n * (n - 1) / 2, std::ssize(categorical));
  Eigen::Index row = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j, ++row) {
      for (std::size_t a = 0; a < categorical.size(); ++a) {
        differences(row, static_cast<Eigen::Index>(a)) =
            SquaredDifference(points[i][a], points[j][a], categorical[a]);
      }
    }
  }
  return differences;
}

VectorXd InverseSquares(const Kernel& kernel) {
  return Eigen::Map<const ArrayXd>(kernel.log_inverse_squares.data(),
                                   std::ssize(kernel.log_inverse_squares))
      .exp()
      .matrix();
}

double NoiseOf(const Kernel& kernel) { return std::exp(kernel.log_noise) + kLeastNoise; }

// Minus the logarithm of the prior of one parameter p = log(theta), and its derivative by p.
struct Penalty {
  double value, slope;
};
// 1 / length^2 near 1 within an order of magnitude or so either way, free to go further.
Penalty OfInverseSquare(double p) {
  const double t = std::exp(p);
  return {0.1 * (t + 1 / t), 0.1 * (t - 1 / t)};
}
// Gamma(2, 1): the function varies by about its observed variance.
Penalty OfScale(double p) {
  const double t = std::exp(p);
  return {t - p, t - 1};
}
// Gamma(1.1, 30): noise is small against the function.
Penalty OfNoise(double p) {
  const double t = std::exp(p);
  return {30 * t - 0.1 * p, 30 * t - 0.1};
}

double MinusLogPosterior(const MatrixXd& differences, const VectorXd& y, const Kernel& kernel,
                         Vector& gradient) {
  const Eigen::Index n = y.size();
  const Eigen::Index axes = differences.cols();
  const VectorXd inverse_squares = InverseSquares(kernel);
  const double scale = std::exp(kernel.log_scale);
  const double noise = NoiseOf(kernel);
  const ArrayXd root = ((differences * inverse_squares).array() * 5).sqrt();
  const ArrayXd decay = (-root).exp() * scale;
  const ArrayXd covariance = decay * (1 + root + root.square() / 3);
  MatrixXd matrix(n, n);
  for (Eigen::Index i = 0, row = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < i; ++j, ++row) matrix(i, j) = matrix(j, i) = covariance[row];
    matrix(i, i) = scale + noise;
  }
  const Eigen::LLT<MatrixXd> cholesky(matrix);
  if (cholesky.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  const VectorXd weights = cholesky.solve(y);
  double value = 0.5 * y.dot(weights) +
                 MatrixXd(cholesky.matrixL()).diagonal().array().log().sum();

  // d/dtheta = 1/2 trace((K^-1 - w w') dK/dtheta)
  MatrixXd w = cholesky.solve(MatrixXd::Identity(n, n));
  w -= weights * weights.transpose();
  ArrayXd pairs(covariance.size());
  for (Eigen::Index i = 0, row = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < i; ++j, ++row) pairs[row] = w(i, j);
  }
  const ArrayXd by_square = pairs * decay * (1 + root) * (-5.0 / 6);
  const VectorXd by_axis = differences.transpose() * by_square.matrix();
  gradient.assign(static_cast<std::size_t>(axes) + 2, 0);
  for (Eigen::Index a = 0; a < axes; ++a) {
    const auto k = static_cast<std::size_t>(a);
    const Penalty penalty = OfInverseSquare(kernel.log_inverse_squares[k]);
    value += penalty.value;
    gradient[k] = by_axis[a] * inverse_squares[a] + penalty.slope;
  }
  const Penalty of_scale = OfScale(kernel.log_scale);
  const Penalty of_noise = OfNoise(kernel.log_noise);
  value += of_scale.value + of_noise.value;
  const auto k = static_cast<std::size_t>(axes);
  gradient[k] = (pairs * covariance).sum() + 0.5 * scale * w.trace() + of_scale.slope;
  gradient[k + 1] = 0.5 * std::exp(kernel.log_noise) * w.trace() + of_noise.slope;
  return value;
}

Kernel FromVector(const Vector& p) {
  return {Vector(p.begin(), p.end() - 2), p[p.size() - 2], p[p.size() - 1]};
}

}  // namespace

struct GaussianProcess::State {
  std::vector<bool> categorical;
  std::vector<Vector> points;
  VectorXd values;
  Kernel kernel;
  VectorXd inverse_squares;
  double scale = 0;
  MatrixXd features;  // points as columns
  Eigen::LLT<MatrixXd> cholesky;
  VectorXd weights;  // K^-1 y

  void Factorize();
  // Square roots of 5 r^2 to each of the points.
  ArrayXd Roots(const Vector& point) const;
};

ArrayXd GaussianProcess::State::Roots(const Vector& point) const {
  const Eigen::Index n = features.cols();
  ArrayXd squares = ArrayXd::Zero(n);
  for (std::size_t a = 0; a < categorical.size(); ++a) {
    const auto axis = static_cast<Eigen::Index>(a);
    const auto row = features.row(axis).array().transpose();
    if (categorical[a]) {
      squares += inverse_squares[axis] * (row != point[a]).cast<double>();
    } else {
      squares += inverse_squares[axis] * (row - point[a]).square();
    }
  }
  return (squares * 5).sqrt();
}

void GaussianProcess::State::Factorize() {
  const Eigen::Index n = std::ssize(points);
  features.resize(std::ssize(categorical), n);
  for (Eigen::Index i = 0; i < n; ++i) {
    features.col(i) = Eigen::Map<const VectorXd>(points[static_cast<std::size_t>(i)].data(),
                                                 std::ssize(categorical));
  }
  MatrixXd matrix(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const ArrayXd root = Roots(points[static_cast<std::size_t>(i)]);
    matrix.col(i) = (scale * (-root).exp() * (1 + root + root.square() / 3)).matrix();
    matrix(i, i) = scale + NoiseOf(kernel);
  }
  cholesky.compute(matrix);
  // Points that nearly coincide: more noise until it works, which it does long before 1.
  for (double more = 1e-6; cholesky.info() != Eigen::Success && more < 1; more *= 10) {
    cholesky.compute(matrix + more * scale * MatrixXd::Identity(n, n));
  }
  weights = cholesky.solve(values);
}

GaussianProcess::Kernel GaussianProcess::DefaultKernel(std::size_t axes) {
  return {Vector(axes, 0.0), 0.0, std::log(1e-4)};
}

double GaussianProcess::NegativeLogPosterior(const std::vector<bool>& categorical,
                                             const std::vector<Vector>& points,
                                             const Vector& values, const Kernel& kernel,
                                             Vector& gradient) {
  const VectorXd y = Eigen::Map<const VectorXd>(values.data(), std::ssize(values));
  return MinusLogPosterior(PairDifferences(categorical, points), y, kernel, gradient);
}

GaussianProcess::Kernel GaussianProcess::Fit(const std::vector<bool>& categorical,
                                             const std::vector<Vector>& points,
                                             const Vector& values, const Kernel& start,
                                             int max_iterations) {
  TUTTI_CHECK(!points.empty() && points.size() == values.size(), "GaussianProcess::Fit");
  const MatrixXd differences = PairDifferences(categorical, points);
  const VectorXd y = Eigen::Map<const VectorXd>(values.data(), std::ssize(values));
  Vector first = start.log_inverse_squares;
  first.push_back(start.log_scale);
  first.push_back(start.log_noise);
  Vector low(first.size(), -12.0);
  Vector high(first.size(), 12.0);
  low.back() = std::log(1e-9);
  high.back() = std::log(2.0);
  for (std::size_t k = 0; k < first.size(); ++k) first[k] = std::clamp(first[k], low[k], high[k]);
  const Minimum minimum = MinimizeInBox(
      [&](const Vector& p, Vector& gradient) {
        return MinusLogPosterior(differences, y, FromVector(p), gradient);
      },
      std::move(first), low, high, max_iterations, 1e-2);
  return FromVector(minimum.x);
}

GaussianProcess::GaussianProcess(std::vector<bool> categorical, std::vector<Vector> points,
                                 Vector values, Kernel kernel)
    : state_(std::make_unique<State>()) {
  TUTTI_CHECK(!points.empty() && points.size() == values.size(), "GaussianProcess");
  State& s = *state_;
  s.categorical = std::move(categorical);
  s.points = std::move(points);
  s.values = Eigen::Map<const VectorXd>(values.data(), std::ssize(values));
  s.kernel = std::move(kernel);
  s.inverse_squares = InverseSquares(s.kernel);
  s.scale = std::exp(s.kernel.log_scale);
  s.Factorize();
}

GaussianProcess::~GaussianProcess() = default;
GaussianProcess::GaussianProcess(GaussianProcess&&) noexcept = default;

void GaussianProcess::Believe(const std::vector<Vector>& points) {
  if (points.empty()) return;
  State& s = *state_;
  Vector values(s.values.begin(), s.values.end());
  for (const Vector& point : points) values.push_back(Predict(point, false).mean);
  s.points.insert(s.points.end(), points.begin(), points.end());
  s.values = Eigen::Map<const VectorXd>(values.data(), std::ssize(values));
  s.Factorize();
}

GaussianProcess::Prediction GaussianProcess::Predict(const Vector& point,
                                                     bool with_gradient) const {
  const State& s = *state_;
  const ArrayXd root = s.Roots(point);
  const ArrayXd decay = s.scale * (-root).exp();
  const VectorXd covariance = (decay * (1 + root + root.square() / 3)).matrix();
  Prediction prediction;
  prediction.mean = covariance.dot(s.weights);
  const VectorXd half = s.cholesky.matrixL().solve(covariance);
  prediction.variance = std::max(s.scale - half.squaredNorm(), 0.0);
  if (!with_gradient) return prediction;
  const VectorXd solved = s.cholesky.matrixU().solve(half);
  // dk/dx = dk/d(r^2) * 2 * inverse_square * (x - x_i)
  const ArrayXd by_square = decay * (1 + root) * (-5.0 / 6);
  const ArrayXd mean_pull = by_square * s.weights.array();
  const ArrayXd variance_pull = by_square * solved.array();
  prediction.mean_gradient.assign(point.size(), 0);
  prediction.variance_gradient.assign(point.size(), 0);
  for (std::size_t a = 0; a < point.size(); ++a) {
    if (s.categorical[a]) continue;
    const auto axis = static_cast<Eigen::Index>(a);
    const ArrayXd away =
        2 * s.inverse_squares[axis] * (point[a] - s.features.row(axis).array().transpose());
    prediction.mean_gradient[a] = (mean_pull * away).sum();
    prediction.variance_gradient[a] = -2 * (variance_pull * away).sum();
  }
  return prediction;
}

const GaussianProcess::Kernel& GaussianProcess::kernel() const { return state_->kernel; }

}  // namespace tutti::search
