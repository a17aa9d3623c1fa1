#pragma once

#include <map>
#include <optional>
#include <string>

#include "worker/agent/agent.h"

// The command line of tutti-worker.

namespace tutti::worker {

struct WorkerFlags {
  std::string coordinator, state;  // exactly one is set
  std::string name;
  int slots = 0;
  std::string resource_pool = "default";
  std::map<std::string, std::string> labels;
  std::string work_dir;  // absolute
  std::string data_root;
  std::string trainer;
  DeviceChoice device = DeviceChoice::kAuto;
  std::string log_level = "info";
  Gang::Limits limits;
};

struct ParsedFlags {
  std::optional<WorkerFlags> flags;
  int exit_code = 0;  // without flags: --help and --version 0, an error 2 (already printed)
};
ParsedFlags ParseWorkerFlags(int argc, char** argv);

// Of the machine; "" if the kernel does not say.
std::string HostName();
// The executable's own folder.
std::string ProgramDirectory();

}  // namespace tutti::worker
