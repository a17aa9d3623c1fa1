#include "coordinator/service/restore.h"

#include <string>
#include <utility>

namespace tutti {

Result<Restored> RestoreEngine(const storage::RunStore::Journal& journal,
                               const engine::EngineSettings& settings) {
  const bool empty = !journal.snapshot && journal.events.empty();
  const bool readable = journal.events.empty() ? engine::CanRestore(journal.engine_version)
                                               : engine::CanReplay(journal.engine_version);
  if (!empty && !readable) {
    return FailedPrecondition(
        "the state directory was written by engine version " +
        std::to_string(journal.engine_version) + ", this program has version " +
        std::to_string(engine::kEngineVersion) +
        "; stop it with `tutti down` of the program that wrote it (then this one can go on from "
        "there), or use a new --state directory");
  }
  Restored out{engine::Engine(settings), {}};
  if (journal.snapshot) {
    auto engine = engine::Engine::Restore(*journal.snapshot, settings);
    if (!engine) return engine.error().Wrap("cannot restore the newest snapshot");
    out.engine = std::move(engine).value();
  }
  for (std::size_t i = 0; i < journal.events.size(); ++i) {
    auto event = engine::EventFromJson(journal.events[i]);
    if (!event) {
      return event.error().Wrap("cannot replay journal entry " + std::to_string(i + 1) +
                                " after the snapshot");
    }
    for (const engine::Command& command : out.engine.Apply(*event)) {
      if (const auto* deletion = std::get_if<engine::DeleteCheckpoint>(&command)) {
        out.deletions.push_back(*deletion);
      }
    }
  }
  return out;
}

}  // namespace tutti
