#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/engine/engine.h"
#include "coordinator/simulation/bug.h"
#include "coordinator/simulation/fake_node.h"
#include "coordinator/simulation/scenario.h"
#include "coordinator/simulation/virtual_clock.h"
#include "experiments/core/rng.h"

namespace tutti::simulation {

struct JournalLine {
  engine::Event event;
  std::vector<engine::Command> commands;
};

// The production engine with what coordinator/service does around it: sessions, the numbers of
// reports, liveness of nodes, snapshots, and the answers to ensembles.
class FakeCoordinator {
 public:
  struct Hooks {
    std::function<void(NodeId, ToNode)> send;
    // After every event that was applied, with its commands.
    std::function<void(const engine::Event&, const std::vector<engine::Command>&)> on_applied;
    // A report that the engine is about to be told.
    std::function<void(const NumberedReport&)> on_report;
  };
  FakeCoordinator(VirtualClock& clock, const Weather& weather, std::int64_t snapshot_every,
                  Bug bug, Rng rng, Hooks hooks);

  const engine::Engine& engine() const { return engine_; }
  bool up() const { return up_; }
  // Kept only if asked for: it is large.
  void KeepJournal() { keep_journal_ = true; }
  const std::vector<JournalLine>& journal() const { return journal_; }

  void Apply(engine::Event event);
  void Receive(NodeId node, const ToCoordinator& message);
  void OnSessionEnded(NodeId node);
  void Tick();

  // The process dies; sessions are gone. Start replays the journal after the newest snapshot.
  void Stop();
  void Start();

 private:
  struct Session {
    bool open = false, lost = false, reported = false;
    std::int64_t last_contact_ms = 0;
    std::vector<engine::NodeReported::Allocation> allocations;
    std::optional<engine::SetDesired> desired;
  };
  void OnJoined(NodeId node, engine::NodeJoined event);
  void OnReported(NodeId node, engine::NodeReported event);
  void OnNumbered(NodeId node, NumberedReport report);
  void Act(const engine::Command& command);
  void SendDesired(NodeId node);
  void Mutate(engine::SetDesired& desired);

  VirtualClock& clock_;
  const Weather& weather_;
  const std::int64_t snapshot_every_;
  const Bug bug_;
  Rng rng_;
  Hooks hooks_;
  engine::Engine engine_;
  bool up_ = true;
  bool keep_journal_ = false;
  std::uint64_t incarnation_ = 1;
  std::map<NodeId, Session> sessions_;
  std::map<AttemptId, std::int64_t> last_seq_;
  std::int64_t next_checkpoint_ = 1;
  std::string snapshot_;              // newest; "": none yet
  std::vector<engine::Event> since_;  // journaled after it
  std::vector<JournalLine> journal_;
};

}  // namespace tutti::simulation
