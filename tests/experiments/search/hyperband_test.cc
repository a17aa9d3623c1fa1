// Goal: Hyperband halves synchronously: nobody goes on before the last has come, the best third go
// on, and slots do not idle while another bracket can start. Method: traces worked out by hand for
// R = 9, eta = 3; a sampler that records what it hears.

#include "experiments/search/hyperband.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

using Lines = std::vector<std::string>;

// Brackets of 9 (rungs 1 3 9), 5 (3 9) and 3 (9).
ExperimentConfig Nine() {
  ExperimentConfig config;
  config.searcher.name = "hyperband";
  config.searcher.divisor = 3;
  config.searcher.max_time = 9;
  config.searcher.max_rungs = 5;
  config.searcher.max_trials = 17;
  config.searcher.max_concurrent_trials = 9;
  return config;
}

Lines Report(Searcher& searcher, std::int64_t number, std::int64_t time, double value) {
  return ActionTexts(searcher.OnEvent(MetricReported{number, time, value, {}, true}));
}

std::string Created(int number, int until) {
  return "create " + std::to_string(number) + " {} until " + std::to_string(until) + " parent 0";
}

TEST(Hyperband, HalvesWhenTheLastHasCome) {
  auto searcher = MakeSearcher(Nine()).value();
  EXPECT_EQ(searcher->OnEvent(Started{}).size(), 9u);
  // Each one held makes room for one of the next bracket: its 5, and the 3 of the last.
  EXPECT_EQ(Report(*searcher, 1, 1, 0.1), Lines{Created(10, 3)});
  for (int number = 2; number <= 5; ++number) {
    EXPECT_EQ(Report(*searcher, number, 1, 0.1 * number), Lines{Created(9 + number, 3)});
  }
  for (int number = 6; number <= 8; ++number) {
    EXPECT_EQ(Report(*searcher, number, 1, 0.1 * number), Lines{Created(9 + number, 0)});
  }
  EXPECT_EQ(searcher->NextDecision(10), 3);
  // Of 9 three go on; there is room for one: 8 others train.
  EXPECT_EQ(Report(*searcher, 9, 1, 0.05),
            (Lines{"explain 9: bracket 0, rung 0: 1st of 9, goes on",
                   "explain 1: bracket 0, rung 0: 2nd of 9, goes on",
                   "explain 2: bracket 0, rung 0: 3rd of 9, goes on",
                   "stop 3: bracket 0, rung 0: 4th of 9, top 3 kept",
                   "stop 4: bracket 0, rung 0: 5th of 9, top 3 kept",
                   "stop 5: bracket 0, rung 0: 6th of 9, top 3 kept",
                   "stop 6: bracket 0, rung 0: 7th of 9, top 3 kept",
                   "stop 7: bracket 0, rung 0: 8th of 9, top 3 kept",
                   "stop 8: bracket 0, rung 0: 9th of 9, top 3 kept", "continue 9 until 3"}));
  EXPECT_EQ(Report(*searcher, 10, 3, 0.5), Lines{"continue 1 until 3"});
  EXPECT_EQ(Report(*searcher, 11, 3, 0.5), Lines{"continue 2 until 3"});
  EXPECT_EQ(Report(*searcher, 9, 3, 0.05), Lines{});
  // A crash counts as the worst of the rung, and it is the last that was awaited.
  EXPECT_EQ(Report(*searcher, 2, 3, 0.2), Lines{});
  EXPECT_EQ(ActionTexts(searcher->OnEvent(TrialClosed{1, false, 0.1})),
            (Lines{"explain 9: bracket 0, rung 1: 1st of 3, goes on",
                   "stop 2: bracket 0, rung 1: 2nd of 3, top 1 kept", "continue 9 until 0"}));
  EXPECT_EQ(searcher->NextDecision(9), 0);
}

TEST(Hyperband, WhoEndsByItselfKeepsItsPlaceAndInvalidOnesAreReplaced) {
  ExperimentConfig config = Nine();
  config.searcher.max_trials = 3;  // the first bracket, cut to 3
  config.searcher.max_concurrent_trials = 3;
  auto searcher = MakeSearcher(config).value();
  searcher->OnEvent(Started{});
  EXPECT_EQ(ActionTexts(searcher->OnEvent(ConfigurationInvalid{2})), Lines{Created(4, 1)});
  Report(*searcher, 1, 1, 0.1);
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{1, true, 0.1}).empty());
  Report(*searcher, 3, 1, 0.2);
  // 1 is the best, and over; nobody else goes on.
  EXPECT_EQ(Report(*searcher, 4, 1, 0.3),
            (Lines{"stop 3: bracket 0, rung 0: 2nd of 3, top 1 kept",
                   "stop 4: bracket 0, rung 0: 3rd of 3, top 1 kept"}));
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{3, true, 0.2}).empty());
  EXPECT_EQ(ActionTexts(searcher->OnEvent(TrialClosed{4, true, 0.3})), Lines{"close"});
}

// Numbers instead of a model; what it hears as text.
class Recorder final : public Sampler {
 public:
  explicit Recorder(Lines* heard) : heard_(heard) {}
  Json Sample(std::int64_t configuration_no) override {
    return Json::MakeObject({{"x", configuration_no * 10}});
  }
  void Observe(const Json& hparams, std::int64_t time, double value, bool feasible) override {
    heard_->push_back(hparams.Dump() + " at " + std::to_string(time) + ": " + FormatDouble(value) +
                      (feasible ? "" : " infeasible"));
  }
  Json Snapshot() const override { return Json::MakeObject(); }
  Status Restore(const Json&) override { return Ok{}; }

 private:
  Lines* heard_;
};

TEST(Hyperband, TellsItsSamplerEveryResultWithItsValues) {
  ExperimentConfig config = Nine();
  config.searcher.name = "bohb";
  Lines heard;
  auto made = Hyperband::Make(config, std::make_unique<Recorder>(&heard));
  ASSERT_TRUE(made.ok());
  Searcher& searcher = **made;
  const auto actions = searcher.OnEvent(Started{});
  EXPECT_EQ(ActionText(actions[1]), "create 2 {\"x\":20} until 1 parent 0");
  searcher.OnEvent(MetricReported{2, 1, 0.5, {}, true});
  searcher.OnEvent(MetricReported{2, 1, 0.5, {}, true});
  searcher.OnEvent(MetricReported{1, 1, 0.25, {}, false});
  searcher.OnEvent(TrialClosed{3, false, std::nullopt});
  EXPECT_EQ(heard, (Lines{"{\"x\":20} at 1: 0.5", "{\"x\":10} at 1: 0.25 infeasible",
                          "{\"x\":30} at 1: NaN infeasible"}));
}

TEST(Hyperband, SpendsAboutTheSameOnEachBracket) {
  ExperimentConfig config = SmallExperiment("hyperband");
  config.searcher.max_trials = 81 + 34 + 15 + 8 + 5;
  config.searcher.max_time = 81;
  config.searcher.max_rungs = 5;
  const Played played = Play(config, World{});
  // Bracket s trains n * eta^-s * R in each of its s + 1 rungs at most (n is rounded up).
  EXPECT_EQ(std::ssize(played.configurations), 143);
  EXPECT_LE(played.total_time, 5 * 5 * 81 * 12 / 10);
  EXPECT_GE(played.total_time, 5 * 81 * 3);
}

}  // namespace
}  // namespace tutti::search
