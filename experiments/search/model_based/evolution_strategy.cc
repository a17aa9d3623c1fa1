#include "experiments/search/model_based/evolution_strategy.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/core/check.h"

namespace tutti::search {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// A point outside the cube is drawn anew so often, then clamped. More draws would keep points off
// the boundary, where the optimum may be; clamping at once would crowd them there.
constexpr int kDraws = 3;

VectorXd ToEigen(const std::vector<double>& v) {
  return Eigen::Map<const VectorXd>(v.data(), std::ssize(v));
}

}  // namespace

struct EvolutionStrategy::State {
  // Strategy parameters; the names are the tutorial's.
  std::int64_t n = 0;
  std::int64_t lambda = 0;
  VectorXd weights;  // by rank; the first mu are positive
  std::int64_t mu = 0;
  double mu_eff = 0, c_sigma = 0, d_sigma = 0, c_c = 0, c_1 = 0, c_mu = 0, chi_n = 0;

  Vector mean;
  double sigma = 0;
  MatrixXd covariance;
  VectorXd p_sigma, p_c;
  std::int64_t generation = 0;
  VectorXd floors;
  // covariance = basis * diag(scale^2) * basis^T
  MatrixXd basis;
  VectorXd scale;

  void SetParameters();
  void Decompose();
  VectorXd Whiten(const VectorXd& y) const {  // C^(-1/2) y
    return basis * (basis.transpose() * y).cwiseQuotient(scale);
  }
};

void EvolutionStrategy::State::SetParameters() {
  const auto dn = static_cast<double>(n);
  if (lambda == 0) lambda = 4 + static_cast<std::int64_t>(std::floor(3 * std::log(dn)));
  mu = lambda / 2;
  VectorXd raw(lambda);
  for (Eigen::Index i = 0; i < lambda; ++i) {
    raw[i] = std::log((static_cast<double>(lambda) + 1) / 2) - std::log(static_cast<double>(i + 1));
  }
  const auto effective = [](const auto& w) { return w.sum() * w.sum() / w.squaredNorm(); };
  mu_eff = effective(raw.head(mu));
  const double mu_eff_minus = effective(raw.tail(lambda - mu));
  c_c = (4 + mu_eff / dn) / (dn + 4 + 2 * mu_eff / dn);
  c_1 = 2 / ((dn + 1.3) * (dn + 1.3) + mu_eff);
  c_mu = std::min(1 - c_1, 2 * (0.25 + mu_eff + 1 / mu_eff - 2) /
                               ((dn + 2) * (dn + 2) + mu_eff));
  c_sigma = (mu_eff + 2) / (dn + mu_eff + 5);
  d_sigma = 1 + 2 * std::max(0.0, std::sqrt((mu_eff - 1) / (dn + 1)) - 1) + c_sigma;
  chi_n = std::sqrt(dn) * (1 - 1 / (4 * dn) + 1 / (21 * dn * dn));
  const double alpha = std::min({1 + c_1 / c_mu, 1 + 2 * mu_eff_minus / (mu_eff + 2),
                                 (1 - c_1 - c_mu) / (dn * c_mu)});
  const double positive = raw.head(mu).sum();
  double negative = 0;
  for (Eigen::Index i = mu; i < lambda; ++i) negative -= std::min(raw[i], 0.0);
  weights.resize(lambda);
  for (Eigen::Index i = 0; i < lambda; ++i) {
    weights[i] = raw[i] >= 0 ? raw[i] / positive : alpha * raw[i] / negative;
  }
}

void EvolutionStrategy::State::Decompose() {
  for (Eigen::Index a = 0; a < n; ++a) {
    const double least = floors[a] * floors[a] / (sigma * sigma);
    covariance(a, a) = std::max(covariance(a, a), least);
  }
  covariance = (covariance + covariance.transpose().eval()) / 2;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(covariance);
  basis = solver.eigenvectors();
  scale = solver.eigenvalues().cwiseMax(1e-20).cwiseSqrt();
}

EvolutionStrategy::EvolutionStrategy(const Vector& mean, double sigma, Vector floors,
                                     std::int64_t population)
    : state_(std::make_unique<State>()) {
  TUTTI_CHECK(!mean.empty() && sigma > 0 && floors.size() == mean.size(), "EvolutionStrategy");
  State& s = *state_;
  s.n = std::ssize(mean);
  s.lambda = population;
  s.SetParameters();
  s.mean = mean;
  s.sigma = sigma;
  s.covariance = MatrixXd::Identity(s.n, s.n);
  s.p_sigma = VectorXd::Zero(s.n);
  s.p_c = VectorXd::Zero(s.n);
  s.floors = ToEigen(floors);
  s.Decompose();
}

