#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "coordinator/engine/engine.h"
#include "coordinator/service/writer.h"

// The engine behind its journal: an event is applied, its rows and its journal entry go to the
// writer as one transaction, and only after the commit do its commands leave. Event loop's thread.

namespace tutti {

class EngineJournal {
 public:
  // Called for every command after its transaction, in order.
  // It may take what the command holds.
  using CommandSink = std::function<void(engine::Command&)>;

  EngineJournal(engine::Engine engine, Writer& writer, std::int64_t snapshot_every)
      : engine_(std::move(engine)), writer_(writer), snapshot_every_(snapshot_every) {}

  // REQUIRES: before the first Commit.
  void SetSink(CommandSink on_committed) { on_committed_ = std::move(on_committed); }

  const engine::Engine& engine() const { return engine_; }

  // All of it is one transaction, in the order before, journal entries, after.
  struct Change {
    std::vector<storage::WriteItem> before;  // reports: events refer to their rows
    std::vector<engine::Event> events;
    // Called when the events have been applied: a reply may speak of the new state.
    std::function<void(std::vector<storage::WriteItem>&)> after;
    std::function<void()> on_committed;  // after the commands have left
  };
  void Commit(Change change);
  void Commit(engine::Event event) { Commit(Change{{}, {std::move(event)}, {}, {}}); }

  // Journaled only if it yields commands.
  void Tick(std::int64_t at_ms);
  void SaveSnapshot();

 private:
  void Append(std::int64_t at_ms, const engine::Event& event, std::vector<engine::Command> commands,
              std::vector<storage::WriteItem>& items, std::vector<engine::Command>& leaving);
  void Send(std::vector<storage::WriteItem> items, std::vector<engine::Command> leaving,
            std::function<void()> on_committed, std::int64_t entries);

  engine::Engine engine_;
  Writer& writer_;
  const std::int64_t snapshot_every_;
  std::int64_t since_snapshot_ = 0;
  CommandSink on_committed_;
};

// Unix milliseconds, for display and as time for the engine; never goes back in one process.
std::int64_t WallMs();

}  // namespace tutti
