// Goal: whatever the protocol allows to happen, the invariants hold, every experiment, ensemble and
// task ends (tasks exactly once), and the engine is a pure function of its events: a replay of the
// journal and an engine restored from a snapshot at any point give the same commands.
// Method: random experiments on fake workers (fake_node.h) that fail, vanish, come back and repeat
// themselves; the engine is audited after every event. The seed is printed; TUTTI_ENGINE_SEED=N
// runs that one alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/engine.h"
#include "experiments/core/rng.h"
#include "tests/coordinator/engine/documents.h"
#include "tests/coordinator/engine/fake_node.h"

namespace tutti::engine {
namespace {

constexpr EngineSettings kSettings{.idle_allocation_ms = 5'000, .attempts_ahead = 2};

std::vector<std::string> Texts(const std::vector<Command>& commands) {
  std::vector<std::string> texts;
  for (const Command& command : commands) texts.push_back(ToJson(command).Dump());
  return texts;
}

// One run: the production engine, fake workers, and people who pause and cancel.
class World {
 public:
  // `record`: keep journal and commands, for the checks after the run.
  World(std::uint64_t seed, bool record) : rng_(seed), engine_(kSettings), record_(record) {
    const auto nodes = static_cast<std::int64_t>(1 + rng_.Below(4));
    for (std::int64_t i = 1; i <= nodes; ++i) {
      nodes_.emplace_back(NodeId(i), static_cast<std::int64_t>(1 + rng_.Below(4)), 3);
      if (rng_.Below(2) == 0) nodes_.back().labels["zone"] = rng_.Below(2) == 0 ? "a" : "b";
      nodes_.back().spans_nodes = rng_.Below(3) != 0;
    }
  }

  void Run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) Disturb();
    calm_ = true;
    for (int step = 0; step < 60'000 && !Finished(); ++step) {
      if (testing::Test::HasFailure()) return;
      Calm();
    }
    EXPECT_TRUE(Finished()) << WhatWaits();
    for (const FakeNode& node : nodes_) {
      for (const std::string& complaint : node.complaints()) ADD_FAILURE() << complaint;
    }
  }

  // The journal through JSON, with and without the ticks that did nothing; and the snapshot.
  void ExpectReplaysAlike() const {
    Engine all(kSettings), without_ticks(kSettings);
    for (std::size_t i = 0; i < journal_.size(); ++i) {
      const auto event = EventFromJson(Json::Parse(journal_[i]).value());
      ASSERT_TRUE(event.ok()) << event.error().ToString();
      ASSERT_EQ(ToJson(*event).Dump(), journal_[i]);
      ASSERT_EQ(Texts(all.Apply(*event)), commands_[i]) << "event " << i << ' ' << journal_[i];
      const bool nothing = std::holds_alternative<Tick>(*event) && commands_[i].empty();
      if (!nothing) {
        ASSERT_EQ(Texts(without_ticks.Apply(*event)), commands_[i]);
      }
    }
    EXPECT_EQ(all.Snapshot().Dump(), engine_.Snapshot().Dump());
    EXPECT_EQ(without_ticks.Snapshot().Dump(), engine_.Snapshot().Dump());
  }
  // An engine that is stored and restored every few events, at random.
  void ExpectRestoredAlike(std::uint64_t seed) const {
    Rng rng = Rng(seed).Split("restore");
    Engine engine(kSettings);
    for (std::size_t i = 0; i < journal_.size(); ++i) {
      if (rng.Below(40) == 0) {
        const std::string text = engine.Snapshot().Dump();
        auto restored = Engine::Restore(Json::Parse(text).value(), kSettings);
        ASSERT_TRUE(restored.ok()) << restored.error().ToString();
        ASSERT_EQ(restored->Audit(), std::vector<std::string>());
        ASSERT_EQ(restored->Snapshot().Dump(), text);
        engine = std::move(restored).value();
      }
      const auto event = EventFromJson(Json::Parse(journal_[i]).value());
      ASSERT_EQ(Texts(engine.Apply(*event)), commands_[i]) << "event " << i << ' ' << journal_[i];
    }
    EXPECT_EQ(engine.Snapshot().Dump(), engine_.Snapshot().Dump());
  }
  std::size_t events() const { return events_; }
  int preempted() const { return preempted_; }
  int held() const { return held_; }
  int continued() const { return continued_; }
  const std::map<std::string, int>& endings() const { return endings_; }
  const std::map<std::string, int>& ensemble_endings() const { return ensemble_endings_; }
  int tasks_ended_well() const { return tasks_ended_well_; }

