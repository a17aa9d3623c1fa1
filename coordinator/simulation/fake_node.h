#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"
#include "coordinator/simulation/bug.h"
#include "coordinator/simulation/scenario.h"
#include "coordinator/simulation/virtual_clock.h"
#include "experiments/core/rng.h"

namespace tutti::simulation {

// A report of an attempt with its number; `event.at_ms` is set when it arrives.
struct NumberedReport {
  AttemptId attempt;
  std::int64_t seq = 0;
  engine::Event event;
};
using ToCoordinator = std::variant<engine::NodeJoined, engine::NodeReported, NumberedReport>;
struct Ack {
  AttemptId attempt;
  std::int64_t seq = 0;
};
using ToNode = std::variant<engine::SetDesired, Ack>;

// What a fake node must know of an experiment.
struct ExperimentFacts {
  TrialModel model;
  std::int64_t max_time = 1;           // of a trial, in units
  std::int64_t validation_period = 1;  // units
  bool counts_epochs = true;
  std::string metric;  // the searcher's; reported even if the curve does not have it
  bool smaller_is_better = true;
  std::int64_t max_per_slot = 1;
};

// Where a checkpoint stands: thousandths of a unit that were trained.
using Checkpoints = std::map<std::string, std::int64_t>;

// What all fake nodes share.
struct NodeWorld {
  VirtualClock* clock = nullptr;
  const Weather* weather = nullptr;
  Bug bug = Bug::kNone;
  Checkpoints* checkpoints = nullptr;
  std::function<const ExperimentFacts&(ExperimentId)> facts;
  std::function<Json(TrialId)> hparams;
  std::function<void(NodeId, ToCoordinator)> send;  // if connected
  // The other parts of a gang must hear when one is ready or gone.
  std::function<void(NodeId, AllocationId)> part_changed;
  // Whether every part of the gang is ready.
  std::function<bool(const engine::AllocationOrder&)> whole;
  // What really happens, for the invariants.
  std::function<void(const engine::AttemptOrder&, std::int64_t position)> on_begin;
  std::function<void(AttemptId)> on_end;
  std::function<void(AttemptId, std::int64_t position)> on_trained;
  std::function<void(std::string)> complain;
};

// A worker with its trainers, as the protocol allows it to behave. All it does is planned on the
// virtual clock; all chance comes from its own stream of random numbers.
class FakeNode {
 public:
  FakeNode(NodeId id, NodeSpec spec, NodeWorld& world, Rng rng)
      : id_(id), spec_(std::move(spec)), world_(world), rng_(rng) {}

  NodeId id() const { return id_; }
  const NodeSpec& spec() const { return spec_; }
  bool connected() const { return connected_; }

  // ---- the session ----
  void Connect();     // says hello, what runs here, and what was not acknowledged
  void Disconnect();  // what runs goes on, up to self_kill_after
  void Crash();       // every process is gone, and what it had not delivered
  void Receive(const ToNode& message);
  void Heartbeat();

  // ---- gangs ----
  bool PartReady(AllocationId allocation) const;
  bool HasPart(AllocationId allocation) const { return gangs_.contains(allocation); }
  // Another part of the gang has become ready, or is gone.
  void OnPeerReady(AllocationId allocation) { Advance(allocation); }
  void OnPeerGone(AllocationId allocation);
  // The attempt that trains now fails. False: it is not here.
  bool Fail(TrialId trial, engine::FailureClass failure);

 private:
  using GangState = engine::NodeReported::Allocation::State;
  struct Run {
    engine::AttemptOrder order;
    Json hparams;
    std::int64_t seq = 0;
    bool begun = false, started = false, stopping = false;
    std::int64_t position = 0;   // thousandths of a unit
    std::int64_t target = 0;     // the position that the present stretch of training leads to
    std::int64_t since_ms = 0;   // when it began
    engine::Outcome outcome = engine::Outcome::kCompleted;  // once it is stopping
    std::int64_t unit_ms = 0;
    std::uint64_t plan = 0;      // number of what is planned next; older plans are void
  };
  struct Gang {
    engine::AllocationOrder order;
    GangState state = GangState::kStarting;
    std::deque<Run> runs;
    std::set<AttemptId> known;
    std::int64_t peak_memory_bytes = 0;
    std::string message;
  };

  void Reconcile(const engine::SetDesired& desired);
  void Adopt(const engine::AllocationOrder& order);
  void Obey(Gang& gang, const engine::AllocationOrder& order);
  void CheckSlots(const engine::AllocationOrder& order);
  void Let(AllocationId id);  // give up a released gang

  // ---- the front attempt of a gang ----
  void Advance(AllocationId id);  // begins it if it can
  void Begin(AllocationId id, Run& run);
  void Plan(AllocationId id, std::int64_t delay_ms, void (FakeNode::*what)(AllocationId, Run&));
  void OnStarted(AllocationId id, Run& run);
  void TrainOn(AllocationId id, Run& run);
  void OnPoint(AllocationId id, Run& run);  // a validation is due
  void EndSoon(AllocationId id, Run& run, engine::Outcome outcome);
  void OnDone(AllocationId id, Run& run);
  void HearStop(AllocationId id, Run& run);
  std::int64_t NextPoint(const Run& run) const;
  std::int64_t EndOf(const Run& run) const;
  std::map<std::string, double> MetricsOf(const Run& run) const;
  void CatchUp(Run& run) const;
  void Commit(Run& run);
  void Exit(AllocationId id, engine::Outcome outcome,
            engine::FailureClass failure = engine::FailureClass::kNone,
            const std::string& message = "");
  void EndGang(AllocationId id, const std::string& message);
  void Forget(Gang& gang);  // its attempts run no more

  void Say(Run& run, engine::Event event);
  void Post(NumberedReport report);

  NodeId id_;
  NodeSpec spec_;
  NodeWorld& world_;
  Rng rng_;
  bool connected_ = false;
  std::uint64_t session_ = 0;
  std::uint64_t next_plan_ = 1;
  std::int64_t next_checkpoint_ = 1;
  std::map<AllocationId, Gang> gangs_;
  std::deque<NumberedReport> spool_;  // not acknowledged
};

}  // namespace tutti::simulation
