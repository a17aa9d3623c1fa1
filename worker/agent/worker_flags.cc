#include "worker/agent/worker_flags.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace tutti::worker {
namespace {

namespace fs = std::filesystem;

// Names become file names and stand in views.
std::string CheckName(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
  });
  if (plain && !name.empty() && name.size() <= 128 && name.front() != '.') return "";
  return "'" + name + "' is no worker name: 1 to 128 of A-Z a-z 0-9 . _ -, no dot first";
}

std::string CheckLabel(const std::string& label) {
  const std::size_t equals = label.find('=');
  if (equals != std::string::npos && CheckName(label.substr(0, equals)).empty() &&
      CheckName(label.substr(equals + 1)).empty()) {
    return "";
  }
  return "'" + label + "' is no label: expected NAME=VALUE, each 1 to 128 of A-Z a-z 0-9 . _ -";
}

std::string DefaultWorkDir(const WorkerFlags& flags) {
  if (!flags.state.empty()) return flags.state + "/worker-" + flags.name;
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : "/tmp") + "/.local/state/tutti/worker-" + flags.name;
}

// REQUIRES: work_dir is set.
std::string DefaultDataRoot(const WorkerFlags& flags) {
  const char* root = std::getenv("TUTTI_DATA");
  if (root != nullptr && *root != '\0') return root;
  return (flags.state.empty() ? flags.work_dir : flags.state) + "/datasets";
}

struct LimitSeconds {
  int setup = 300, train = 120, evaluate = 300, checkpoint = 120;
  int grace = 5;
};

void AddOptions(CLI::App& app, WorkerFlags& flags, std::string& device, LimitSeconds& limits) {
  auto* coordinator =
      app.add_option("--coordinator", flags.coordinator, "Address of the coordinator")
          ->type_name("HOST:PORT");
  app.add_option("--state", flags.state,
                 "State directory of a coordinator on this machine; its coordinator.json is read "
                 "again at every reconnect")
      ->type_name("DIR")
      ->excludes(coordinator);
  app.add_option("--name", flags.name, "Unique name of this worker (default: the host's name)")
      ->check(CheckName);
  app.add_option("--slots", flags.slots, "Slots to offer (default: one per GPU, else per core)")
      ->check(CLI::Range(1, 4096));
  app.add_option("--resource-pool", flags.resource_pool, "Pool to join")->capture_default_str();
  app.add_option_function<std::vector<std::string>>(
         "--label",
         [&flags](const std::vector<std::string>& labels) {
           for (const std::string& label : labels) {
             const std::size_t equals = label.find('=');
             flags.labels[label.substr(0, equals)] = label.substr(equals + 1);
           }
         },
         "What resources.node_labels can ask for; may be given several times")
      ->type_name("NAME=VALUE")
      ->check(CheckLabel);
  app.add_option("--work-dir", flags.work_dir,
                 "Spool, socket, logs and checkpoints (default: STATE/worker-NAME, or "
                 "~/.local/state/tutti/worker-NAME)")
      ->type_name("DIR");
  app.add_option("--data-root", flags.data_root,
                 "Where this machine keeps its data sets (default: $TUTTI_DATA, else "
                 "STATE/datasets, else WORKDIR/datasets)")
      ->type_name("DIR");
  app.add_option("--trainer", flags.trainer, "Trainer program (default: beside this one)")
      ->type_name("PATH");
  app.add_option("--device", device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--log-level", flags.log_level, "debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  const auto seconds = [&](const char* name, int& value, const char* section) {
    app.add_option(name, value,
                   std::string("Seconds a gang may go without progress in section ") + section)
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
  };
  seconds("--setup-limit", limits.setup, "setup");
  seconds("--train-limit", limits.train, "train");
  seconds("--evaluate-limit", limits.evaluate, "evaluate");
  seconds("--checkpoint-limit", limits.checkpoint, "checkpoint");
  app.add_option("--grace", limits.grace, "Seconds between TERM and KILL when a gang is ended")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.set_version_flag("--version", std::string("tutti-worker ") + TUTTI_VERSION);
}

}  // namespace

std::string HostName() {
  char name[HOST_NAME_MAX + 1] = {};
  return ::gethostname(name, HOST_NAME_MAX) == 0 ? name : "";
}

std::string ProgramDirectory() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? "." : self.parent_path().string();
}

ParsedFlags ParseWorkerFlags(int argc, char** argv) {
  CLI::App app{"The Tutti worker: offers this machine's slots to a coordinator and runs trainers"};
  WorkerFlags flags;
  std::string device = "auto";
  LimitSeconds limits;
  AddOptions(app, flags, device, limits);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return {std::nullopt, code == 0 ? 0 : 2};
  }
  if (flags.coordinator.empty() == flags.state.empty()) {
    std::cerr << "tutti-worker: give --coordinator HOST:PORT, or --state DIR of a coordinator on "
                 "this machine\n";
    return {std::nullopt, 2};
  }
  if (flags.name.empty()) flags.name = HostName();
  if (flags.name.empty()) flags.name = "worker";
  if (!flags.state.empty()) flags.state = fs::absolute(flags.state).lexically_normal().string();
  if (flags.work_dir.empty()) flags.work_dir = DefaultWorkDir(flags);
  flags.work_dir = fs::absolute(flags.work_dir).string();
  if (flags.data_root.empty()) flags.data_root = DefaultDataRoot(flags);
  flags.data_root = fs::absolute(flags.data_root).string();
  if (flags.trainer.empty()) flags.trainer = ProgramDirectory() + "/tutti-trainer";
  flags.trainer = fs::absolute(flags.trainer).string();
  flags.device = *kDeviceChoiceNames.Parse(device);
  flags.limits.sections = {std::chrono::seconds(limits.setup), std::chrono::seconds(limits.train),
                           std::chrono::seconds(limits.evaluate),
                           std::chrono::seconds(limits.checkpoint)};
  flags.limits.grace = std::chrono::seconds(limits.grace);
  return {flags, 0};
}

}  // namespace tutti::worker
