// What people and the service do in a random run, with whatever there is.

#include <algorithm>
#include <iterator>

#include "tests/coordinator/engine/random_world.h"

namespace tutti::engine {

void World::Submit() {
  if (next_experiment_ > 6) return;
  DocumentOptions options;
  options.trials = static_cast<std::int64_t>(1 + rng_.Below(8));
  options.concurrent = static_cast<std::int64_t>(rng_.Below(4));
  options.replicates = static_cast<std::int64_t>(1 + rng_.Below(3));
  options.slots_per_trial = static_cast<std::int64_t>(rng_.Below(6));
  if (rng_.Below(3) == 0) options.labels["zone"] = rng_.Below(2) == 0 ? "a" : "b";
  options.single_node = rng_.Below(4) == 0;
  options.max_per_slot = rng_.Below(3) == 0 ? 4 : 1;
  while (!CanFit(options)) {
    options.labels.clear();
    --options.slots_per_trial;
  }
  if (rng_.Below(3) == 0) options.max_slots = std::max<std::int64_t>(options.slots_per_trial, 2);
  constexpr double kWeights[] = {0.5, 1, 1, 3};
  options.weight = kWeights[rng_.Below(4)];
  options.priority = static_cast<std::int64_t>(40 + rng_.Below(3));
  options.max_restarts = static_cast<std::int64_t>(rng_.Below(3));
  options.save_experiment_best = static_cast<std::int64_t>(rng_.Below(3));
  options.save_trial_best = static_cast<std::int64_t>(rng_.Below(2));
  options.save_trial_latest = static_cast<std::int64_t>(rng_.Below(2));
  options.seed = next_experiment_;
  const char* kMembers[] = {"", "", "\"all\"", R"({"best": 2})", R"({"snapshots": 2})",
                            R"({"query": "SELECT 1"})"};
  options.members = kMembers[rng_.Below(6)];
  if (rng_.Below(4) == 0) {
    options.members = "{\"replicates\": " + std::to_string(options.replicates) + "}";
  }
  options.min_members = static_cast<std::int64_t>(1 + rng_.Below(2));
  if (rng_.Below(4) == 0) options.warm_start = "c" + std::to_string(1 + rng_.Below(20));
  const ExperimentId id(next_experiment_++);
  worlds_[id] = std::max<std::int64_t>(options.slots_per_trial, 1);
  documents_[id] = Document(options);
  RandomSearcher(documents_[id]);
  Apply(ExperimentSubmitted{now_ms_, id, documents_[id]});
}

void World::RandomSearcher(Json& document) {
  const char* kNames[] = {"async_halving", "adaptive_asha", "hyperband", "pbt"};
  if (rng_.Below(2) == 0) return;
  document.SetPath("searcher.name", kNames[rng_.Below(4)]);
  document.SetPath("searcher.time_metric", "epochs");
  document.SetPath("searcher.max_time", 3);
  document.SetPath("searcher.divisor", 2);
  document.SetPath("searcher.num_rungs", 2);
  document.SetPath("searcher.deterministic", rng_.Below(2) == 0);
  document.SetPath("searcher.max_concurrent_trials", static_cast<std::int64_t>(4));
  document.SetPath("searcher.population_size", 4);
  document.SetPath("searcher.num_rounds", 3);
  document.SetPath("searcher.round_time", 1);
}

void World::Continue() {
  if (documents_.empty() || continued_ == 5) return;
  auto it = documents_.begin();
  std::advance(it, rng_.Below(documents_.size()));
  const ExperimentView view = engine_.View(it->first).value();
  if (view.row.state != "CANCELLED" && view.row.state != "ERROR") return;
  ++continued_;
  for (const TrialView& trial : view.trials) trial_states_.erase(trial.row.trial);
  Apply(ExperimentContinued{now_ms_, it->first, it->second});
}

bool World::CanFit(const DocumentOptions& options) const {
  std::int64_t largest = 0, spanning = 0;
  for (const FakeNode& node : nodes_) {
    if (!options.labels.empty() && node.labels != options.labels) continue;
    largest = std::max(largest, node.slots());
    spanning += node.spans_nodes ? node.slots() : 0;
  }
  const std::int64_t world = std::max<std::int64_t>(options.slots_per_trial, 1);
  return world <= largest || (!options.single_node && world <= spanning);
}

void World::ChangeSettings() {
  if (worlds_.empty()) return;
  auto it = worlds_.begin();
  std::advance(it, rng_.Below(worlds_.size()));
  ExperimentSettingsChanged event{now_ms_, it->first, {}, {}, {}, {}, {}, {}};
  if (rng_.Below(2) == 0) event.priority = static_cast<std::int64_t>(40 + rng_.Below(3));
  if (rng_.Below(2) == 0) event.weight = rng_.Below(2) == 0 ? 1 : 2;
  if (rng_.Below(2) == 0) {
    event.max_slots =
        rng_.Below(2) == 0 ? 0 : it->second + static_cast<std::int64_t>(rng_.Below(2));
  }
  if (rng_.Below(3) == 0) event.save_trial_best = static_cast<std::int64_t>(rng_.Below(3));
  if (rng_.Below(3) == 0) event.save_trial_latest = static_cast<std::int64_t>(rng_.Below(3));
  Apply(event);
}

void World::Drain(FakeNode& node) {
  const bool drain = rng_.Below(2) == 0;
  Apply(NodeDrainRequested{now_ms_, node.id(), drain, drain && rng_.Below(2) == 0});
}

void World::Act() {
  if (next_experiment_ == 1) return;
  const ExperimentId id(
      static_cast<std::int64_t>(1 + rng_.Below(static_cast<std::uint64_t>(next_experiment_))));
  constexpr Action kActions[] = {Action::kPause, Action::kPause,  Action::kResume,
                                 Action::kResume, Action::kCancel, Action::kKill};
  const Action action = kActions[rng_.Below(6)];
  const bool stops = action == Action::kCancel || action == Action::kKill;
  if (stops && rng_.Below(3) == 0) return Apply(ActionRequested{now_ms_, action, id, TrialId()});
  if (stops) {
    const TrialId trial(static_cast<std::int64_t>(1 + rng_.Below(40)));
    return Apply(ActionRequested{now_ms_, action, id, trial});
  }
  Apply(ActionRequested{now_ms_, action, id, TrialId()});
}

void World::Evaluate(bool calm) {
  if (!calm && rng_.Below(4) == 0) {
    const EnsembleId next = engine_.next_ensemble();
    EnsembleRequested event{now_ms_, next, "asked", Json::MakeObject({{"min_members", 1}}), {}};
    if (next.value > 1 && rng_.Below(2) == 0) {
      event.ensemble = EnsembleId(
          static_cast<std::int64_t>(1 + rng_.Below(static_cast<std::uint64_t>(next.value - 1))));
    }
    const auto trial = static_cast<std::int64_t>(1 + rng_.Below(20));
    event.members.push_back({TrialId(trial), ""});
    return Apply(event);
  }
  if (evaluations_.empty()) return;
  const auto chosen =
      evaluations_.begin() + static_cast<std::ptrdiff_t>(rng_.Below(evaluations_.size()));
  EnsembleEvaluated event{now_ms_, chosen->ensemble, rng_.Below(3) != 0, "", chosen->members};
  if (!event.ok) event.message = "bad luck";
  evaluations_.erase(chosen);
  Apply(event);
}

void World::Task() {
  if (!tasks_.empty() && rng_.Below(3) == 0) {
    return Apply(TaskCancelled{now_ms_, *tasks_.begin()});
  }
  TaskRequested event{now_ms_, engine_.next_task(), {}, "", "sha", "", Json::MakeObject({})};
  event.trial = TrialId(static_cast<std::int64_t>(1 + rng_.Below(20)));
  event.checkpoint_name = "c" + std::to_string(1 + rng_.Below(20));
  event.work.Set("kind", "predict");
  if (rng_.Below(2) == 0) event.config = "{}";
  tasks_.insert(event.task);
  Apply(event);
}

}  // namespace tutti::engine
