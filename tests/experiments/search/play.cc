#include "tests/experiments/search/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tutti::search {
namespace {

class Theatre {
 public:
  Theatre(const ExperimentConfig& config, const World& world)
      : config_(config), world_(world), rng_(world.seed) {
    auto made = MakeSearcher(config);
    EXPECT_TRUE(made.ok()) << made.error().ToString();
    searcher_ = std::move(*made);
  }

  Played Run(std::int64_t max_events) {
    Feed(Started{});
    for (std::int64_t i = 0; i < max_events; ++i) {
      std::vector<std::int64_t> movable;
      bool open = false;
      for (const auto& [number, c] : played_.configurations) {
        if (c.closed) continue;
        open = true;
        if (c.stopping || c.until == 0 || c.reported < c.until) movable.push_back(number);
      }
      if (!open) return Finished();
      if (movable.empty()) {
        played_.stuck = true;
        ADD_FAILURE() << "every open configuration is held and nobody goes on";
        return std::move(played_);
      }
      Step(movable[static_cast<std::size_t>(rng_.Below(movable.size()))]);
    }
    played_.stuck = true;
    ADD_FAILURE() << "the search does not end";
    return std::move(played_);
  }

 private:
  Rng Fate(std::int64_t number, const std::string& what, std::int64_t time = 0) const {
    return Rng(world_.fate).Split(what, {static_cast<std::uint64_t>(number),
                                         static_cast<std::uint64_t>(time)});
  }
  bool Chance(double p, std::int64_t number, const std::string& what, std::int64_t time = 0) const {
    return p > 0 && Fate(number, what, time).Uniform() < p;
  }
  // A time within the configuration's training at which something happens to it.
  std::int64_t Moment(std::int64_t number, const std::string& what) const {
    return 1 + static_cast<std::int64_t>(
                   Fate(number, what + " when")
                       .Below(static_cast<std::uint64_t>(config_.searcher.max_time)));
  }

  Played Finished() {
    EXPECT_EQ(played_.closes, 1) << "SearchClosed comes exactly once";
    EXPECT_EQ(searcher_->closed(), searcher_->created());
    return std::move(played_);
  }

  void Close(std::int64_t number, Configuration& c, bool ok) {
    c.closed = true;
    std::optional<double> best;
    if (c.reported > 0) best = MetricOf(world_.fate, number, c.reported);
    Feed(TrialClosed{number, ok, best});
  }

  void Refuse(std::int64_t number, Configuration& c) {
    c.closed = true;
    c.invalid = true;
    Feed(ConfigurationInvalid{number});
  }

  void Step(std::int64_t number) {
    Configuration& c = played_.configurations.at(number);
    if (c.stopping &&
        (c.reported == c.until || rng_.Uniform() >= world_.stop_lag)) {
      return Close(number, c, true);
    }
    if (c.time == c.started_at && Chance(world_.invalid, number, "invalid")) {
      return Refuse(number, c);
    }
    ++c.time;
    ++played_.total_time;
    if (Chance(world_.crash, number, "crash") && c.time == Moment(number, "crash")) {
      return Close(number, c, false);
    }
    if (Chance(world_.late_invalid, number, "late") && c.time == Moment(number, "late")) {
      return Refuse(number, c);
    }
    const std::int64_t max_time = config_.searcher.max_time;
    const bool early =
        Chance(world_.ends_early, number, "early") && c.time == Moment(number, "early");
    const bool over = c.time >= max_time || early;
    if (over || c.time % world_.period == 0 || c.time == c.until) Report(number, c);
    if (over) Close(number, c, true);
  }

  void Report(std::int64_t number, Configuration& c) {
    c.reported = c.time;
    double value = MetricOf(world_.fate, number, c.time);
    if (Chance(world_.nan, number, "nan", c.time)) value = std::numeric_limits<double>::quiet_NaN();
    const double parameters = 1000.0 * static_cast<double>(number % 7 + 1);
    Feed(MetricReported{number, c.time, value, {{"parameters", parameters}},
                        !Chance(world_.infeasible, number, "infeasible", c.time)});
  }