EvolutionStrategy EvolutionStrategy::Around(const std::vector<Vector>& good, Vector floors) {
  TUTTI_CHECK(!good.empty(), "EvolutionStrategy::Around");
  const std::int64_t n = std::ssize(good.front());
  VectorXd mean = VectorXd::Zero(n);
  for (const Vector& point : good) mean += ToEigen(point) / static_cast<double>(good.size());
  MatrixXd covariance = MatrixXd::Identity(n, n) * 0.01;
  for (const Vector& point : good) {
    const VectorXd away = ToEigen(point) - mean;
    covariance += away * away.transpose() / static_cast<double>(good.size());
  }
  // sigma takes the determinant, so that the matrix keeps the shape only.
  const VectorXd values = Eigen::SelfAdjointEigenSolver<MatrixXd>(covariance).eigenvalues();
  const double sigma = std::exp(values.array().log().mean() / 2);
  EvolutionStrategy made(Vector(mean.begin(), mean.end()), sigma, std::move(floors));
  made.state_->covariance = covariance / (sigma * sigma);
  made.state_->Decompose();
  return made;
}

EvolutionStrategy::~EvolutionStrategy() = default;
EvolutionStrategy::EvolutionStrategy(EvolutionStrategy&&) noexcept = default;
EvolutionStrategy& EvolutionStrategy::operator=(EvolutionStrategy&&) noexcept = default;

EvolutionStrategy::Vector EvolutionStrategy::Sample(Rng& rng) const {
  const State& s = *state_;
  VectorXd x;
  for (int draw = 0; draw < kDraws; ++draw) {
    VectorXd z(s.n);
    for (double& coordinate : z) coordinate = rng.Normal();
    x = ToEigen(s.mean) + s.sigma * (s.basis * s.scale.cwiseProduct(z));
    if (x.minCoeff() >= 0 && x.maxCoeff() <= 1) break;
  }
  x = x.cwiseMax(0.0).cwiseMin(1.0);
  return Vector(x.begin(), x.end());
}

void EvolutionStrategy::Tell(const std::vector<Vector>& ranked) {
  State& s = *state_;
  TUTTI_CHECK(std::ssize(ranked) == s.lambda, "a generation has `population` points");
  const auto dn = static_cast<double>(s.n);
  ++s.generation;
  const double longest = std::sqrt(dn) + 2 * dn / (dn + 2);
  MatrixXd steps(s.n, s.lambda);
  VectorXd lengths(s.lambda);
  for (Eigen::Index i = 0; i < s.lambda; ++i) {
    VectorXd y = (ToEigen(ranked[static_cast<std::size_t>(i)]) - ToEigen(s.mean)) / s.sigma;
    const double length = s.Whiten(y).norm();
    if (length > longest) y *= longest / length;
    lengths[i] = std::min(length, longest);
    steps.col(i) = y;
  }
  const VectorXd mean_step = steps.leftCols(s.mu) * s.weights.head(s.mu);
  const VectorXd mean = ToEigen(s.mean) + s.sigma * mean_step;
  s.mean.assign(mean.begin(), mean.end());

  s.p_sigma = (1 - s.c_sigma) * s.p_sigma +
              std::sqrt(s.c_sigma * (2 - s.c_sigma) * s.mu_eff) * s.Whiten(mean_step);
  const double norm = s.p_sigma.norm();
  s.sigma *= std::exp(std::min(1.0, (s.c_sigma / s.d_sigma) * (norm / s.chi_n - 1)));
  s.sigma = std::min(s.sigma, 1.0);  // the cube is no larger

  const double settled =
      std::sqrt(1 - std::pow(1 - s.c_sigma, 2.0 * (static_cast<double>(s.generation) + 1)));
  const bool stalls = norm / settled >= (1.4 + 2 / (dn + 1)) * s.chi_n;
  s.p_c = (1 - s.c_c) * s.p_c;
  if (!stalls) s.p_c += std::sqrt(s.c_c * (2 - s.c_c) * s.mu_eff) * mean_step;
  const double lost = stalls ? s.c_1 * s.c_c * (2 - s.c_c) : 0;
  MatrixXd update = (1 + lost - s.c_1 - s.c_mu * s.weights.sum()) * s.covariance +
                    s.c_1 * s.p_c * s.p_c.transpose();
  for (Eigen::Index i = 0; i < s.lambda; ++i) {
    double weight = s.weights[i];
    if (weight < 0) weight *= dn / (lengths[i] * lengths[i] + 1e-8);
    update += s.c_mu * weight * steps.col(i) * steps.col(i).transpose();
  }
  s.covariance = update;
  s.Decompose();
}

std::int64_t EvolutionStrategy::population() const { return state_->lambda; }

bool EvolutionStrategy::exhausted() const {
  const State& s = *state_;
  return s.sigma * s.scale.maxCoeff() < 1e-8 || s.scale.maxCoeff() > 1e7 * s.scale.minCoeff();
}

const EvolutionStrategy::Vector& EvolutionStrategy::mean() const { return state_->mean; }
double EvolutionStrategy::sigma() const { return state_->sigma; }

}  // namespace tutti::search