 private:
  void Apply(const Event& event) {
    const std::vector<Command> commands = engine_.Apply(event);
    ++events_;
    if (record_) {
      journal_.push_back(ToJson(event).Dump());
      commands_.push_back(Texts(commands));
    }
    for (const Command& command : commands) {
      if (const auto* desired = std::get_if<SetDesired>(&command)) {
        Node(desired->node).Receive(*desired);
      } else if (const auto* row = std::get_if<PersistTrial>(&command)) {
        CheckTrial(*row);
      } else if (const auto* attempt = std::get_if<PersistAttempt>(&command)) {
        CheckAttempt(*attempt);
      } else if (const auto* ensemble = std::get_if<PersistEnsemble>(&command)) {
        ++ensemble_endings_[ensemble->state];
      } else if (const auto* line = std::get_if<LogEvent>(&command)) {
        preempted_ += line->kind == "preempted" ? 1 : 0;
      } else if (const auto* evaluation = std::get_if<EvaluateEnsemble>(&command)) {
        evaluations_.push_back(*evaluation);
      } else if (const auto* task = std::get_if<TaskEnded>(&command)) {
        EXPECT_TRUE(tasks_.contains(task->task)) << "a task ended twice";
        tasks_.erase(task->task);
        tasks_ended_well_ += task->ok ? 1 : 0;
      }
    }
    for (const std::string& finding : engine_.Audit()) {
      ADD_FAILURE() << finding << " after event " << events_ - 1 << ' ' << ToJson(event).Dump();
    }
  }
  // Rows only move forward.
  void CheckTrial(const PersistTrial& row) {
    static const std::set<std::string> kTerminal = {"COMPLETED", "STOPPED", "CANCELLED", "ERROR"};
    held_ += row.state == "HELD" ? 1 : 0;
    std::string& state = trial_states_[row.trial];
    EXPECT_TRUE(!kTerminal.contains(state) || state == row.state) << "left " << state;
    if (state != row.state && kTerminal.contains(row.state)) ++endings_[row.state];
    state = row.state;
  }
  void CheckAttempt(const PersistAttempt& row) {
    EXPECT_TRUE(row.kind == "train" || row.kind == "evaluate") << row.kind;
    const auto [it, fresh] = fences_.try_emplace(row.attempt, row.fence);
    EXPECT_EQ(it->second, row.fence);
    if (!fresh) return;
    EXPECT_EQ(row.fence, ++newest_fence_[row.trial]) << "a fence grows by one per attempt";
    EXPECT_GT(row.attempt, newest_attempt_);
    newest_attempt_ = row.attempt;
  }

  FakeNode& Node(NodeId id) { return nodes_[static_cast<std::size_t>(id.value - 1)]; }
  FakeNode& AnyNode() { return nodes_[rng_.Below(nodes_.size())]; }

  // The event loop's filter: a node report that says nothing new is left out.
  void Deliver(FakeNode& node) {
    if (!node.has_message()) return;
    const Event event = node.NextMessage(now_ms_);
    if (const auto* report = std::get_if<NodeReported>(&event)) {
      const auto last = last_report_.find(node.id());
      const bool news = last == last_report_.end() || last->second != report->allocations;
      if (!news && !engine_.AwaitsReport(node.id())) return;
      last_report_[node.id()] = report->allocations;
    } else if (!calm_ && rng_.Below(20) == 0) {
      old_.push_back(event);
    }
    Apply(event);
  }

