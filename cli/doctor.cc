#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "storage/read_store.h"
#include "worker/data/inventory.h"

extern char** environ;

namespace tutti::cli {
namespace {

constexpr double kLittleDisk = 2e9;  // bytes

// What doctor found, one line a check.
class Findings {
 public:
  void Good(const std::string& check, const std::string& detail) { Add("ok", check, detail); }
  void Note(const std::string& check, const std::string& detail) { Add("note", check, detail); }
  void Bad(const std::string& check, const std::string& detail) {
    Add("FAIL", check, detail);
    failed_ = true;
  }
  bool failed() const { return failed_; }
  const Table& table() const { return table_; }

 private:
  void Add(const char* state, const std::string& check, const std::string& detail) {
    table_.rows.push_back({state, check, detail});
  }
  Table table_{{"state", "check", "detail"}, {}, "check", {}};
  bool failed_ = false;
};

// Runs argv with its output read; nullopt if it cannot be started or fails.
std::optional<std::string> OutputOf(std::vector<std::string> arguments) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  std::string text;
  std::array<char, 512> buffer{};
  if (error == 0) {
    for (ssize_t n = 0; (n = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }
  close(pipe_ends[0]);
  int status = 0;
  if (error != 0 || waitpid(pid, &status, 0) != pid || status != 0) return std::nullopt;
  return text.substr(0, text.find('\n'));
}

void CheckPrograms(Findings& findings) {
  for (const char* name : {"tutti-coordinator", "tutti-worker", "tutti-trainer"}) {
    const std::string path = ProgramDirectory() + "/" + name;
    const auto version = OutputOf({path, "--version"});
    if (version) {
      findings.Good(name, *version);
    } else {
      findings.Bad(name, path + " does not run; build it with ./build.sh");
    }
  }
  const auto mpirun = OutputOf({"mpirun", "--version"});
  if (mpirun) {
    findings.Good("mpirun", *mpirun);
  } else {
    findings.Bad("mpirun", "not found: gangs of several slots cannot start; install openmpi-bin");
  }
  const auto gpus = OutputOf({"nvidia-smi", "-L"});
  findings.Note("GPU", gpus ? *gpus : "none; slots are CPU cores");
}

void CheckState(const std::string& state, Findings& findings) {
  struct stat info {};
  if (stat(state.c_str(), &info) != 0) {
    findings.Note("state directory", state + " does not exist yet; the first run makes it");
    return;
  }
  if (access(state.c_str(), W_OK) != 0) {
    findings.Bad("state directory", "no permission to write to " + state);
  } else {
    findings.Good("state directory", state);
  }
  struct statvfs fs {};
  if (statvfs(state.c_str(), &fs) == 0) {
    const double free = static_cast<double>(fs.f_bavail) * static_cast<double>(fs.f_frsize);
    char text[64];
    std::snprintf(text, sizeof text, "%.1f GB free", free / 1e9);
    if (free < kLittleDisk) {
      findings.Bad("disk", std::string(text) + " for results and checkpoints; make room");
    } else {
      findings.Good("disk", text);
    }
  }
  const std::string db = state + "/tutti.db";
  if (access(db.c_str(), F_OK) != 0) return;
  auto store = storage::ReadStore::Open(db);
  auto count = store ? (*store)->Query("SELECT count(*) FROM v_experiments")
                     : Result<storage::Table>(store.error());
  if (count) {
    findings.Good("database", db + ", " + count->rows[0][0].Dump() + " experiments");
  } else {
    findings.Bad("database", count.error().ToString());
  }
}

void CheckCluster(const Globals& globals, const std::string& state, Findings& findings) {
  auto address = ResolveCoordinator(globals.coordinator, state);
  if (!address) {
    findings.Note("coordinator", "none runs; `tutti up` starts one, `tutti run` needs none");
    return;
  }
  CoordinatorClient client(*address);
  auto info = client.Info();
  if (!info) {
    findings.Bad("coordinator", info.error().ToString());
    return;
  }
  findings.Good("coordinator", *address + ", version " + (*info)["version"].AsString());
  const std::string slots = (*info)["workers"].Dump() + " workers, " + (*info)["slots"].Dump() +
                            " slots, " + (*info)["slots_free"].Dump() + " free";
  if ((*info)["slots"].AsInt() > 0) {
    findings.Good("workers", slots);
  } else {
    findings.Bad("workers", "none has joined; start one with `tutti-worker --coordinator " +
                                *address + "`");
  }
}

}  // namespace

int RunDoctor(const Globals& globals) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  Findings findings;
  CheckPrograms(findings);
  CheckState(*state, findings);
  CheckCluster(globals, *state, findings);
  const char* variable = std::getenv("TUTTI_DATA");
  const std::string root = variable != nullptr ? variable : *state + "/datasets";
  if (auto sets = ListDatasets(root)) {
    std::string names;
    for (const DatasetPresence& set : *sets) {
      if (set.complete) names += (names.empty() ? "" : ", ") + set.name;
    }
    findings.Note("data sets", names + " in " + root + "; `tutti data fetch NAME` gets more");
  } else {
    findings.Bad("data sets", sets.error().ToString());
  }
  std::fputs(Render(findings.table(), globals.format, 0).c_str(), stdout);
  return findings.failed() ? kExitGate : kExitOk;
}

}  // namespace tutti::cli
