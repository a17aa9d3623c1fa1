#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"

// The verbs of `tutti`: what the command line was parsed into, and one function for each, which
// does the work, prints, and returns the exit code. Each function lives in the file of its name.

namespace tutti::cli {

struct Globals {
  std::string state;        // --state
  std::string coordinator;  // --coordinator
  std::string db;           // --db: read this database file instead of asking a coordinator
  Format format = Format::kTable;
};

// A YAML file and the overrides on the command line.
struct FileOptions {
  std::string file;
  std::vector<std::string> set;  // "a.b=value"
};

struct ClusterOptions {
  int port = 0;
  int slots = 0;
  std::string data_root;
  bool worker = true;
  bool foreground = false;  // up: supervise in this process
  std::string log_level = "info";
  std::vector<std::string> labels = {};  // NAME=VALUE, of the local worker
};

struct PlanOptions {
  FileOptions input;
  std::string nodes;          // "8x8": 8 nodes of 8 slots; "2x8,1x4"; "" = the running cluster
  double epoch_seconds = 0;   // of one epoch (or batch) of one trial; 0: from history or FLOPs
};

struct SubmitOptions {
  FileOptions input;
  bool watch = false;
  bool wait = false;
};

struct ForkOptions {
  std::string id;  // "12.3@best"
  std::string name;
  std::vector<std::string> set;
  std::vector<std::string> warm_start;  // patterns of weight names
  std::vector<std::string> freeze;
  bool show = false;  // print the document, submit nothing
  bool watch = false;
  bool wait = false;
};

struct WaitOptions {
  std::string id;
  double timeout_s = 0;  // 0: no limit
};

struct ContinueOptions {
  std::string id;
  std::int64_t max_time = 0;     // 0: as it was
  std::vector<std::string> set;  // "max_restarts=2"
  bool watch = false;
  bool wait = false;
};

struct SetOptions {
  std::string what;  // priority, weight, max-slots, retention
  std::string id;
  std::string value;  // not of retention
  std::optional<std::int64_t> save_experiment_best, save_trial_best, save_trial_latest;
};

struct DrainOptions {
  std::vector<std::string> nodes;
  bool drain = true;
  bool now = false;
};

struct LogsOptions {
  std::string id;
  bool follow = false;
  std::int64_t tail = 0;
};

struct EvaluateOptions {
  std::string id;                // "12.3@best"
  std::vector<std::string> set;  // data.* and evaluation.* only
  std::string splits = "test";   // separated by commas
  double timeout_s = 600;
};

struct DataOptions {
  std::string name;  // "" = all
  std::string root;
  std::string mirror;
};

struct DataShowOptions {
  std::string what;  // name of a data set, or an experiment file
  std::vector<std::string> set;
  std::string root;
  std::string split;                 // "" = all, with pictures of the first that has images
  std::vector<std::string> classes;  // names; empty = all
  std::string out;                   // PNG
  std::int64_t samples = 10;         // a class
  bool preview = false;              // samples as text
};

struct ReportOptions {
  std::string id;
  std::string out;              // "" = report-ID.FORMAT
  std::string format = "html";  // html, md, png
  std::string check;            // a page to check instead of making one
  bool pictures = true;
};

struct PredictOptions {
  std::vector<std::string> words;  // checkpoint (not with an ensemble), then pictures
  std::int64_t ensemble = 0;       // 0: none
  std::int64_t top = 3;
  bool segment = false;
  bool preview = false;     // also where stdout is no terminal
  bool no_preview = false;
  bool no_prepare = false;
  ClusterOptions cluster;
};

struct EnsembleOptions {
  std::string id;                    // "4", "last"
  std::vector<std::string> members;  // "12.3", "12.3@e17"
  std::string experiment;            // its trials
  std::int64_t best = 0;             // 0 = all
  std::string query;
  std::string combine;  // "" = mean_probability, or what it was
  std::vector<double> weights;
  std::int64_t min_members = 0;  // 0 = the default
  std::string name;
};

struct ExportOptions {
  std::string id;        // "12.3@best"
  std::string ensemble;  // "4", "last"; "" = none
  std::string split = "test";
  std::string format = "csv";  // csv, jsonl, kaggle
  std::string out;             // "" = standard output
};

int RunRun(const Globals&, const FileOptions&, const ClusterOptions&);
int RunUp(const Globals&, const ClusterOptions&);
int RunSupervise(const Globals&, const ClusterOptions&);  // hidden: what `up` leaves running
int RunDown(const Globals&, bool kill);
int RunSubmit(const Globals&, const SubmitOptions&);
int RunFork(const Globals&, const ForkOptions&);
int RunPlan(const Globals&, const PlanOptions&);
int RunReplay(const Globals&, const std::string& experiment);
int RunValidate(const Globals&, const FileOptions&);
int RunExplain(const Globals&, const std::string& field);
int RunSchema(const Globals&);
int RunLs(const Globals&, const std::string& experiment, bool all);
int RunDescribe(const Globals&, const std::string& what, const std::string& name);
int RunEvaluate(const Globals&, const EvaluateOptions&, const ClusterOptions&);
int RunLogs(const Globals&, const LogsOptions&);
int RunWatch(const Globals&, const std::string& id);
int RunWait(const Globals&, const WaitOptions&);
int RunAction(const Globals&, const std::string& verb, const std::vector<std::string>& ids);
int RunLeaderboard(const Globals&, const std::string& experiment, bool trials);
int RunSql(const Globals&, const std::string& sql, std::int64_t max_rows);
int RunPredict(const Globals&, const PredictOptions&);
int RunContinue(const Globals&, const ContinueOptions&);
int RunSet(const Globals&, const SetOptions&);
int RunWhy(const Globals&, const std::string& id);
int RunQueue(const Globals&);
int RunWorkers(const Globals&);
int RunDrain(const Globals&, const DrainOptions&);
int RunDataLs(const Globals&, const DataOptions&);
int RunDataFetch(const Globals&, const DataOptions&);
int RunDataVerify(const Globals&, const DataOptions&);
int RunDataShow(const Globals&, const DataShowOptions&);
int RunEnsembleCreate(const Globals&, const EnsembleOptions&);
int RunEnsembleEvaluate(const Globals&, const EnsembleOptions&);
int RunEnsembleShow(const Globals&, const std::string& id);
int RunEnsembleLs(const Globals&);
int RunExport(const Globals&, const ExportOptions&);
int RunDoctor(const Globals&);
int RunReport(const Globals&, const ReportOptions&);
int RunVersion(const Globals&);

}  // namespace tutti::cli
