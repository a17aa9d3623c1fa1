// What a scenario makes happen: submissions, actions, drains, failures, restarts.

#include <algorithm>
#include <utility>

#include "coordinator/simulation/world.h"
#include "experiments/search/searcher.h"

namespace tutti::simulation {
namespace {

std::int64_t MaxTime(const ExperimentConfig& config) {
  if (config.searcher.max_time > 0) return config.searcher.max_time;
  if (config.searcher.time_metric == "batches" && config.training.max_batches > 0) {
    return config.training.max_batches;
  }
  return std::max<std::int64_t>(config.training.epochs, 1);
}

}  // namespace

void World::Do(const Submit& step) {
  const ExperimentId id(next_experiment_++);
  auto config = ReadExperimentConfig(step.canonical);
  if (!config) {
    return invariants_.Violate(clock_.now_ms(), "experiment " + ToString(id) +
                                                    " of the scenario: " +
                                                    config.error().ToString());
  }
  ExperimentFacts& facts = facts_[id];
  facts.model = step.model;
  facts.max_time = MaxTime(*config);
  // 0 with batches: as often as the trainer likes.
  facts.validation_period =
      config->min_validation_period > 0 ? config->min_validation_period
      : config->searcher.time_metric == "epochs" ? 1
                                                 : std::max<std::int64_t>(facts.max_time / 20, 1);
  facts.counts_epochs = config->searcher.time_metric == "epochs";
  facts.metric = config->searcher.metric;
  facts.smaller_is_better = config->searcher.smaller_is_better;
  facts.max_per_slot = std::max<std::int64_t>(config->resources.max_per_slot, 1);
  stuck_after_ms_ =
      std::max(stuck_after_ms_, 4 * facts.validation_period * step.model.unit_ms + 600'000);
  std::int64_t expected = 0;
  // pbt makes up for members that were lost, so that it has no bound of its own.
  auto made = search::MakeSearcher(*config);
  if (made && config->searcher.name != "pbt") expected = (*made)->expected_configurations();
  invariants_.OnSubmitted(id, *config, step.model, facts.max_time, expected);
  engine::ExperimentSubmitted event{0, id, step.canonical};
  const SearcherConfig& searcher = config->searcher;
  if (options_.bug == Bug::kTooManyTrials) {
    event.canonical.SetPath("searcher.max_trials", searcher.max_trials + 1);
  } else if (options_.bug == Bug::kTooManyAtOnce && searcher.max_concurrent_trials > 0) {
    event.canonical.SetPath("searcher.max_concurrent_trials", searcher.max_concurrent_trials + 1);
  } else if (options_.bug == Bug::kTooManySlots) {
    event.canonical.SetPath("resources.max_slots", Json());
  } else if (options_.bug == Bug::kNoPriorities) {
    event.canonical.SetPath("resources.priority", 42);
  } else if (options_.bug == Bug::kNoWeights) {
    event.canonical.SetPath("resources.weight", 1.0);
  }
  coordinator_.Apply(std::move(event));
}

void World::Do(const Act& step) {
  engine::ActionRequested event{0, step.action, ExperimentId(step.experiment), TrialId()};
  if (step.trial_no > 0) {
    const engine::PersistTrial* row = ledger_.FindTrial(step.experiment, step.trial_no);
    if (row == nullptr) return;  // not created yet: the service would have said so
    event.trial = row->trial;
  }
  if (facts_.contains(event.experiment)) coordinator_.Apply(event);
}
void World::Do(const Change& step) {
  if (facts_.contains(step.settings.experiment)) coordinator_.Apply(step.settings);
}
void World::Do(const Drain& step) {
  const Machine* machine = Find(step.node);
  if (machine == nullptr) return;
  coordinator_.Apply(engine::NodeDrainRequested{0, machine->node->id(), step.drain, step.now});
}

void World::Do(const Disconnect& step) {
  Machine* machine = Find(step.node);
  if (machine == nullptr || !machine->up) return;
  const NodeId id = machine->node->id();
  CutOff(*machine);
  clock_.After(Latency(), [this, id, session = machine->session] {
    if (machines_.at(id).session == session) coordinator_.OnSessionEnded(id);
  });
  clock_.After(step.for_ms, [this, id] { Connect(machines_.at(id)); });
}

void World::Do(const CrashNode& step) {
  Machine* machine = Find(step.node);
  if (machine == nullptr || !machine->up) return;
  const NodeId id = machine->node->id();
  CutOff(*machine);
  machine->node->Crash();
  clock_.After(Latency(), [this, id, session = machine->session] {
    if (machines_.at(id).session == session) coordinator_.OnSessionEnded(id);
  });
  if (step.for_ms < 0) return;
  clock_.After(step.for_ms, [this, id] { Connect(machines_.at(id)); });
}

void World::Do(const CrashTrial& step) {
  const engine::PersistTrial* row = ledger_.FindTrial(step.experiment, step.trial_no);
  if (row == nullptr) return;
  const TrialId trial = row->trial;
  for (auto& [id, machine] : machines_) {
    if (machine.node->Fail(trial, step.failure)) return;
  }
}

void World::Do(const RestartCoordinator& step) {
  if (!coordinator_.up()) return;
  coordinator_.Stop();
  for (auto& [id, machine] : machines_) {
    const bool up = machine.up;
    CutOff(machine);
    machine.up = up;
  }
  clock_.After(step.for_ms, [this] {
    coordinator_.Start();
    for (auto& [id, machine] : machines_) {
      if (!machine.up) continue;
      clock_.After(Latency(), [this, node = id] {
        if (machines_.at(node).up) Connect(machines_.at(node));
      });
    }
  });
}

void World::Happen(const Happening& what) {
  // People and machines wait for a coordinator that is down.
  if (!coordinator_.up()) {
    ++steps_left_;
    clock_.After(1'000, [this, &what] {
      --steps_left_;
      Happen(what);
    });
    return;
  }
  std::visit([this](const auto& step) { Do(step); }, what);
}

}  // namespace tutti::simulation
