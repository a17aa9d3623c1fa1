// Goal: rungs and brackets are those of the published rules. Method: a golden table of
// adaptive_asha over modes, trials, times, divisors and rungs, which golden/adaptive_asha.py
// derives in exact arithmetic and shares no code with; four of its lines by hand; hyperband against
// Algorithm 1.

#include "experiments/search/brackets.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

std::string Text(const std::vector<Bracket>& brackets) {
  std::string text;
  for (const Bracket& bracket : brackets) {
    for (const std::int64_t units : bracket.rungs) text += std::to_string(units) + " ";
    text += "x" + std::to_string(bracket.trials) + " (" + std::to_string(bracket.max_concurrent) +
            "); ";
  }
  return text;
}

std::string GoldenText(const Json& brackets) {
  std::vector<Bracket> read;
  for (const Json& item : brackets.AsArray()) {
    Bracket bracket;
    for (const Json& units : item["rungs"].AsArray()) bracket.rungs.push_back(units.AsInt());
    bracket.trials = item["trials"].AsInt();
    bracket.max_concurrent = item["max_concurrent"].AsInt();
    read.push_back(std::move(bracket));
  }
  return Text(read);
}

ExperimentConfig Adaptive(const std::string& mode, std::int64_t max_trials, std::int64_t max_time,
                          std::int64_t divisor, std::int64_t max_rungs, std::int64_t concurrent) {
  ExperimentConfig config;
  config.searcher.name = "adaptive_asha";
  config.searcher.mode = mode;
  config.searcher.max_trials = max_trials;
  config.searcher.max_time = max_time;
  config.searcher.divisor = divisor;
  config.searcher.max_rungs = max_rungs;
  config.searcher.max_concurrent_trials = concurrent;
  return config;
}

std::string TextOf(const ExperimentConfig& config) {
  const auto brackets = Brackets(config);
  return brackets ? Text(*brackets) : brackets.error().ToString();
}

TEST(AdaptiveAsha, HasTheBracketsOfTheGoldenTable) {
  std::ifstream file(TUTTI_SOURCE_DIR "/tests/experiments/search/golden/adaptive_asha.jsonl");
  ASSERT_TRUE(file.is_open());
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const Json golden = Json::Parse(line).value();
    ExperimentConfig config =
        Adaptive(golden["mode"].AsString(), golden["max_trials"].AsInt(),
                 golden["max_time"].AsInt(), golden["divisor"].AsInt(),
                 golden["max_rungs"].AsInt(), golden["max_concurrent_trials"].AsInt());
    for (const Json& rungs : golden["bracket_rungs"].AsArray()) {
      config.searcher.bracket_rungs.push_back(rungs.AsInt());
    }
    EXPECT_EQ(TextOf(config), GoldenText(golden["brackets"])) << line;
  }
  EXPECT_GE(lines, 200);
}

TEST(AdaptiveAsha, HasTheBracketsDerivedByHand) {
  EXPECT_EQ(TextOf(Adaptive("standard", 64, 20, 4, 5, 16)), "1 5 20 x47 (8); 5 20 x17 (8); ");
  EXPECT_EQ(TextOf(Adaptive("aggressive", 1000, 1000, 10, 5, 0)), "1 10 100 1000 x1000 (1000); ");
  EXPECT_EQ(TextOf(Adaptive("conservative", 30, 27, 3, 5, 7)),
            "1 3 9 27 x18 (2); 3 9 27 x7 (2); 9 27 x3 (2); 27 x2 (1); ");
  EXPECT_EQ(TextOf(Adaptive("conservative", 4, 3, 4, 5, 16)), "3 x4 (4); ");
}

TEST(AsyncHalving, StartsAsManyAsSurviveToOneAtTheTop) {
  ExperimentConfig config = Adaptive("", 100, 100, 4, 5, 0);
  config.searcher.name = "async_halving";
  config.searcher.num_rungs = 3;
  EXPECT_EQ(TextOf(config), "6 25 100 x100 (16); ");
  config.searcher.max_trials = 10;
  EXPECT_EQ(TextOf(config), "6 25 100 x10 (10); ");
  config.searcher.max_concurrent_trials = 7;
  EXPECT_EQ(TextOf(config), "6 25 100 x10 (7); ");
  config.searcher.num_rungs = 5;
  config.searcher.max_time = 20;
  EXPECT_EQ(TextOf(config), "1 1 1 5 20 x10 (7); ");
}

TEST(Hyperband, FollowsAlgorithm1) {
  // R = 81, eta = 3: s_max = 4, n = ceil(5 * 3^s / (s + 1)) = 81, ceil(33.75), 15, ceil(7.5), 5.
  ExperimentConfig config = Adaptive("", 143, 81, 3, 5, 9);
  config.searcher.name = "hyperband";
  EXPECT_EQ(TextOf(config),
            "1 3 9 27 81 x81 (9); 3 9 27 81 x34 (9); 9 27 81 x15 (9); 27 81 x8 (9); 81 x5 (9); ");
  // Again from the start, the last one cut.
  config.searcher.max_time = 9;
  config.searcher.max_trials = 9 + 5 + 3 + 4;
  EXPECT_EQ(TextOf(config), "1 3 9 x9 (9); 3 9 x5 (9); 9 x3 (9); 1 3 9 x4 (9); ");
  config.searcher.max_rungs = 1;
  config.searcher.max_trials = 2;
  EXPECT_EQ(TextOf(config), "9 x1 (9); 9 x1 (9); ");
}

TEST(FloorLog, IsExact) {
  EXPECT_EQ(FloorLog(10, 1000), 3);
  EXPECT_EQ(FloorLog(10, 999), 2);
  EXPECT_EQ(FloorLog(3, 243), 5);
  EXPECT_EQ(FloorLog(2, 1), 0);
  EXPECT_EQ(FloorLog(2, std::int64_t{1} << 62), 62);
}

TEST(Brackets, RefusesWhatIsOutOfRangeAndNamesIt) {
  struct Case {
    std::string what;
    std::function<void(SearcherConfig&)> change;
  };
  const std::vector<Case> cases = {
      {"max_trials is 0", [](SearcherConfig& s) { s.max_trials = 0; }},
      {"max_time is 0", [](SearcherConfig& s) { s.max_time = 0; }},
      {"divisor is 1", [](SearcherConfig& s) { s.divisor = 1; }},
      {"max_rungs is 0", [](SearcherConfig& s) { s.max_rungs = 0; }},
      {"mode is 'brave'", [](SearcherConfig& s) { s.mode = "brave"; }},
      {"bracket_rungs is 0", [](SearcherConfig& s) { s.bracket_rungs = {0}; }},
      {"bracket_rungs is 33", [](SearcherConfig& s) { s.bracket_rungs = {33}; }},
      {"bracket_rungs is 20", [](SearcherConfig& s) { s.bracket_rungs = {20}; }},
      {"max_concurrent_trials is -1", [](SearcherConfig& s) { s.max_concurrent_trials = -1; }},
      {"num_rungs is 0", [](SearcherConfig& s) { s.name = "async_halving"; }},
      {"has no brackets", [](SearcherConfig& s) { s.name = "random"; }},
  };
  for (const Case& one : cases) {
    ExperimentConfig config = Adaptive("standard", 64, 20, 4, 5, 16);
    one.change(config.searcher);
    EXPECT_NE(TextOf(config).find(one.what), std::string::npos) << TextOf(config);
  }
}

}  // namespace
}  // namespace tutti::search