  void Feed(const SearchEvent& event) {
    const std::vector<SearchAction> actions = searcher_->OnEvent(event);
    for (const SearchAction& action : actions) Obey(action);
    Count();
    if (world_.restart > 0 && rng_.Uniform() < world_.restart) Restart();
  }

  // The restored searcher must not differ from the old one in anything that its snapshot shows;
  // what it does next is compared by whole games.
  void Restart() {
    const Json before = searcher_->Snapshot();
    auto restored = RestoreSearcher(config_, Json::Parse(before.Dump()).value());
    ASSERT_TRUE(restored.ok()) << restored.error().ToString() << "\n" << before.Dump();
    EXPECT_EQ((*restored)->Snapshot().Dump(), before.Dump());
    EXPECT_EQ((*restored)->created(), searcher_->created());
    EXPECT_EQ((*restored)->closed(), searcher_->closed());
    EXPECT_EQ((*restored)->expected_configurations(), searcher_->expected_configurations());
    searcher_ = std::move(*restored);
  }

  void Obey(const SearchAction& action) {
    played_.log.push_back(ActionText(action));
    if (const auto* create = std::get_if<CreateTrial>(&action)) return Create(*create);
    if (const auto* go_on = std::get_if<ContinueTrial>(&action)) {
      Configuration& c = Known(go_on->configuration_no);
      EXPECT_FALSE(c.stopping) << "a stopped configuration cannot go on";
      EXPECT_TRUE(go_on->run_until == 0 || go_on->run_until > c.reported) << played_.log.back();
      c.until = go_on->run_until;
    } else if (const auto* stop = std::get_if<StopTrial>(&action)) {
      Configuration& c = Known(stop->configuration_no);
      EXPECT_FALSE(c.stopping) << "stopped twice: " << stop->configuration_no;
      EXPECT_FALSE(stop->reason.empty());
      c.stopping = true;
      c.stop_reason = stop->reason;
    } else if (std::holds_alternative<SearchClosed>(action)) {
      ++played_.closes;
    }
  }

  Configuration& Known(std::int64_t number) {
    const auto found = played_.configurations.find(number);
    if (found == played_.configurations.end()) {
      ADD_FAILURE() << "configuration " << number << " does not exist";
      return nobody_;
    }
    return found->second;
  }

  void Create(const CreateTrial& create) {
    const Proposal& p = create.proposal;
    EXPECT_EQ(played_.closes, 0) << "created after the search closed";
    EXPECT_EQ(p.configuration_no, std::ssize(played_.configurations) + 1) << "a gap in the numbers";
    EXPECT_TRUE(p.hparams.is_object());
    Configuration c;
    c.hparams = p.hparams;
    c.until = create.run_until;
    c.parent = create.parent;
    if (create.parent != 0) c.time = c.started_at = Known(create.parent).reported;
    EXPECT_TRUE(c.until == 0 || c.until > c.time);
    played_.configurations.emplace(p.configuration_no, std::move(c));
  }

  void Count() {
    std::int64_t open = 0;
    std::int64_t running = 0;
    played_.valid = 0;
    for (const auto& [number, c] : played_.configurations) {
      if (!c.invalid) ++played_.valid;
      if (c.closed) continue;
      ++open;
      if (!c.stopping && c.time < config_.searcher.max_time &&
          (c.until == 0 || c.reported < c.until)) {
        ++running;
      }
    }
    EXPECT_EQ(searcher_->created() - searcher_->closed(), open);
    played_.open_max = std::max(played_.open_max, open);
    played_.running_max = std::max(played_.running_max, running);
  }

