#include "cli/lifecycle_line.h"

#include <memory>

#include <CLI/CLI.hpp>

namespace tutti::cli {
namespace {

CLI::App* Add(CLI::App& app, const std::string& name, const std::string& doc,
              std::function<int()>& chosen, std::function<int()> verb) {
  CLI::App* sub = app.add_subcommand(name, doc);
  sub->fallthrough();
  sub->callback([&chosen, verb = std::move(verb)] { chosen = verb; });
  return sub;
}

void AddActions(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  struct Action {
    const char* name;
    const char* doc;
    const char* ids;
  };
  for (const Action& action :
       {Action{"pause", "checkpoint and release the slots", "experiments"},
        Action{"resume", "go on after a pause", "experiments"},
        Action{"cancel", "finish the step, checkpoint, stop for good", "experiments or trials"},
        Action{"kill", "stop for good at once, without a checkpoint", "experiments or trials"},
        Action{"archive", "hide experiments that have ended from `tutti ls`", "experiments"},
        Action{"unarchive", "show archived experiments in `tutti ls` again", "experiments"}}) {
    const auto ids = std::make_shared<std::vector<std::string>>();
    auto* verb = Add(app, action.name, action.doc, chosen,
                     [&globals, ids, name = std::string(action.name)] {
                       return RunAction(globals, name, *ids);
                     });
    verb->add_option("id", *ids, action.ids)->required();
  }
}

void AddContinue(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  const auto options = std::make_shared<ContinueOptions>();
  auto* verb = Add(app, "continue",
                   "let an experiment that has ended go on: a failed or cancelled one from its last "
                   "checkpoints, a completed `single` one to a greater --max-time",
                   chosen, [&globals, options] { return RunContinue(globals, *options); });
  verb->add_option("id", options->id, "experiment")->required();
  verb->add_option("--max-time", options->max_time,
                   "train up to here (searcher.max_time and the length of training)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}));
  verb->add_option("--set", options->set,
                   "another value of how it is run, e.g. --set max_restarts=2; may be repeated")
      ->allow_extra_args(false);
  verb->add_flag("--watch", options->watch, "show progress until it ends");
  verb->add_flag("--wait", options->wait, "wait silently until it ends");
}

void AddSet(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  CLI::App* set = app.add_subcommand("set", "change an experiment that has not ended");
  set->require_subcommand(1);
  set->fallthrough();
  struct Value {
    const char* name;
    const char* doc;
    const char* value;
  };
  for (const Value& what :
       {Value{"priority", "who gets slots first", "1 (first) to 99; 42 is the default"},
        Value{"weight", "share of the slots among experiments of one priority",
              "more than 0; 1 is the default"},
        Value{"max-slots", "most slots that it may use at a time", "1 or more, or none"}}) {
    const auto options = std::make_shared<SetOptions>();
    options->what = what.name;
    auto* verb = Add(*set, what.name, what.doc, chosen,
                     [&globals, options] { return RunSet(globals, *options); });
    verb->add_option("experiment", options->id, "experiment")->required();
    verb->add_option("value", options->value, what.value)->required();
  }
  const auto options = std::make_shared<SetOptions>();
  options->what = "retention";
  auto* verb = Add(*set, "retention", "how many checkpoints are kept; the others are deleted",
                   chosen, [&globals, options] { return RunSet(globals, *options); });
  verb->add_option("experiment", options->id, "experiment")->required();
  const CLI::Range count(0, 1'000'000);
  verb->add_option("--experiment-best,--save-experiment-best", options->save_experiment_best,
                   "the best ones of the experiment")
      ->check(count);
  verb->add_option("--best,--save-trial-best", options->save_trial_best,
                   "the best ones of each trial")
      ->check(count);
  verb->add_option("--latest,--save-trial-latest", options->save_trial_latest,
                   "the newest ones of each trial")
      ->check(count);
}

void AddWorkers(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  CLI::App* workers = app.add_subcommand("workers", "the nodes of the cluster");
  workers->fallthrough();
  // CLI11 runs a verb's callback after those of its own verbs.
  workers->callback([workers, &globals, &chosen] {
    if (workers->get_subcommands().empty()) chosen = [&globals] { return RunWorkers(globals); };
  });
  workers->require_subcommand(0, 1);
  const auto options = std::make_shared<DrainOptions>();
  auto* drain = Add(*workers, "drain", "give a node no new work; what runs there runs to its end",
                    chosen, [&globals, options] { return RunDrain(globals, *options); });
  drain->add_option("node", options->nodes, "names of workers")->required();
  drain->add_flag("--now", options->now, "what runs there checkpoints and moves at once");
  auto* undrain = Add(*workers, "undrain", "use drained nodes again", chosen, [&globals, options] {
    options->drain = false;
    return RunDrain(globals, *options);
  });
  undrain->add_option("node", options->nodes, "names of workers")->required();
}

}  // namespace

void AddLifecycleVerbs(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  AddActions(app, globals, chosen);
  AddContinue(app, globals, chosen);
  AddSet(app, globals, chosen);
  const auto id = std::make_shared<std::string>("last");
  auto* why = Add(app, "why", "why an experiment or a trial waits, is held, runs, or was stopped",
                  chosen, [&globals, id] { return RunWhy(globals, *id); });
  why->add_option("id", *id, "experiment or trial")->default_str("last");
  Add(app, "queue", "experiments that are not over, in the order in which they get slots", chosen,
      [&globals] { return RunQueue(globals); });
  AddWorkers(app, globals, chosen);
}

}  // namespace tutti::cli
