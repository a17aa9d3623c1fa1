#include <string>

#include "coordinator/simulation/scenario.h"
#include "experiments/core/json.h"

namespace tutti::simulation {
namespace {

std::string Target(std::int64_t experiment, std::int64_t trial_no) {
  return trial_no == 0 ? "experiment " + std::to_string(experiment)
                       : "trial " + std::to_string(experiment) + "." + std::to_string(trial_no);
}

struct Text {
  std::string operator()(const Submit& step) const {
    const auto value = [&step](const char* path) {
      const Json* found = step.canonical.FindPath(path);
      return std::string(path) + " " + (found == nullptr ? "-" : found->Dump());
    };
    std::string text = "submit";
    for (const char* path :
         {"searcher.name", "searcher.max_trials", "searcher.max_concurrent_trials",
          "searcher.max_time", "searcher.deterministic", "replicates", "resources.slots_per_trial",
          "resources.max_slots", "resources.priority", "resources.weight", "max_restarts"}) {
      text += ", " + value(path);
    }
    return text + ", a unit takes " + Seconds(step.model.unit_ms);
  }
  std::string operator()(const Act& step) const {
    return std::string(engine::kActionNames.Name(step.action)) + " " +
           Target(step.experiment, step.trial_no);
  }
  std::string operator()(const Change& step) const {
    return "set " + engine::ToJson(engine::Event(step.settings)).Dump();
  }
  std::string operator()(const Drain& step) const {
    return std::string(step.drain ? "drain" : "undrain") + " node " + step.node +
           (step.now ? " now" : "");
  }
  std::string operator()(const Disconnect& step) const {
    return "disconnect node " + step.node + " for " + Seconds(step.for_ms);
  }
  std::string operator()(const CrashNode& step) const {
    return "crash node " + step.node +
           (step.for_ms < 0 ? std::string(" for good") : " for " + Seconds(step.for_ms));
  }
  std::string operator()(const CrashTrial& step) const {
    return "trial " + std::to_string(step.experiment) + "." + std::to_string(step.trial_no) +
           " fails with " + std::string(engine::kFailureClassNames.Name(step.failure));
  }
  std::string operator()(const RestartCoordinator& step) const {
    return "restart the coordinator, which is away for " + Seconds(step.for_ms);
  }
};

}  // namespace

std::string Seconds(std::int64_t ms) { return FormatDouble(static_cast<double>(ms) / 1000) + " s"; }

std::string Describe(const Happening& what) { return std::visit(Text{}, what); }

}  // namespace tutti::simulation
