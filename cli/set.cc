#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

Result<std::int64_t> WholeNumber(const std::string& what, const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return InvalidArgument(what + " is '" + text + "', expected a whole number" +
                         (what == "max-slots" ? ", or none for no limit" : ""));
}

Result<Settings> SettingsOf(const SetOptions& options) {
  Settings settings;
  if (options.what == "priority") {
    TUTTI_ASSIGN_OR_RETURN(settings.priority, WholeNumber("priority", options.value));
  } else if (options.what == "weight") {
    char* end = nullptr;
    settings.weight = std::strtod(options.value.c_str(), &end);
    if (options.value.empty() || *end != '\0' || !std::isfinite(*settings.weight)) {
      return InvalidArgument("weight is '" + options.value + "', expected a number above 0");
    }
  } else if (options.what == "max-slots") {
    if (options.value == "none" || options.value == "null") {
      settings.max_slots = 0;
      return settings;
    }
    TUTTI_ASSIGN_OR_RETURN(settings.max_slots, WholeNumber("max-slots", options.value));
    if (*settings.max_slots < 1) {
      return InvalidArgument("max-slots is " + options.value +
                             ", expected 1 or more, or none for no limit; `tutti pause` stops an "
                             "experiment");
    }
  } else {
    settings.save_experiment_best = options.save_experiment_best;
    settings.save_trial_best = options.save_trial_best;
    settings.save_trial_latest = options.save_trial_latest;
    if (!settings.save_experiment_best && !settings.save_trial_best &&
        !settings.save_trial_latest) {
      return InvalidArgument("give --experiment-best, --best or --latest, with how many "
                             "checkpoints to keep");
    }
  }
  return settings;
}

}  // namespace

int RunSet(const Globals& globals, const SetOptions& options) {
  const auto settings = SettingsOf(options);
  if (!settings) return Fail(settings.error());
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto target = ParseTarget(**database, options.id);
  if (!target) return Fail(target.error());
  if (target->trial_no != 0) {
    return Fail(InvalidArgument("'" + options.id + "' is a trial; set takes a whole experiment"));
  }
  CoordinatorClient client(*address);
  auto now = client.Set(target->experiment, *settings);
  if (!now) return Fail(now.error());
  std::fputs(RenderObject(*now, globals.format).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
