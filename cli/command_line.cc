#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/det_words.h"
#include "cli/ensemble_line.h"
#include "cli/exit_code.h"
#include "cli/lifecycle_line.h"
#include "cli/verbs.h"
#include "cli/version.h"

namespace tutti::cli {
namespace {

constexpr char kFooter[] =
    "Ids: experiment 12, trial 12.3, `last` = the newest experiment.\n"
    "Exit codes: 0 ok; 1 it ran and failed; 2 usage or invalid file; 3 not found; 4 wrong state;\n"
    "  5 no coordinator; 6 not allowed; 7 can never be scheduled; 8 a check failed; 124 timeout;\n"
    "  130 interrupted.\n"
    "Every verb takes --state, --coordinator, --db and -o FORMAT, anywhere in the line;\n"
    "  `tutti e ls` and `tutti trial logs` mean `tutti ls` and `tutti logs` (docs/det.md).\n"
    "State: --state DIR, else $TUTTI_STATE, else ~/.local/share/tutti.\n"
    "Coordinator: --coordinator, else $TUTTI_COORDINATOR, else the one running in the state "
    "directory.\n"
    "Data sets: data.root in the file, else $TUTTI_DATA, else STATE/datasets.";

// Everything the command line can say, and the verb it chose.
struct CommandLine {
  Globals globals;
  std::string format = "table";
  FileOptions file;
  ClusterOptions cluster;
  PlanOptions plan;
  SubmitOptions submit;
  ForkOptions fork;
  EvaluateOptions evaluate;
  WaitOptions wait;
  LogsOptions logs;
  DataOptions data;
  ReportOptions report;
  DataShowOptions data_show;
  PredictOptions predict;
  std::string id = "last";
  std::string replay = "all";
  std::string what, name, sql;
  std::int64_t max_rows = 0;
  bool trials = false;
  bool kill = false;
  bool all = false;
  std::function<int()> run;
};

using Verb = std::function<int()>;

CLI::App* AddVerb(CLI::App& app, CommandLine& line, const std::string& name,
                  const std::string& doc, Verb verb) {
  CLI::App* sub = app.add_subcommand(name, doc);
  sub->fallthrough();
  sub->callback([&line, verb = std::move(verb)] { line.run = verb; });
  return sub;
}

void AddFile(CLI::App* verb, FileOptions& file) {
  verb->add_option("file", file.file, "experiment file (YAML)")->required();
  verb->add_option("--set", file.set,
                   "override a field, e.g. --set training.epochs=3; may be repeated")
      ->allow_extra_args(false);
}

void AddCluster(CLI::App* verb, ClusterOptions& cluster) {
  verb->add_option("--port", cluster.port,
                   "port of the coordinator on 127.0.0.1 (default: the last one, else any)")
      ->check(CLI::Range(1, 65535));
  verb->add_option("--slots", cluster.slots,
                   "slots of the local worker (default: one per GPU, else one per core)")
      ->check(CLI::Range(1, 4096));
  verb->add_option("--data-root", cluster.data_root, "where the worker finds data sets");
  verb->add_option("--label", cluster.labels,
                   "NAME=VALUE that resources.node_labels can ask of the local worker; may be "
                   "repeated")
      ->allow_extra_args(false);
  verb->add_option("--log-level", cluster.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  verb->add_flag("!--no-worker", cluster.worker, "coordinator only; workers join from elsewhere");
}

void AddClusterVerbs(CLI::App& app, CommandLine& line) {
  auto* run = AddVerb(app, line, "run",
                      "start a cluster if none runs, submit, watch, print who won, stop", [&] {
                        return RunRun(line.globals, line.file, line.cluster);
                      });
  AddFile(run, line.file);
  AddCluster(run, line.cluster);
  auto* up = AddVerb(app, line, "up", "start a coordinator and a worker in the background",
                     [&] { return RunUp(line.globals, line.cluster); });
  AddCluster(up, line.cluster);
  up->add_flag("--foreground", line.cluster.foreground, "stay in this terminal");
  auto* supervise = AddVerb(app, line, "supervise", "", [&] {
    return RunSupervise(line.globals, line.cluster);
  });
  supervise->group("");  // hidden: what `up` leaves running
  AddCluster(supervise, line.cluster);
  auto* down = AddVerb(app, line, "down",
                       "checkpoint what runs and stop the cluster; `up` goes on later",
                       [&] { return RunDown(line.globals, line.kill); });
  down->add_flag("--kill", line.kill, "do not wait for checkpoints");
  AddVerb(app, line, "doctor", "check this machine and the cluster (exit 8 if a check fails)",
          [&] { return RunDoctor(line.globals); });
  AddVerb(app, line, "version", "versions of the client and the coordinator",
          [&] { return RunVersion(line.globals); });
}

void AddFileVerbs(CLI::App& app, CommandLine& line) {
  auto* submit = AddVerb(app, line, "submit", "hand experiments to the coordinator", [&] {
    line.submit.input = line.file;
    return RunSubmit(line.globals, line.submit);
  });
  AddFile(submit, line.file);
  submit->add_flag("--watch", line.submit.watch, "show progress until they end");
  submit->add_flag("--wait", line.submit.wait, "wait silently until they end");
  auto* plan = AddVerb(app, line, "plan",
                       "what a file would run: trials, rungs, architectures, time and slot-hours",
                       [&] {
                         line.plan.input = line.file;
                         return RunPlan(line.globals, line.plan);
                       });
  AddFile(plan, line.file);
  plan->add_option("--nodes", line.plan.nodes,
                   "machines to plan for: 8x8 is 8 nodes of 8 slots, also 2x8,1x4 (default: the "
                   "running cluster, else one node)");
  plan->add_option("--epoch-seconds", line.plan.epoch_seconds,
                   "how long one unit of time_metric takes (default: from history, else from "
                   "FLOPs)")
      ->check(CLI::Range(1e-6, 1e9));
  AddFile(AddVerb(app, line, "validate",
                  "check a file; -o yaml or json shows it with every default",
                  [&] { return RunValidate(line.globals, line.file); }),
          line.file);
  auto* explain = AddVerb(app, line, "explain", "what a field of the experiment file means", [&] {
    return RunExplain(line.globals, line.name);
  });
  explain->add_option("field", line.name, "dotted path, e.g. training.optimizer.lr");
  AddVerb(app, line, "schema", "JSON Schema of the experiment file, for editors",
          [&] { return RunSchema(line.globals); });
}

void AddEvaluate(CLI::App& app, CommandLine& line) {
  EvaluateOptions& options = line.evaluate;
  auto* verb = AddVerb(app, line, "evaluate",
                       "measure a trained network again, also on other data; stored like any "
                       "evaluation",
                       [&] { return RunEvaluate(line.globals, options, line.cluster); });
  verb->add_option("id", options.id, "12.3@best, 12.3@last, 12.3@e17; 12: its best trial")
      ->required();
  verb->add_option("--set", options.set,
                   "other data, e.g. --set data.dataset=emnist/digits; may be repeated")
      ->allow_extra_args(false);
  verb->add_option("--splits", options.splits, "train, validation, test, separated by commas")
      ->default_str("test");
  verb->add_option("--timeout", options.timeout_s, "seconds, with the wait for a free slot")
      ->check(CLI::Range(0.001, 1e6))
      ->default_str("600");
  AddCluster(verb, line.cluster);
}

void AddFork(CLI::App& app, CommandLine& line) {
  ForkOptions& options = line.fork;
  auto* fork = AddVerb(app, line, "fork",
                       "a new experiment that starts from the weights of a trial",
                       [&] { return RunFork(line.globals, options); });
  fork->add_option("id", options.id, "12.3@best, 12.3@last, 12.3@e17; 12: its best trial")
      ->required();
  fork->add_option("--set", options.set, "override a field of the trial's configuration, e.g. "
                                         "--set data.dataset=emnist/letters; may be repeated")
      ->allow_extra_args(false);
  fork->add_option("--warm-start", options.warm_start,
                   "take over only weights that match, e.g. 'features.*'; may be repeated "
                   "(default: all)")
      ->allow_extra_args(false);
  fork->add_option("--freeze", options.freeze,
                   "do not train weights that match, e.g. 'features.*'; may be repeated")
      ->allow_extra_args(false);
  fork->add_option("--name", options.name, "of the experiment (default: the parent's and -fork)");
  fork->add_flag("--show", options.show, "print the experiment file instead of submitting it");
  fork->add_flag("--watch", options.watch, "show progress until it ends");
  fork->add_flag("--wait", options.wait, "wait silently until it ends");
}

void AddJobVerbs(CLI::App& app, CommandLine& line) {
  auto* ls = AddVerb(app, line, "ls", "experiments, or the trials of one", [&] {
    return RunLs(line.globals, line.name, line.all);
  });
  ls->add_flag("-a,--all", line.all, "archived experiments too");
  ls->add_option("experiment", line.name, "list its trials");
  ls->alias("list");
  auto* describe = AddVerb(app, line, "describe",
                           "everything about an experiment, a trial, `model PRESET` or "
                           "`searcher NAME`", [&] {
                             return RunDescribe(line.globals, line.what, line.name);
                           });
  describe->add_option("what", line.what, "12, 12.3, last, model or searcher")->required();
  describe->add_option("name", line.name, "name of the preset or the searcher");
  auto* logs = AddVerb(app, line, "logs", "what the trainers printed",
                       [&] { return RunLogs(line.globals, line.logs); });
  logs->add_option("id", line.logs.id, "experiment or trial")->default_str("last");
  line.logs.id = "last";
  logs->add_flag("-f,--follow", line.logs.follow, "go on until it ends");
  logs->add_option("--tail", line.logs.tail, "the last N lines only")->check(CLI::Range(1, 1000000));
  auto* watch = AddVerb(app, line, "watch", "progress of an experiment until it ends",
                        [&] { return RunWatch(line.globals, line.id); });
  watch->add_option("id", line.id, "experiment")->default_str("last");
  auto* wait = AddVerb(app, line, "wait", "wait silently until an experiment ends", [&] {
    line.wait.id = line.id;
    return RunWait(line.globals, line.wait);
  });
  wait->add_option("id", line.id, "experiment")->default_str("last");
  wait->add_option("--timeout", line.wait.timeout_s, "seconds; exit code 124 when they are over")
      ->check(CLI::Range(0.001, 1e9));
}

void AddReport(CLI::App& app, CommandLine& line) {
  auto* report = AddVerb(app, line, "report",
                         "one page about an experiment or a trial, with every chart; or check one",
                         [&] { return RunReport(line.globals, line.report); });
  line.report.id = "last";
  report->add_option("id", line.report.id, "experiment or trial")->default_str("last");
  report->add_option("--out", line.report.out,
                     "file to write (png: folder); default report-ID.html");
  report->add_option("--format", line.report.format,
                     "html (one file), md (with PNG files beside it) or png (every chart)")
      ->check(CLI::IsMember({"html", "md", "png"}));
  report->add_option("--check", line.report.check,
                     "recompute every number of this page from the database; exit 8 if one differs");
  report->add_flag("!--no-pictures", line.report.pictures,
                   "leave out what needs a worker: images and activation maps");
}

void AddResultVerbs(CLI::App& app, CommandLine& line) {
  AddReport(app, line);
  auto* leaderboard = AddVerb(app, line, "leaderboard", "who is best, with error bars", [&] {
    return RunLeaderboard(line.globals, line.id, line.trials);
  });
  leaderboard->add_option("experiment", line.id, "experiment")->default_str("last");
  leaderboard->add_flag("--trials", line.trials, "a line per trial, not per configuration");
  auto* replay = AddVerb(app, line, "replay",
                         "derive every decision again from the journal and compare", [&] {
                           return RunReplay(line.globals, line.replay);
                         });
  replay->add_option("experiment", line.replay, "experiment, last, or all")->default_str("all");
  auto* sql = AddVerb(app, line, "sql", "one read-only SQL statement over the views", [&] {
    return RunSql(line.globals, line.sql, line.max_rows);
  });
  sql->add_option("statement", line.sql, "SQL, or - to read it from standard input")->required();
  sql->add_option("--max-rows", line.max_rows, "limit (default 100000)")
      ->check(CLI::Range(1, 100000000));
}

void AddPredict(CLI::App& app, CommandLine& line) {
  auto* predict = AddVerb(app, line, "predict",
                          "what pictures show: predict 12.3@best PICTURE|FOLDER|-…",
                          [&] { return RunPredict(line.globals, line.predict); });
  predict->add_option("words", line.predict.words,
                      "checkpoint (12.3, 12.3@e17, last; not with --ensemble), then pictures of "
                      "any size, folders, or - for standard input")
      ->required();
  predict->add_option("--ensemble", line.predict.ensemble, "ask this ensemble instead")
      ->check(CLI::Range(1, 1000000000));
  predict->add_option("--top", line.predict.top, "how many classes to name (default 3)")
      ->check(CLI::Range(1, 1000));
  predict->add_flag("--segment", line.predict.segment, "several characters in a picture");
  predict->add_flag("--no-prepare", line.predict.no_prepare,
                    "take pictures as they are (white on black), only resized");
  predict->add_flag("--preview", line.predict.preview,
                    "show what the network sees (default on a terminal)");
  predict->add_flag("--no-preview", line.predict.no_preview, "never show it");
  predict->add_option("--slots", line.predict.cluster.slots, "as for up, if no cluster runs")
      ->check(CLI::Range(1, 4096));
}

void AddDataVerbs(CLI::App& app, CommandLine& line) {
  CLI::App* data = app.add_subcommand("data", "data sets on this machine");
  data->require_subcommand(1);
  data->fallthrough();
  const auto add_root = [&](CLI::App* verb) {
    verb->add_option("--root", line.data.root, "data root (default $TUTTI_DATA, STATE/datasets)");
  };
  add_root(AddVerb(*data, line, "ls", "data sets found",
                   [&] { return RunDataLs(line.globals, line.data); }));
  auto* fetch = AddVerb(*data, line, "fetch",
                        "download from the official place, verified; goes on where it stopped",
                        [&] { return RunDataFetch(line.globals, line.data); });
  fetch->add_option("name", line.data.name, "mnist, fashion-mnist, kmnist or emnist")->required();
  fetch->add_option("--mirror", line.data.mirror, "base URL to fetch the files from instead");
  add_root(fetch);
  auto* verify = AddVerb(*data, line, "verify", "compare files with the official checksums",
                         [&] { return RunDataVerify(line.globals, line.data); });
  verify->add_option("name", line.data.name, "one data set (default: all that are there)");
  add_root(verify);
  auto* show = AddVerb(*data, line, "show",
                       "classes, pixel values and samples of a data set; -o json gives numbers",
                       [&] { return RunDataShow(line.globals, line.data_show); });
  show->add_option("what", line.data_show.what, "data set, or experiment file (YAML)")->required();
  show->add_option("--set", line.data_show.set, "override a field of the file")
      ->allow_extra_args(false);
  show->add_option("--root", line.data_show.root, "data root (default as for ls)");
  show->add_option("--split", line.data_show.split, "only this split")
      ->check(CLI::IsMember({"train", "validation", "test"}));
  show->add_option("--classes", line.data_show.classes, "only these classes: A,B,C")
      ->delimiter(',');
  show->add_option("--out", line.data_show.out, "write a PNG of samples, a row per class");
  show->add_option("--samples", line.data_show.samples, "samples of each class (default 10)")
      ->check(CLI::Range(1, 1000));
  show->add_flag("--preview", line.data_show.preview, "samples as text too");
}

void AddGlobals(CLI::App& app, CommandLine& line) {
  app.add_option("--state", line.globals.state, "state directory");
  app.add_option("--coordinator", line.globals.coordinator, "HOST:PORT");
  app.add_option("--db", line.globals.db, "read this database file; no coordinator is asked");
  std::vector<std::string> names;
  for (const auto& row : kFormatNames.rows) names.emplace_back(row.second);
  app.add_option("-o,--output", line.format, "output format")
      ->check(CLI::IsMember(names))
      ->default_str("table");
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app(
      "tutti: runs deep-learning experiments on a cluster and tells which architecture is better.",
      "tutti");
  app.require_subcommand(1);
  app.footer(kFooter);
  app.get_formatter()->column_width(34);
  CommandLine line;
  app.set_version_flag("--version", std::string("tutti ") + kVersion);
  AddGlobals(app, line);
  AddClusterVerbs(app, line);
  AddFileVerbs(app, line);
  AddFork(app, line);
  AddEvaluate(app, line);
  AddJobVerbs(app, line);
  AddResultVerbs(app, line);
  AddPredict(app, line);
  AddLifecycleVerbs(app, line.globals, line.run);
  AddEnsembleVerbs(app, line.globals, line.run);
  AddDataVerbs(app, line);
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) {
    std::fputs(app.help().c_str(), stderr);
    return kExitUsage;
  }
  words = FromDetWords(std::move(words));
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // asked for help
      app.exit(error);
      return kExitOk;
    }
    const std::vector<std::string> left = app.remaining();
    const bool unknown_verb = app.get_subcommands().empty() && !left.empty();
    std::fprintf(stderr, "tutti: error: %s; see `tutti %s--help`\n",
                 unknown_verb ? ("there is no verb '" + left.front() + "'").c_str() : error.what(),
                 app.get_subcommands().empty()
                     ? ""
                     : (app.get_subcommands().front()->get_name() + " ").c_str());
    return kExitUsage;
  }
  line.globals.format = *kFormatNames.Parse(line.format);
  return line.run();
}

}  // namespace tutti::cli
