#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/engine.h"
#include "experiments/core/rng.h"
#include "tests/coordinator/engine/documents.h"
#include "tests/coordinator/engine/fake_node.h"

namespace tutti::engine {

// One random run: the production engine, fake workers that fail, vanish, come back and repeat
// themselves, and people who submit, pause, cancel and drain. The engine is audited after every
// event; what is wrong is a failure of the test.
class World {
 public:
  // `record`: keep journal and commands, for the checks after the run.
  World(std::uint64_t seed, bool record);

  void Run(int steps);

  // The journal through JSON, with and without the ticks that did nothing; and the snapshot.
  void ExpectReplaysAlike() const;
  // An engine that is stored and restored every few events, at random.
  void ExpectRestoredAlike(std::uint64_t seed) const;
  std::size_t events() const { return events_; }
  int preempted() const { return preempted_; }
  int held() const { return held_; }
  int continued() const { return continued_; }
  const std::map<std::string, int>& endings() const { return endings_; }
  const std::map<std::string, int>& ensemble_endings() const { return ensemble_endings_; }
  int tasks_ended_well() const { return tasks_ended_well_; }

 private:
  void Apply(const Event& event);
  // Rows only move forward.
  void CheckTrial(const PersistTrial& row);
  void CheckAttempt(const PersistAttempt& row);

  FakeNode& Node(NodeId id) { return nodes_[static_cast<std::size_t>(id.value - 1)]; }
  FakeNode& AnyNode() { return nodes_[rng_.Below(nodes_.size())]; }

  // The event loop's filter: a node report that says nothing new is left out.
  void Deliver(FakeNode& node);

  void Submit();
  // Half of the experiments stop trials early, hold them, or copy their checkpoints.
  void RandomSearcher(Json& document);
  void Continue();
  // When everybody is there.
  bool CanFit(const DocumentOptions& options) const;
  void ChangeSettings();
  void Drain(FakeNode& node);

  void Act();

  // The service's side of ensembles: one evaluation ends, or somebody asks for one.
  void Evaluate(bool calm);
  void Task();

  void BreakSession(FakeNode& node);
  void Join(FakeNode& node);
  void Lose(FakeNode& node);

  void Disturb();

  static AttemptId AttemptOf(const Event& event);

  // No more bad luck: everybody comes back and what is paused goes on.
  void Calm();
  std::string WhatWaits() const;
  bool Finished() const;

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

}  // namespace tutti::engine
