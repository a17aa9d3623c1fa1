#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"
#include "experiments/core/rng.h"

namespace tutti::engine {

// A worker as the protocol allows it to behave: it gets desired states late or not at all, starts,
// trains, reports in order, crashes, loses its session, comes back with or without its gangs, and
// repeats itself. All randomness comes from the caller's Rng.
class FakeNode {
 public:
  struct Luck {
    double failure = 0;  // of an attempt, per step
    double crash = 0;    // of a gang without a word, per step
  };
  FakeNode(NodeId id, std::int64_t slots, std::int64_t epochs)
      : id_(id), slots_(slots), epochs_(epochs) {}

  // What it says of itself when it connects.
  std::map<std::string, std::string> labels;
  bool spans_nodes = false;
  // Of each slot, and what a trial uses: so many gangs of one experiment may share a slot.
  static constexpr std::int64_t kSlotBytes = 1000, kTrialBytes = 300, kMostSharing = 3;

  NodeId id() const { return id_; }
  bool connected() const { return connected_; }
  std::int64_t slots() const { return slots_; }

  // ---- the session ----
  NodeJoined Connect(std::int64_t at_ms);
  // What was said and not heard is said again after the next Connect, but for old node reports.
  void Disconnect();
  // Every process of the worker is gone, and what it had not sent yet.
  void KillProcesses();
  // Its gangs are gone; what they have reported is kept.
  void KillGangs() { gangs_.clear(); }
  void Receive(const SetDesired& desired);
  // The next thing it says, if any.
  bool has_message() const { return connected_ && !outbox_.empty(); }
  Event NextMessage(std::int64_t at_ms);
  // Says its whole state, as a heartbeat does.
  void Heartbeat();

  // ---- its own work: one thing at a time ----
  void Step(Rng& rng, const Luck& luck, std::int64_t& next_checkpoint);

  // Sentences about orders that a worker must never get (two gangs on one slot, …).
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct Task {
    AttemptOrder order;
    bool started = false;
    std::int64_t epoch = 0;
  };
  struct Gang {
    AllocationOrder order;
    NodeReported::Allocation::State state = NodeReported::Allocation::State::kStarting;
    std::deque<Task> tasks;
    std::set<AttemptId> known;
    ExperimentId experiment;  // of its first attempt
    bool trained = false;
  };
  void Adopt(const AllocationOrder& order);
  void Obey(Gang& gang, const AllocationOrder& order);
  void Work(Gang& gang, Rng& rng, const Luck& luck, std::int64_t& next_checkpoint);
  void Say(Event event) { outbox_.push_back(std::move(event)); }
  void Exit(Gang& gang, Outcome outcome, FailureClass failure, const std::string& message);

  NodeId id_;
  std::int64_t slots_;
  std::int64_t epochs_;
  bool connected_ = false;
  bool desired_waiting_ = false;
  SetDesired desired_;
  std::map<AllocationId, Gang> gangs_;
  std::deque<Event> outbox_;
  std::vector<std::string> complaints_;
};

}  // namespace tutti::engine
