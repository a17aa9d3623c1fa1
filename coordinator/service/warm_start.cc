#include "coordinator/service/warm_start.h"

#include <mutex>

#include "coordinator/service/checkpoint_lookup.h"

namespace tutti {

bool HasWarmStart(const Json& canonical) {
  const Json* start = canonical.FindPath("training.warm_start");
  return start != nullptr && start->is_object();
}

Result<Json> ResolveWarmStart(ServiceContext& context, Json canonical) {
  const std::string field = "training.warm_start.checkpoint";
  TUTTI_ASSIGN_OR_RETURN(
      const CheckpointReference reference,
      ParseCheckpointReference(canonical.FindPath(field)->AsString()));
  const std::lock_guard lock(context.reader_mutex);
  if (!context.reader) {
    TUTTI_ASSIGN_OR_RETURN(context.reader,
                           storage::ReadStore::Open(context.state_dir + "/tutti.db"));
  }
  const auto found = LookUpKeptCheckpoint(*context.reader, reference);
  if (!found) return found.error().Wrap(field);
  canonical.SetPath("training.warm_start.name", found->name);
  canonical.SetPath("training.warm_start.sha256", found->sha256);
  return canonical;
}

}  // namespace tutti
