// Drives searchers over test functions, one configuration after the other, with nothing else
// around them: what search_quality.py compares with its peers.
//
// usage: tutti-bench-search SEARCHER FUNCTION FIRST_SEED SEEDS TRIALS [CONCURRENT]
// One JSON object a line: seed, best (after each trial), seconds.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <iostream>
#include <limits>
#include <numbers>
#include <string>
#include <variant>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/search/searcher.h"

namespace tutti::search {
namespace {

using Values = std::vector<double>;

// Minimum 0.397887 at (pi, 2.275) and two more places.
double Branin(const Values& x) {
  constexpr double kPi = std::numbers::pi;
  const double curve = x[1] - 5.1 / (4 * kPi * kPi) * x[0] * x[0] + 5 / kPi * x[0] - 6;
  return curve * curve + 10 * (1 - 1 / (8 * kPi)) * std::cos(x[0]) + 10;
}

// Minimum -3.32237.
double Hartmann6(const Values& x) {
  constexpr std::array<std::array<double, 6>, 4> kA = {{{10, 3, 17, 3.5, 1.7, 8},
                                                        {0.05, 10, 17, 0.1, 8, 14},
                                                        {3, 3.5, 1.7, 10, 17, 8},
                                                        {17, 8, 0.05, 10, 0.1, 14}}};
  constexpr std::array<std::array<double, 6>, 4> kP = {
      {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
       {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
       {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
       {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}}};
  constexpr std::array<double, 4> kAlpha = {1, 1.2, 3, 3.2};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double distance = 0;
    for (std::size_t j = 0; j < 6; ++j) {
      distance += kA[i][j] * (x[j] - kP[i][j]) * (x[j] - kP[i][j]);
    }
    sum -= kAlpha[i] * std::exp(-distance);
  }
  return sum;
}

// Minimum 0 at (1, 1, 1, 1).
double Rosenbrock(const Values& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double step = x[i + 1] - x[i] * x[i];
    sum += 100 * step * step + (1 - x[i]) * (1 - x[i]);
  }
  return sum;
}

struct Function {
  std::string name;
  double (*value)(const Values&);
  std::vector<std::pair<double, double>> bounds;
};

const std::vector<Function>& Functions() {
  static const std::vector<Function> functions = {
      {"branin", Branin, {{-5, 10}, {0, 15}}},
      {"hartmann6", Hartmann6, std::vector<std::pair<double, double>>(6, {0, 1})},
      {"rosenbrock4", Rosenbrock, std::vector<std::pair<double, double>>(4, {-2, 2})}};
  return functions;
}

ExperimentConfig Config(const std::string& searcher, const Function& function, std::uint64_t seed,
                        std::int64_t trials, std::int64_t concurrent) {
  ExperimentConfig config;
  config.searcher.name = searcher;
  config.searcher.metric = "validation_loss";
  config.searcher.max_trials = trials;
  config.searcher.max_concurrent_trials = concurrent;
  config.experiment_seed = seed;
  for (const auto& [low, high] : function.bounds) {
    SearchDimension d;
    d.path = "x" + std::to_string(config.hyperparameters.size());
    d.type = SpaceType::kDouble;
    d.minval = low;
    d.maxval = high;
    config.hyperparameters.push_back(d);
  }
  return config;
}

// The best value so far after each configuration, in the order they end: the oldest open one first.
Values Study(const ExperimentConfig& config, const Function& function) {
  auto searcher = MakeSearcher(config).value();
  std::deque<Proposal> open;
  Values best;
  SearchEvent event = Started{};
  while (true) {
    for (const SearchAction& action : searcher->OnEvent(event)) {
      if (const auto* create = std::get_if<CreateTrial>(&action)) open.push_back(create->proposal);
    }
    if (open.empty()) return best;
    Values x;
    for (const auto& [path, value] : open.front().hparams.AsObject()) x.push_back(value.AsDouble());
    const double value = function.value(x);
    best.push_back(best.empty() ? value : std::min(best.back(), value));
    event = TrialClosed{open.front().configuration_no, true, value};
    open.pop_front();
  }
}

int Run(int argc, char** argv) {
  if (argc < 6 || argc > 7) {
    std::cerr << "usage: tutti-bench-search SEARCHER FUNCTION FIRST_SEED SEEDS TRIALS "
                 "[CONCURRENT]\n";
    return 2;
  }
  const auto function = std::find_if(Functions().begin(), Functions().end(),
                                     [&](const Function& f) { return f.name == argv[2]; });
  if (function == Functions().end()) {
    std::cerr << "unknown function " << argv[2] << "; known are branin, hartmann6, rosenbrock4\n";
    return 2;
  }
  const std::uint64_t first = std::stoull(argv[3]);
  for (std::uint64_t seed = first; seed < first + std::stoull(argv[4]); ++seed) {
    const ExperimentConfig config = Config(argv[1], *function, seed, std::stoll(argv[5]),
                                           argc == 7 ? std::stoll(argv[6]) : 1);
    const auto started = std::chrono::steady_clock::now();
    const Values best = Study(config, *function);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    Json values = Json::MakeArray();
    for (const double value : best) values.Append(value);
    std::cout << Json::MakeObject({{"seed", static_cast<std::int64_t>(seed)},
                                   {"best", std::move(values)},
                                   {"seconds", took.count()}})
                     .Dump()
              << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace tutti::search

int main(int argc, char** argv) { return tutti::search::Run(argc, argv); }
