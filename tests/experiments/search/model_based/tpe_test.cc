// Goal: Parzen estimators are densities around their points, and TPE proposes near the good
// results, away from the bad and the running ones, for bohb at the longest time that is known well
// enough. Method: sums over grids; proposals over many seeds.

#include "experiments/search/model_based/tpe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "experiments/search/model_based/bohb.h"
#include "experiments/search/model_based/parzen.h"
#include "tests/experiments/search/model_based/spaces.h"

namespace tutti::search {
namespace {

const std::vector<Axis> kAxes = {{0, false, 0}, {1, false, 5}, {2, true, 3}};

TEST(Parzen, TheDensityIntegratesToOne) {
  const std::vector<std::vector<Point>> sets = {
      {}, {{0.1, 0.3, 0}}, {{0.1, 0.3, 0}, {0.12, 0.9, 2}, {1, 0.1, 2}, {0.5, 0.5, 1}}};
  for (const auto& points : sets) {
    const ParzenEstimator estimator(kAxes, points, std::vector<double>(points.size(), 0.7));
    double sum = 0;
    constexpr int kCells = 2000;
    for (int i = 0; i < kCells; ++i) {
      for (int level = 0; level < 5; ++level) {
        for (int choice = 0; choice < 3; ++choice) {
          sum += std::exp(estimator.LogDensity({(i + 0.5) / kCells, (level + 0.5) / 5,
                                                static_cast<double>(choice)})) / kCells;
        }
      }
    }
    EXPECT_NEAR(sum, 1, 1e-4) << points.size();
  }
}

TEST(Parzen, SamplesFollowTheDensity) {
  const ParzenEstimator estimator(kAxes, {{0.2, 0.1, 2}, {0.25, 0.3, 2}}, {1, 1});
  Rng rng(1);
  constexpr int kDraws = 20000;
  double left = 0;
  double two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Point p = estimator.Sample(rng);
    EXPECT_GE(p[0], 0);
    EXPECT_LE(p[0], 1);
    EXPECT_NEAR(p[1] * 5 - 0.5, std::round(p[1] * 5 - 0.5), 1e-9) << "the middle of a cell";
    left += p[0] < 0.5;
    two += p[2] == 2;
  }
  double mass_left = 0;
  double mass_two = 0;
  for (int i = 0; i < 200; ++i) {
    for (int level = 0; level < 5; ++level) {
      for (int choice = 0; choice < 3; ++choice) {
        const double x = (i + 0.5) / 200;
        const double mass = std::exp(estimator.LogDensity(
            {x, (level + 0.5) / 5, static_cast<double>(choice)})) / 200;
        if (x < 0.5) mass_left += mass;
        if (choice == 2) mass_two += mass;
      }
    }
  }
  EXPECT_NEAR(left / kDraws, mass_left, 0.015);
  EXPECT_NEAR(two / kDraws, mass_two, 0.015);
}

// 40 results on a line, the good ones near 0.7.
std::vector<Scored> Results() {
  std::vector<Scored> results;
  for (int i = 0; i < 40; ++i) {
    const double x = (i * 7 % 40 + 0.5) / 40;
    results.push_back({{x}, std::abs(x - 0.7), true});
  }
  return results;
}

double MeanDistance(const std::vector<Scored>& results, const std::vector<Point>& pending,
                    double from) {
  const UnitSpace space = UnitSpace::Make({Real("x", 0, 1)}).value();
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    sum += std::abs(SuggestByTpe(space, results, pending, Rng(seed)).point[0] - from) / 200;
  }
  return sum;
}

TEST(Tpe, ProposesNearTheGoodAndAwayFromTheRunningOnes) {
  EXPECT_LT(MeanDistance(Results(), {}, 0.7), 0.05);
  const double alone = MeanDistance(Results(), {}, 0.7);
  const double crowded =
      MeanDistance(Results(), std::vector<Point>(6, Point{0.7}), 0.7);
  EXPECT_GT(crowded, 1.3 * alone);
}

