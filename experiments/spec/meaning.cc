#include "experiments/spec/meaning.h"

#include <string>

#include "experiments/spec/document.h"
#include "experiments/spec/search_rules.h"

namespace tutti::spec {
namespace {

void CheckPlaces(const Document& document) {
  if (document.Text("checkpoint_storage.type") == "shared_fs") {
    if (document.Text("checkpoint_storage.host_path").empty()) {
      document.Fail("checkpoint_storage", "checkpoint_storage of type shared_fs needs host_path");
    } else {
      document.Warn("checkpoint_storage.host_path",
           "checkpoint_storage.host_path is not used by this version: checkpoints are kept in the "
           "coordinator's state directory, from where every node gets them");
    }
  }
  const std::int64_t packed = document.Int("resources.packing.max_per_slot");
  const std::int64_t gang = document.Int("resources.slots_per_trial");
  if (packed > 1 && gang > 1) {
    document.Fail("resources.packing", "resources.packing.max_per_slot is " +
                                           std::to_string(packed) + ", but a trial has " +
                                           std::to_string(gang) +
                                           " slots: only trials of one slot can share it");
  }
  const Json* most = document.Get("resources.max_slots");
  if (most != nullptr && most->AsInt() < document.Int("resources.slots_per_trial")) {
    document.Fail("resources.max_slots", "resources.max_slots is " + most->Dump() +
                                    ", less than resources.slots_per_trial (" +
                                    std::to_string(document.Int("resources.slots_per_trial")) +
                                    "): no trial could ever start");
  }
}

}  // namespace

void CheckTrialMeaning(const Json& canonical, const Node& root, Report& report) {
  const Document document(canonical, root, report);
  if (document.HasEntrypoint()) {
    CheckEntrypointRules(document);
  } else {
    CheckDataRules(document);
    CheckTrainingRules(document);
  }
  CheckPlaces(document);
}

void CheckSearchMeaning(const Json& canonical, const Node& root,
                        const std::vector<SpaceUse>& spaces, Report& report) {
  const Document document(canonical, root, report);
  const double configurations = CheckSearchRules(document, spaces, report);
  if (!document.HasEntrypoint()) CheckEnsembleRules(document, configurations);
}

}  // namespace tutti::spec
