// Goal: a dimension under `when` exists exactly where its conditions hold, in samples and in grids,
// and a grid has no point twice. Method: tables of spaces and their points.

#include <gtest/gtest.h>

#include <set>

#include "experiments/search/grid.h"
#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

SearchDimension Choice(const std::string& path, std::vector<Json> vals,
                       std::vector<SpaceCondition> when = {}) {
  SearchDimension d;
  d.path = path;
  d.type = SpaceType::kCategorical;
  d.vals = std::move(vals);
  d.when = std::move(when);
  return d;
}

std::vector<std::string> Points(const SearchSpace& space) {
  const Grid grid = Grid::Make(space).value();
  std::vector<std::string> points;
  for (std::int64_t n = 1; n <= grid.total(); ++n) points.push_back(grid.Values(n).Dump());
  EXPECT_EQ(std::set<std::string>(points.begin(), points.end()).size(), points.size())
      << "a point stands in the grid twice";
  return points;
}

using Lines = std::vector<std::string>;

TEST(Conditions, HoldByTheLastValueThatIsSet) {
  const auto under = [](const std::string& path, std::vector<Json> values) {
    return Choice("x", {1}, {{path, std::move(values)}});
  };
  const Json maps = Json::MakeObject({{"model", Json::MakeObject({{"preset", "cnn3"}})}});
  EXPECT_TRUE(ConditionsHold(under("model.preset", {"cnn3"}), maps)) << "inside a map";
  EXPECT_FALSE(ConditionsHold(under("model.preset", {"cnn4"}), maps));
  Json child = maps;
  child.Set("model.preset", "cnn4");
  EXPECT_TRUE(ConditionsHold(under("model.preset", {"cnn3", "cnn4"}), child));
  EXPECT_FALSE(ConditionsHold(under("model.preset", {"cnn3"}), child))
      << "the child is applied last";
  EXPECT_FALSE(ConditionsHold(under("model.width", {8}), child)) << "nobody sets it";
  EXPECT_TRUE(ConditionsHold(under("n", {1.0}), Json::MakeObject({{"n", 1}})));
  EXPECT_FALSE(ConditionsHold(under("n", {"1"}), Json::MakeObject({{"n", 1}})));
  SearchDimension both = under("n", {1});
  both.when.push_back({"m", {true}});
  EXPECT_FALSE(ConditionsHold(both, Json::MakeObject({{"n", 1}}))) << "all must hold";
  EXPECT_TRUE(ConditionsHold(both, Json::MakeObject({{"n", 1}, {"m", true}})));
}

TEST(Conditions, DecideWhatASampleHas) {
  const SearchSpace space = {
      Choice("model", {Json::MakeObject({{"preset", "cnn3"}}),
                       Json::MakeObject({{"preset", "se_resnet"}})}),
      Choice("dropout", {0.1, 0.2}, {{"model.preset", {"cnn3"}}}),
      Choice("deeper", {1, 2}, {{"dropout", {0.2}}})};
  int with = 0;
  for (std::int64_t number = 1; number <= 200; ++number) {
    const Json hparams = SampleConfiguration(space, 7, number);
    const bool cnn = hparams["model"]["preset"] == Json("cnn3");
    EXPECT_EQ(hparams.Find("dropout") != nullptr, cnn);
    EXPECT_EQ(hparams.Find("deeper") != nullptr, cnn && hparams["dropout"] == Json(0.2));
    with += cnn ? 1 : 0;
  }
  EXPECT_GT(with, 60);
  EXPECT_LT(with, 140);
}

TEST(Conditions, DoNotChangeTheValuesOfOthers) {
  const SearchDimension preset = Choice("preset", {"a", "b"});
  SearchDimension free = Choice("x", {1, 2, 3, 4, 5});
  SearchDimension bound = free;
  bound.when = {{"preset", {"a"}}};
  for (std::int64_t number = 1; number <= 50; ++number) {
    const Json all = SampleConfiguration({preset, free}, 3, number);
    const Json some = SampleConfiguration({preset, bound}, 3, number);
    if (some.Find("x") != nullptr) {
      EXPECT_EQ(some["x"], all["x"]);
    }
  }
}

TEST(GridConditions, LeaveOutWhatIsOffAndRepeatNothing) {
  const SearchDimension preset = Choice("preset", {"a", "b"});
  const SearchDimension width = Choice("width", {8, 16}, {{"preset", {"a"}}});
  const SearchDimension rate = Choice("rate", {0.1, 0.2});
  EXPECT_EQ(Points({preset, width, rate}),
            (Lines{R"({"preset":"a","width":8,"rate":0.1})",
                   R"({"preset":"a","width":8,"rate":0.2})",
                   R"({"preset":"a","width":16,"rate":0.1})",
                   R"({"preset":"a","width":16,"rate":0.2})", R"({"preset":"b","rate":0.1})",
                   R"({"preset":"b","rate":0.2})"}));
}

TEST(GridConditions, ChainAndSurviveAConditionThatNeverHolds) {
  const SearchSpace space = {Choice("a", {1, 2}), Choice("b", {1, 2, 3}, {{"a", {2}}}),
                             Choice("c", {1, 2}, {{"b", {3}}}), Choice("d", {1, 2}, {{"a", {9}}})};
  EXPECT_EQ(Points(space), (Lines{R"({"a":1})", R"({"a":2,"b":1})", R"({"a":2,"b":2})",
                                  R"({"a":2,"b":3,"c":1})", R"({"a":2,"b":3,"c":2})"}));
}

TEST(GridConditions, LookIntoMaps) {
  const SearchSpace space = {
      Choice("model", {Json::MakeObject({{"preset", "a"}, {"width", 4}}),
                       Json::MakeObject({{"preset", "b"}})}),
      Choice("model.width", {8, 16}, {{"model.preset", {"a"}}})};
  EXPECT_EQ(std::ssize(Points(space)), 3);
}

TEST(GridConditions, AGridWithoutThemIsTheWholeProductAndARepeatedValueCountsOnce) {
  EXPECT_EQ(Points({Choice("a", {1, 2, 1}), Choice("b", {"x", "y"})}),
            (Lines{R"({"a":1,"b":"x"})", R"({"a":1,"b":"y"})", R"({"a":2,"b":"x"})",
                   R"({"a":2,"b":"y"})"}));
  EXPECT_EQ(Points({}), Lines{"{}"});
}

}  // namespace
}  // namespace tutti::search