  const ExperimentConfig& config_;
  const World& world_;
  Rng rng_;
  std::unique_ptr<Searcher> searcher_;
  Played played_;
  Configuration nobody_;
};

SearchDimension Dimension(const std::string& path, SpaceType type, double minval, double maxval) {
  SearchDimension d;
  d.path = path;
  d.type = type;
  d.minval = minval;
  d.maxval = maxval;
  d.count = 2;
  return d;
}

}  // namespace

double MetricOf(std::uint64_t fate, std::int64_t configuration_no, std::int64_t time) {
  Rng rng = Rng(fate).Split("metric", {static_cast<std::uint64_t>(configuration_no)});
  const double asymptote = rng.Uniform();
  const double rate = rng.Uniform(0.2, 1.5);
  return asymptote + std::exp(-rate * static_cast<double>(time));
}

std::string ActionText(const SearchAction& action) {
  if (const auto* create = std::get_if<CreateTrial>(&action)) {
    return "create " + std::to_string(create->proposal.configuration_no) + " " +
           create->proposal.hparams.Dump() + " until " + std::to_string(create->run_until) +
           " parent " + std::to_string(create->parent);
  }
  if (const auto* go_on = std::get_if<ContinueTrial>(&action)) {
    return "continue " + std::to_string(go_on->configuration_no) + " until " +
           std::to_string(go_on->run_until);
  }
  if (const auto* stop = std::get_if<StopTrial>(&action)) {
    return "stop " + std::to_string(stop->configuration_no) + ": " + stop->reason;
  }
  if (const auto* explain = std::get_if<Explain>(&action)) {
    return "explain " + std::to_string(explain->configuration_no) + ": " + explain->text;
  }
  return "close";
}

std::vector<std::string> ActionTexts(const std::vector<SearchAction>& actions) {
  std::vector<std::string> texts;
  for (const SearchAction& action : actions) texts.push_back(ActionText(action));
  return texts;
}

void ExpectSameLines(const std::vector<std::string>& got,
                     const std::vector<std::string>& expected) {
  EXPECT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    ASSERT_EQ(got[i], expected[i]) << "line " << i;
  }
}

std::vector<std::string> Played::Table() const {
  std::vector<std::string> rows;
  for (const auto& [number, c] : configurations) {
    rows.push_back(std::to_string(number) + " " + c.hparams.Dump() + " trained " +
                   std::to_string(c.time) + " parent " + std::to_string(c.parent) +
                   (c.invalid ? " invalid" : "") + " [" + c.stop_reason + "]");
  }
  return rows;
}

Played Play(const ExperimentConfig& config, const World& world, std::int64_t max_events) {
  return Theatre(config, world).Run(max_events);
}

ExperimentConfig SmallExperiment(const std::string& searcher) {
  ExperimentConfig config;
  SearcherConfig& s = config.searcher;
  s.name = searcher;
  s.metric = "validation_loss";
  s.max_trials = 14;
  s.max_concurrent_trials = 4;
  s.max_time = 9;
  s.divisor = 3;
  s.num_rungs = 3;
  s.max_rungs = 3;
  s.mode = "conservative";
  s.population_size = 4;
  s.num_rounds = 3;
  s.round_time = 3;
  s.truncate_fraction = 0.25;
  s.startup_trials = 5;
  s.objectives = {{"validation_loss", true}, {"parameters", true}};
  config.experiment_seed = 42;
  SearchDimension preset;
  preset.path = "model.preset";
  preset.type = SpaceType::kCategorical;
  preset.vals = {"cnn3", "se_resnet"};
  SearchDimension dropout = Dimension("model.dropout", SpaceType::kDouble, 0.1, 0.6);
  dropout.when = {{"model.preset", {"cnn3"}}};
  config.hyperparameters = {preset, dropout,
                            Dimension("training.batch_size", SpaceType::kInt, 16, 256),
                            Dimension("training.optimizer.lr", SpaceType::kLog, -4, -1)};
  return config;
}

}  // namespace tutti::search
