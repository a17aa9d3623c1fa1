#include "experiments/search/model_based/gp.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "experiments/search/model_based/acquisition.h"
#include "experiments/search/model_based/gaussian_process.h"
#include "experiments/search/model_based/startup.h"

namespace tutti::search {
namespace {

using Vector = std::vector<double>;
using Kernel = GaussianProcess::Kernel;

constexpr std::int64_t kWindow = 8;
constexpr std::size_t kNearBest = 3;

// The results to model, best first.
std::vector<const Tried*> Chosen(const std::vector<const Tried*>& known) {
  std::vector<const Tried*> chosen(known);
  const auto by_quality = [](const Tried* a, const Tried* b) { return Better(*a, *b); };
  std::stable_sort(chosen.begin(), chosen.end(), by_quality);
  if (known.size() <= kMaxGpResults) return chosen;
  const std::size_t half = kMaxGpResults / 2;
  chosen.resize(half);
  for (std::size_t i = known.size(); i-- > 0 && chosen.size() < kMaxGpResults;) {
    const auto kept = chosen.begin() + static_cast<std::ptrdiff_t>(half);
    if (std::find(chosen.begin(), kept, known[i]) == kept) chosen.push_back(known[i]);
  }
  std::stable_sort(chosen.begin(), chosen.end(), by_quality);
  return chosen;
}

// Costs as the process takes them, with mean 0 and variance 1. Far outliers are cut, so that a loss
// that exploded does not make all others look alike: at q + 5 (q - best), q the upper quartile. What
// has no place among the feasible ones counts as the worst of them.
Vector Standardised(const std::vector<const Tried*>& results) {  // best first
  constexpr double kLargest = 1e100;  // squares must not overflow
  Vector placed;
  for (const Tried* tried : results) {
    if (tried->feasible && tried->cost < std::numeric_limits<double>::infinity()) {
      placed.push_back(std::clamp(tried->cost, -kLargest, kLargest));
    }
  }
  if (placed.empty()) return Vector(results.size(), 0.0);  // nothing to tell them apart
  const double quartile = placed[placed.size() * 3 / 4];
  const double cut = quartile > placed.front() ? quartile + 5 * (quartile - placed.front())
                                               : placed.back();
  Vector values;
  for (const double cost : placed) values.push_back(std::min(cost, cut));
  values.resize(results.size(), values.back());  // feasible ones come first
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double variance = 0;
  for (const double value : values) variance += (value - mean) * (value - mean) / n;
  const double deviation = variance > 0 ? std::sqrt(variance) : 1;
  for (double& value : values) value = (value - mean) / deviation;
  return values;
}

class GpProposer final : public Proposer {
 public:
  GpProposer(const UnitSpace& space, std::uint64_t seed, std::int64_t startup)
      : space_(space),
        seed_(seed),
        startup_(startup > 0 ? startup : 10),
        kernel_(GaussianProcess::DefaultKernel(space.size())) {
    for (const Axis& axis : space_.axes()) categorical_.push_back(axis.categorical);
  }

  Proposal Propose(const History& history) override {
    const std::int64_t no = std::ssize(history.trials) + 1;
    const std::vector<const Tried*> known = history.Known();
    if (std::ssize(known) < startup_ || space_.size() == 0) return StartupPoint(space_, seed_, no);
    const std::vector<const Tried*> results = Chosen(known);
    std::vector<Vector> points;
    for (const Tried* tried : results) points.push_back(Features(space_, tried->point));
    const Vector values = Standardised(results);
    Fit(points, values, std::ssize(known));
    GaussianProcess process(categorical_, std::move(points), values, kernel_);
    std::vector<Vector> pending;
    for (const Point& point : history.Pending()) pending.push_back(Features(space_, point));
    process.Believe(pending);
    std::vector<Point> around;
    for (std::size_t i = 0; i < std::min(kNearBest, results.size()); ++i) {
      around.push_back(results[i]->point);
    }
    const Rng stream = Rng(seed_).Split("gp", {static_cast<std::uint64_t>(no)});
    Found found = LargestImprovement(space_, process, values.front(), around, stream);
    return {std::move(found.point), "largest expected improvement over the best of " +
                                        std::to_string(known.size())};
  }

  std::int64_t window() const override { return kWindow; }

  Json Snapshot() const override {
    Json lengths = Json::MakeArray();
    for (const double value : kernel_.log_inverse_squares) lengths.Append(value);
    return Json::MakeObject({{"log_inverse_squares", std::move(lengths)},
                             {"log_scale", kernel_.log_scale},
                             {"log_noise", kernel_.log_noise},
                             {"fitted", fitted_}});
  }

  Status Restore(const Json& snapshot) override {
    const auto damaged = [](const std::string& what) {
      return DataLoss("searcher snapshot: model: " + what);
    };
    Kernel kernel;
    const Json* lengths = snapshot.Find("log_inverse_squares");
    if (lengths == nullptr || !lengths->is_array() || lengths->size() != space_.size()) {
      return damaged("'log_inverse_squares' is no list of the space's length");
    }
    constexpr double kLargest = 50;  // of any logarithm that Fit gives
    for (const Json& value : lengths->AsArray()) {
      if (!value.is_number() || std::abs(value.AsDouble()) > kLargest) {
        return damaged("'log_inverse_squares' holds " + value.Dump());
      }
      kernel.log_inverse_squares.push_back(value.AsDouble());
    }
    TUTTI_ASSIGN_OR_RETURN(kernel.log_scale, snapshot.GetDouble("log_scale"));
    TUTTI_ASSIGN_OR_RETURN(kernel.log_noise, snapshot.GetDouble("log_noise"));
    if (!(std::abs(kernel.log_scale) <= kLargest && std::abs(kernel.log_noise) <= kLargest)) {
      return damaged("a parameter of the kernel is no logarithm of one");
    }
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t fitted, snapshot.GetInt("fitted"));
    if (fitted < 0) return damaged("'fitted' is negative");
    kernel_ = std::move(kernel);
    fitted_ = fitted;
    return Ok{};
  }

 private:
  // The kernel is fitted anew when a fiftieth more results are known than last time.
  void Fit(const std::vector<Vector>& points, const Vector& values, std::int64_t known) {
    if (fitted_ > 0 && known - fitted_ < std::max<std::int64_t>(1, fitted_ / 50)) return;
    const auto quality = [&](const Kernel& kernel) {
      Vector gradient;
      return GaussianProcess::NegativeLogPosterior(categorical_, points, values, kernel, gradient);
    };
    Kernel fitted = GaussianProcess::Fit(categorical_, points, values, kernel_, 40);
    if (fitted_ == 0 || known < 30 || known % 10 == 0) {  // a hill of its own may be higher
      const Kernel fresh = GaussianProcess::Fit(
          categorical_, points, values, GaussianProcess::DefaultKernel(space_.size()), 60);
      if (quality(fresh) < quality(fitted)) fitted = fresh;
    }
    kernel_ = std::move(fitted);
    fitted_ = known;
  }

  UnitSpace space_;
  std::uint64_t seed_;
  std::int64_t startup_;
  std::vector<bool> categorical_;
  Kernel kernel_;
  std::int64_t fitted_ = 0;  // results known when the kernel was fitted
};

}  // namespace

std::unique_ptr<Proposer> MakeGp(const UnitSpace& space, std::uint64_t seed,
                                 std::int64_t startup) {
  return std::make_unique<GpProposer>(space, seed, startup);
}

}  // namespace tutti::search