TEST(Tpe, NaNAndInfeasibleResultsAreBad) {
  std::vector<Scored> results = Results();
  for (Scored& result : results) {
    if (std::abs(result.point[0] - 0.7) < 0.1) result.feasible = false;
    if (std::abs(result.point[0] - 0.4) < 0.1) {
      result.cost = std::numeric_limits<double>::infinity();
    }
  }
  EXPECT_GT(MeanDistance(results, {}, 0.7), 0.09);
}

TEST(Tpe, LearnsWithinABranchFromThatBranchOnly) {
  // y exists only under b; under a nothing is known about it.
  const UnitSpace space =
      UnitSpace::Make({Choices("kind", {"a", "b"}), When(Real("y", 0, 1), "kind", {"b"})}).value();
  std::vector<Scored> results;
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 30; ++i) {
    const double y = (i + 0.5) / 30;
    results.push_back({{1, y}, std::abs(y - 0.2), true});
    results.push_back({{0, none}, 5, true});
  }
  int under_b = 0;
  double away = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Point p = SuggestByTpe(space, results, {}, Rng(seed)).point;
    EXPECT_EQ(std::isnan(p[1]), p[0] == 0);
    if (p[0] != 1) continue;
    ++under_b;
    away += std::abs(p[1] - 0.2);
  }
  EXPECT_GT(under_b, 180);
  EXPECT_LT(away / under_b, 0.08);
}

TEST(Bohb, LearnsFromTheLongestTimeThatHasEnoughResults) {
  ExperimentConfig config = Experiment("bohb", {Real("x", 0, 1)}, 100, 4);
  config.searcher.max_time = 9;
  auto sampler = MakeBohbSampler(config).value();
  // Of 200 proposals; about 67 of them are random.
  const auto near = [&](double place) {
    int count = 0;
    for (std::int64_t no = 1000; no < 1200; ++no) {
      auto fresh = MakeBohbSampler(config).value();
      EXPECT_TRUE(fresh->Restore(sampler->Snapshot()).ok());
      count += std::abs(fresh->Sample(no)["x"].AsDouble() - place) < 0.15;
    }
    return count;
  };
  EXPECT_NEAR(near(0.8), 60, 25) << "all random";
  const auto at = [](int i) { return Json::MakeObject({{"x", (i + 0.5) / 40}}); };
  const auto x = [&](int i) { return at(i)["x"].AsDouble(); };
  for (int i = 0; i < 40; ++i) {  // misleading: in the end 0.2 is best
    sampler->Observe(at(i), 1, std::abs(x(i) - 0.8), true);
  }
  for (int i = 0; i < 3; ++i) sampler->Observe(at(i), 9, std::abs(x(i) - 0.2), true);
  EXPECT_GT(near(0.8), 120) << "three results at 9 are too few";
  for (int i = 3; i < 40; ++i) sampler->Observe(at(i), 9, std::abs(x(i) - 0.2), true);
  EXPECT_GT(near(0.2), 120);
}

TEST(Bohb, RefusesADamagedSnapshot) {
  ExperimentConfig config = Experiment("bohb", {Real("x", 0, 1)}, 100, 4);
  auto sampler = MakeBohbSampler(config).value();
  const Json hparams = sampler->Sample(1);
  sampler->Sample(2);
  sampler->Observe(hparams, 3, 0.5, true);
  const Json good = sampler->Snapshot();
  ASSERT_TRUE(MakeBohbSampler(config).value()->Restore(good).ok());
  for (const char* text : {R"({"pending":[]})", R"({"pending":[{"y":1}],"results":[]})",
                           R"({"pending":[],"results":[{"time":1,"point":[2.0],"cost":0.5,"feasible":true}]})",
                           R"({"pending":[],"results":[{"time":1,"point":[0.5],"cost":"NaN","feasible":true}]})",
                           R"({"pending":3,"results":[]})", "null"}) {
    EXPECT_FALSE(MakeBohbSampler(config).value()->Restore(Json::Parse(text).value()).ok()) << text;
  }
}

}  // namespace
}  // namespace tutti::search
