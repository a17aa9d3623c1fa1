#include "coordinator/simulation/random_scenario.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "experiments/core/rng.h"

namespace tutti::simulation {
namespace {

class Draw {
 public:
  Draw(std::uint64_t seed, const Json& canonical)
      : rng_(Rng(seed).Split("scenario")), canonical_(canonical) {}

  Scenario Make(std::uint64_t seed) {
    scenario_.name = "random " + std::to_string(seed);
    scenario_.snapshot_every = Between(5, 60);
    // Quicker than a real cluster, so that a lost node is part of a short story.
    Weather& weather = scenario_.weather;
    weather.lost_after_ms = 15'000;
    weather.self_kill_after_ms = 10'000;
    weather.message_ms_max = Chance(0.3) ? 400 : 20;
    weather.start_gang_ms = Between(0, 3'000);
    weather.stop_gang_ms = Between(0, 1'000);
    if (Chance(0.3)) weather.fail_per_unit = 0.03;
    if (Chance(0.3)) weather.crash_per_unit = 0.02;
    const std::int64_t nodes = Between(1, 3);
    for (std::int64_t i = 0; i < nodes; ++i) {
      NodeSpec node;
      node.name = std::string(1, static_cast<char>('a' + i));
      node.slots = Between(1, 4);
      node.spans_nodes = Chance(0.8);
      node.joins_at_ms = Chance(0.8) ? 0 : Between(0, 20'000);
      scenario_.nodes.push_back(std::move(node));
    }
    experiments_ = Between(1, 3);
    for (std::int64_t i = 1; i <= experiments_; ++i) AddExperiment(i);
    const std::int64_t troubles = Chance(0.5) ? Between(0, 4) : 0;
    for (std::int64_t i = 0; i < troubles; ++i) AddTrouble();
    return std::move(scenario_);
  }

 private:
  bool Chance(double p) { return rng_.Uniform() < p; }
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(rng_.Below(static_cast<std::uint64_t>(high - low + 1)));
  }
  const std::string& AnyNode() {
    return scenario_.nodes[rng_.Below(scenario_.nodes.size())].name;
  }
  void Add(std::int64_t at_ms, Happening what) {
    scenario_.steps.push_back({at_ms, std::move(what)});
  }

  // Slots that a gang can have on these nodes.
  std::int64_t Slots() {
    std::int64_t largest = 1, spanning = 0;
    for (const NodeSpec& node : scenario_.nodes) {
      largest = std::max(largest, node.slots);
      if (node.spans_nodes) spanning += node.slots;
    }
    if (Chance(0.5)) return 1;
    if (Chance(0.2)) return Between(1, std::max(largest, spanning));
    return Between(1, largest);
  }

  void AddSearcher(Json& document, std::int64_t max_time) {
    constexpr const char* kNames[] = {"single",        "random",    "grid", "async_halving",
                                      "adaptive_asha", "hyperband", "pbt",  "tpe"};
    const std::string name = kNames[rng_.Below(std::size(kNames))];
    document.SetPath("searcher.name", name);
    document.SetPath("searcher.max_trials", Between(1, 8));
    document.SetPath("searcher.max_concurrent_trials", Chance(0.5) ? Between(1, 4) : 0);
    document.SetPath("searcher.divisor", Between(2, 4));
    document.SetPath("searcher.max_time", max_time);
    if (name == "async_halving") document.SetPath("searcher.num_rungs", Between(1, 3));
    if (name == "grid") {
      document.Set("hyperparameters",
                   Json::Parse(R"({"training.optimizer.lr":
                                   {"type": "categorical", "vals": [0.1, 0.01]}})")
                       .value());
    }
    if (name == "pbt") {
      document.SetPath("searcher.population_size", Between(2, 4));
      document.SetPath("searcher.num_rounds", Between(1, 3));
      document.SetPath("searcher.round_time", 1);
      document.SetPath("searcher.max_time", *document.FindPath("searcher.num_rounds"));
    }
    if (Chance(0.2)) {
      document.SetPath("searcher.deterministic", true);
      if (document.FindPath("searcher.max_concurrent_trials")->AsInt() == 0) {
        document.SetPath("searcher.max_concurrent_trials", Between(1, 4));
      }
    }
    document.SetPath("training.epochs", *document.FindPath("searcher.max_time"));
  }

  void AddExperiment(std::int64_t number) {
    Submit submit;
    submit.canonical = canonical_;
    Json& document = submit.canonical;
    const std::int64_t max_time = Between(1, 6);
    AddSearcher(document, max_time);
    const std::int64_t gang = Slots();
    document.Set("replicates", Chance(0.8) ? 1 : Between(2, 3));
    document.SetPath("resources.slots_per_trial", gang);
    if (Chance(0.25)) document.SetPath("resources.max_slots", gang * Between(1, 3));
    if (Chance(0.5)) document.SetPath("resources.priority", Between(40, 43));
    if (Chance(0.5)) document.SetPath("resources.weight", static_cast<double>(Between(1, 4)));
    document.Set("max_restarts", Between(0, 3));
    document.SetPath("reproducibility.experiment_seed", number);
    TrialModel& model = submit.model;
    model.unit_ms = Between(500, 8'000);
    model.speed_spread = Chance(0.5) ? 0.5 : 0;
    model.checkpoint_every = Between(0, 2);
    if (Chance(0.15)) model.invalid = 0.2;
    Add(Between(0, 30'000), std::move(submit));
  }

  void AddTrouble() {
    const std::int64_t at_ms = Between(1'000, 90'000);
    const std::int64_t for_ms = Between(500, 40'000);
    const std::int64_t experiment = Between(1, experiments_);
    switch (rng_.Below(9)) {
      case 0: return Add(at_ms, Disconnect{AnyNode(), for_ms});
      case 1: return Add(at_ms, CrashNode{AnyNode(), for_ms});
      case 2: return Add(at_ms, RestartCoordinator{Between(100, 5'000)});
      case 3:
        Add(at_ms, Act{engine::Action::kPause, experiment, 0});
        return Add(at_ms + for_ms, Act{engine::Action::kResume, experiment, 0});
      case 4: return Add(at_ms, Act{engine::Action::kCancel, experiment, Between(0, 3)});
      case 5: return Add(at_ms, Act{engine::Action::kKill, experiment, Between(0, 3)});
      case 6: return Add(at_ms, CrashTrial{experiment, Between(1, 4), Failure()});
      case 7: {
        Change change;
        change.settings.experiment = ExperimentId(experiment);
        if (Chance(0.5)) change.settings.priority = Between(39, 44);
        if (Chance(0.5)) change.settings.weight = static_cast<double>(Between(1, 4));
        if (Chance(0.3)) change.settings.max_slots = 0;
        return Add(at_ms, std::move(change));
      }
      default: {
        const std::string node = AnyNode();
        Add(at_ms, Drain{node, true, Chance(0.5)});
        return Add(at_ms + for_ms, Drain{node, false, false});
      }
    }
  }
  engine::FailureClass Failure() {
    constexpr engine::FailureClass kClasses[] = {
        engine::FailureClass::kInfra, engine::FailureClass::kUser, engine::FailureClass::kOom,
        engine::FailureClass::kHang};
    return kClasses[rng_.Below(4)];
  }

  Rng rng_;
  const Json& canonical_;
  Scenario scenario_;
  std::int64_t experiments_ = 1;
};

}  // namespace

Scenario RandomScenario(std::uint64_t seed, const Json& canonical) {
  return Draw(seed, canonical).Make(seed);
}

}  // namespace tutti::simulation
