#include "tests/coordinator/engine/random_world.h"

#include <gtest/gtest.h>

#include <utility>

namespace tutti::engine {
namespace {

constexpr EngineSettings kSettings{.idle_allocation_ms = 5'000, .attempts_ahead = 2};

std::vector<std::string> Texts(const std::vector<Command>& commands) {
  std::vector<std::string> texts;
  for (const Command& command : commands) texts.push_back(ToJson(command).Dump());
  return texts;
}

}  // namespace

World::World(std::uint64_t seed, bool record) : rng_(seed), engine_(kSettings), record_(record) {
  const auto nodes = static_cast<std::int64_t>(1 + rng_.Below(4));
  for (std::int64_t i = 1; i <= nodes; ++i) {
    nodes_.emplace_back(NodeId(i), static_cast<std::int64_t>(1 + rng_.Below(4)), 3);
    if (rng_.Below(2) == 0) nodes_.back().labels["zone"] = rng_.Below(2) == 0 ? "a" : "b";
    nodes_.back().spans_nodes = rng_.Below(3) != 0;
  }
}

void World::Run(int steps) {
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

void World::ExpectReplaysAlike() const {
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

void World::ExpectRestoredAlike(std::uint64_t seed) const {
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

void World::Apply(const Event& event) {
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

void World::CheckTrial(const PersistTrial& row) {
  static const std::set<std::string> kTerminal = {"COMPLETED", "STOPPED", "CANCELLED", "ERROR"};
  held_ += row.state == "HELD" ? 1 : 0;
  std::string& state = trial_states_[row.trial];
  EXPECT_TRUE(!kTerminal.contains(state) || state == row.state) << "left " << state;
  if (state != row.state && kTerminal.contains(row.state)) ++endings_[row.state];
  state = row.state;
}

void World::CheckAttempt(const PersistAttempt& row) {
  EXPECT_TRUE(row.kind == "train" || row.kind == "evaluate") << row.kind;
  const auto [it, fresh] = fences_.try_emplace(row.attempt, row.fence);
  EXPECT_EQ(it->second, row.fence);
  if (!fresh) return;
  EXPECT_EQ(row.fence, ++newest_fence_[row.trial]) << "a fence grows by one per attempt";
  EXPECT_GT(row.attempt, newest_attempt_);
  newest_attempt_ = row.attempt;
}

void World::Deliver(FakeNode& node) {
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

void World::BreakSession(FakeNode& node) {
  if (!node.connected()) return Join(node);
  node.Disconnect();
  if (rng_.Below(3) == 0) node.KillProcesses();
  if (rng_.Below(8) != 0) Apply(NodeUnreachable{now_ms_, node.id()});
}

void World::Join(FakeNode& node) {
  last_report_.erase(node.id());
  Apply(node.Connect(now_ms_));
}

void World::Lose(FakeNode& node) {
  if (node.connected()) return;
  node.KillGangs();  // self_kill_after is below lost_after
  Apply(NodeLost{now_ms_, node.id()});
}

void World::Disturb() {
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

AttemptId World::AttemptOf(const Event& event) {
  if (const auto* e = std::get_if<AttemptStarted>(&event)) return e->attempt;
  if (const auto* e = std::get_if<MetricReported>(&event)) return e->attempt;
  if (const auto* e = std::get_if<CheckpointCommitted>(&event)) return e->attempt;
  if (const auto* e = std::get_if<AttemptExited>(&event)) return e->attempt;
  return AttemptId();
}

void World::Calm() {
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

std::string World::WhatWaits() const {
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

bool World::Finished() const {
  if (!tasks_.empty() || !engine_.OpenTasks().empty()) return false;
  if (!engine_.OpenEvaluations().empty()) return false;
  for (const ExperimentId id : engine_.Experiments()) {
    const std::string state = engine_.View(id)->row.state;
    if (state != "COMPLETED" && state != "CANCELLED" && state != "ERROR") return false;
  }
  return true;
}

}  // namespace tutti::engine