  void Submit() {
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
  // Half of the experiments stop trials early, hold them, or copy their checkpoints.
  void RandomSearcher(Json& document) {
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
  void Continue() {
    if (documents_.empty() || continued_ == 5) return;
    auto it = documents_.begin();
    std::advance(it, rng_.Below(documents_.size()));
    const ExperimentView view = engine_.View(it->first).value();
    if (view.row.state != "CANCELLED" && view.row.state != "ERROR") return;
    ++continued_;
    for (const TrialView& trial : view.trials) trial_states_.erase(trial.row.trial);
    Apply(ExperimentContinued{now_ms_, it->first, it->second});
  }
  // When everybody is there.
  bool CanFit(const DocumentOptions& options) const {
    std::int64_t largest = 0, spanning = 0;
    for (const FakeNode& node : nodes_) {
      if (!options.labels.empty() && node.labels != options.labels) continue;
      largest = std::max(largest, node.slots());
      spanning += node.spans_nodes ? node.slots() : 0;
    }
    const std::int64_t world = std::max<std::int64_t>(options.slots_per_trial, 1);
    return world <= largest || (!options.single_node && world <= spanning);
  }
  void ChangeSettings() {
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
  void Drain(FakeNode& node) {
    const bool drain = rng_.Below(2) == 0;
    Apply(NodeDrainRequested{now_ms_, node.id(), drain, drain && rng_.Below(2) == 0});
  }

  void Act() {
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

  // The service's side of ensembles: one evaluation ends, or somebody asks for one.
  void Evaluate(bool calm) {
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
  void Task() {
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

  void BreakSession(FakeNode& node) {
    if (!node.connected()) return Join(node);
    node.Disconnect();
    if (rng_.Below(3) == 0) node.KillProcesses();
    if (rng_.Below(8) != 0) Apply(NodeUnreachable{now_ms_, node.id()});
  }
  void Join(FakeNode& node) {
    last_report_.erase(node.id());
    Apply(node.Connect(now_ms_));
  }
  void Lose(FakeNode& node) {
    if (node.connected()) return;
    node.KillGangs();  // self_kill_after is below lost_after
    Apply(NodeLost{now_ms_, node.id()});
  }

  void Disturb() {
    now_ms_ += static_cast<std::int64_t>(rng_.Below(500));
    FakeNode& node = AnyNode();
    const std::uint64_t dice = rng_.Below(1000);
    if (dice < 450) {
      node.Step(rng_, {.failure = 0.02, .crash = 0.005}, next_checkpoint_);
    } else if (dice < 850) {
      Deliver(node);
    } else if (dice < 870) {
      Submit();
    } else if (dice < 874) {
      ChangeSettings();
    } else if (dice < 876) {
      for (int tries = 0; tries < 5; ++tries) Continue();
    } else if (dice < 877) {
      Drain(node);
    } else if (dice < 880) {
      Act();
    } else if (dice < 900) {
      BreakSession(node);
    } else if (dice < 910) {
      Lose(node);
    } else if (dice < 950) {
      Apply(Tick{now_ms_});
    } else if (dice < 970) {
      if (node.connected()) node.Heartbeat();
    } else if (dice < 980) {
      Task();
    } else if (dice < 990) {
      Evaluate(false);
    } else if (!old_.empty()) {
      // A duplicate of something said long ago; only of attempts that have ended since, as the
      // sequence check stops the others.
      const Event event = old_[rng_.Below(old_.size())];
      if (!engine_.FindLive(AttemptOf(event))) Apply(event);
    }
  }

  static AttemptId AttemptOf(const Event& event) {
    if (const auto* e = std::get_if<AttemptStarted>(&event)) return e->attempt;
    if (const auto* e = std::get_if<MetricReported>(&event)) return e->attempt;
    if (const auto* e = std::get_if<CheckpointCommitted>(&event)) return e->attempt;
    if (const auto* e = std::get_if<AttemptExited>(&event)) return e->attempt;
    return AttemptId();
  }

  // No more bad luck: everybody comes back and what is paused goes on.
  void Calm() {
    now_ms_ += 50;
    FakeNode& node = AnyNode();
    if (!node.connected()) Join(node);
    if (rng_.Below(50) == 0) Apply(NodeDrainRequested{now_ms_, node.id(), false, false});
    for (const ExperimentId id : engine_.Experiments()) {
      if (engine_.View(id)->row.state == "PAUSED") {
        Apply(ActionRequested{now_ms_, Action::kResume, id, TrialId()});
      }
    }
    if (rng_.Below(20) == 0) node.Heartbeat();
    if (rng_.Below(5) == 0) Evaluate(true);
    node.Step(rng_, {}, next_checkpoint_);
    Deliver(node);
  }
  std::string WhatWaits() const {
    std::string text;
    for (const ExperimentId id : engine_.Experiments()) {
      for (const std::string& line : engine_.Why(id)) {
        text += "experiment " + ToString(id) + ": " + line + "\n";
      }
    }
    const Json snapshot = engine_.Snapshot();
    for (const char* key : {"nodes", "allocations", "attempts"}) {
      text += std::string(key) + ": " + snapshot.Find(key)->Dump() + "\n";
    }
    return text.substr(0, 20'000);
  }
  bool Finished() const {
    if (!tasks_.empty() || !engine_.OpenTasks().empty()) return false;
    if (!engine_.OpenEvaluations().empty()) return false;
    for (const ExperimentId id : engine_.Experiments()) {
      const std::string state = engine_.View(id)->row.state;
      if (state != "COMPLETED" && state != "CANCELLED" && state != "ERROR") return false;
    }
    return true;
  }

  Rng rng_;
  Engine engine_;
  std::deque<FakeNode> nodes_;
  std::int64_t now_ms_ = 1'000'000;
  std::int64_t next_experiment_ = 1, next_checkpoint_ = 1;
  bool calm_ = false;
  bool record_;
  std::size_t events_ = 0;
  int preempted_ = 0;
  std::map<ExperimentId, std::int64_t> worlds_;  // gangs' sizes
  std::vector<std::string> journal_;
  std::vector<std::vector<std::string>> commands_;
  std::vector<Event> old_;
  std::map<NodeId, std::vector<NodeReported::Allocation>> last_report_;
  std::map<TrialId, std::string> trial_states_;
  std::map<ExperimentId, Json> documents_;
  int continued_ = 0, held_ = 0;
  std::map<AttemptId, std::int64_t> fences_;
  std::map<TrialId, std::int64_t> newest_fence_;
  AttemptId newest_attempt_;
  std::map<std::string, int> endings_, ensemble_endings_;
  std::vector<EvaluateEnsemble> evaluations_;  // ordered and not answered
  std::set<TaskId> tasks_;                     // asked for and not ended
  int tasks_ended_well_ = 0;
};

TEST(EngineProperty, RandomRunsKeepTheInvariantsEndAndReplayExactly) {
  std::uint64_t first = 1, count = 8;
  if (const char* only = std::getenv("TUTTI_ENGINE_SEED")) {
    first = std::strtoull(only, nullptr, 10);
    count = 1;
  }
  std::map<std::string, int> endings, ensembles;
  std::size_t events = 0;
  int tasks = 0, preempted = 0, held = 0, continued = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("TUTTI_ENGINE_SEED=" + std::to_string(seed));
    World world(seed, true);
    world.Run(1500);
    held += world.held();
    continued += world.continued();
    if (HasFailure()) return;
    world.ExpectReplaysAlike();
    world.ExpectRestoredAlike(seed);
    if (HasFailure()) return;
    events += world.events();
    for (const auto& [state, n] : world.endings()) endings[state] += n;
    for (const auto& [state, n] : world.ensemble_endings()) ensembles[state] += n;
    tasks += world.tasks_ended_well();
    preempted += world.preempted();
  }
  std::string text = "seeds " + std::to_string(first) + " to " + std::to_string(first + count - 1) +
                     ", " + std::to_string(events) + " events;";
  for (const auto& [state, n] : endings) text += ' ' + state + ' ' + std::to_string(n);
  text += "; ensembles:";
  for (const auto& [state, n] : ensembles) text += ' ' + state + ' ' + std::to_string(n);
  text += "; tasks: " + std::to_string(tasks) + "; preempted: " + std::to_string(preempted);
  std::printf("%s\n", text.c_str());
  if (count > 1) {
    EXPECT_GT(endings["COMPLETED"], 0);
    EXPECT_GT(endings["CANCELLED"], 0);
    EXPECT_GT(endings["ERROR"], 0);
    EXPECT_GT(ensembles["COMPLETED"], 0);
    EXPECT_GT(ensembles["FAILED"], 0);
    EXPECT_GT(tasks, 0);
    EXPECT_GT(preempted, 0);
    EXPECT_GT(held, 0);
    EXPECT_GT(continued, 0);
  }
}

// Many short runs: invariants after each event, and everything that can end has ended.
TEST(EngineProperty, ManyShortRunsKeepTheInvariantsAndEnd) {
  std::uint64_t first = 1, count = 200;
  if (const char* only = std::getenv("TUTTI_ENGINE_SEED")) {
    first = std::strtoull(only, nullptr, 10);
    count = 1;
  } else if (const char* seeds = std::getenv("TUTTI_ENGINE_SEEDS")) {
    count = std::strtoull(seeds, nullptr, 10);
  }
  std::size_t events = 0;
  int preempted = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("TUTTI_ENGINE_SEED=" + std::to_string(seed));
    World world(seed, false);
    world.Run(100);
    if (HasFailure()) return;
    events += world.events();
    preempted += world.preempted();
  }
  std::printf("seeds %llu to %llu, %zu events, %d preempted\n",
              static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + count - 1), events, preempted);
  EXPECT_TRUE(count == 1 || preempted > 0);
}

}  // namespace
}  // namespace tutti::engine
