#include "coordinator/service/engine_journal.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

namespace tutti {

void EngineJournal::Append(std::int64_t at_ms, const engine::Event& event,
                           std::vector<engine::Command> commands,
                           std::vector<storage::WriteItem>& items,
                           std::vector<engine::Command>& leaving) {
  for (const engine::Command& command : commands) {
    if (!std::holds_alternative<engine::LogEvent>(command)) leaving.push_back(command);
  }
  items.push_back(storage::JournalEntry{at_ms, engine::ToJson(event), std::move(commands)});
}

void EngineJournal::Send(std::vector<storage::WriteItem> items,
                         std::vector<engine::Command> leaving, std::function<void()> on_committed,
                         std::int64_t entries) {
  writer_.Submit(std::move(items), [this, commands = std::move(leaving),
                                    done = std::move(on_committed)]() mutable {
    for (engine::Command& command : commands) on_committed_(command);
    if (done) done();
  });
  since_snapshot_ += entries;
  if (since_snapshot_ >= snapshot_every_) SaveSnapshot();
}

void EngineJournal::Commit(Change change) {
  std::vector<storage::WriteItem> items = std::move(change.before);
  std::vector<engine::Command> leaving;
  for (const engine::Event& event : change.events) {
    const std::int64_t at_ms = std::visit([](const auto& e) { return e.at_ms; }, event);
    Append(at_ms, event, engine_.Apply(event), items, leaving);
  }
  if (change.after) change.after(items);
  Send(std::move(items), std::move(leaving), std::move(change.on_committed),
       static_cast<std::int64_t>(change.events.size()));
}

void EngineJournal::Tick(std::int64_t at_ms) {
  const engine::Event event = engine::Tick{at_ms};
  std::vector<engine::Command> commands = engine_.Apply(event);
  if (commands.empty()) return;
  std::vector<storage::WriteItem> items;
  std::vector<engine::Command> leaving;
  Append(at_ms, event, std::move(commands), items, leaving);
  Send(std::move(items), std::move(leaving), {}, 1);
}

void EngineJournal::SaveSnapshot() {
  since_snapshot_ = 0;
  writer_.SaveSnapshot(engine_.Snapshot(), engine::kEngineVersion);
}

std::int64_t WallMs() {
  static std::atomic<std::int64_t> newest{0};
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  std::int64_t seen = newest.load();
  while (seen < now && !newest.compare_exchange_weak(seen, now)) {
  }
  return std::max(seen, now);
}

}  // namespace tutti
