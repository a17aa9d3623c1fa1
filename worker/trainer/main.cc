// tutti-trainer: one rank of a gang. Started by tutti-worker (directly or through mpirun), or by hand
// with --standalone. Its flags are parsed here without a library: the trainer-only build has none.

#include <charconv>
#include <climits>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "worker/trainer/gang_session.h"

namespace tutti::trainer {
namespace {

constexpr char kUsage[] =
    "usage: tutti-trainer --socket PATH --allocation ID [--world N] [--threads N]\n"
    "                     [--device cpu|cuda] [--slots 0,1]\n"
    "       tutti-trainer --standalone --config TRIAL.json --out DIR [--data-root DIR] [--seed N]\n"
    "                     [--world N] [--threads N] [--device cpu|cuda] [--attempt N]\n"
    "                     [--resume NAME] [--stop-after STEPS] [--run-until TIME] [--trial N]\n"
    "                     [--dump-gradients FILE]\n"
    "       tutti-trainer --version | --help\n"
    "\n"
    "Trains one rank of a trial. With --socket it takes orders from its tutti-worker. With\n"
    "--standalone it runs one trial and writes DIR/records.jsonl, DIR/evaluation-SPLIT.bin and\n"
    "DIR/checkpoints; TRIAL.json is what `tutti validate -o json FILE` prints. Several ranks are\n"
    "started with mpirun -n N and --world N.\n"
    "  --stop-after STEPS   checkpoint and stop after so many steps\n"
    "  --run-until TIME     checkpoint and stop at that time, in searcher.time_metric\n"
    "  --trial N            its number: checkpoints of another trial are a parent's\n"
    "  --resume NAME        go on from that checkpoint below DIR/checkpoints\n"
    "  --dump-gradients F   write the summed gradients of the first step (safetensors)\n";

template <class T>
bool ParseNumber(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// False: prints what is wrong.
bool ParseFlags(int argc, char** argv, TrainerFlags& flags) {
  std::string slots;  // the worker's numbering; devices are renumbered by CUDA_VISIBLE_DEVICES
  const auto text = [](std::string& out) {
    return [&out](std::string_view v) { return out = v, true; };
  };
  const auto number = [](auto& out) {
    return [&out](std::string_view v) { return ParseNumber(v, out); };
  };
  const std::map<std::string_view, std::function<bool(std::string_view)>> known{
      {"--socket", text(flags.socket)},           {"--allocation", number(flags.allocation)},
      {"--world", number(flags.world)},           {"--threads", number(flags.threads)},
      {"--device", text(flags.device)},           {"--slots", text(slots)},
      {"--config", text(flags.config)},           {"--out", text(flags.out)},
      {"--data-root", text(flags.data_root)},     {"--seed", number(flags.seed)},
      {"--attempt", number(flags.attempt)},       {"--resume", text(flags.resume_from)},
      {"--trial", number(flags.trial)},           {"--run-until", number(flags.run_until)},
      {"--stop-after", number(flags.stop_after)}, {"--dump-gradients", text(flags.dump_gradients)}};
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--standalone") {
      flags.standalone = true;
      continue;
    }
    const auto found = known.find(flag);
    if (found == known.end()) {
      std::fprintf(stderr, "tutti-trainer: unknown flag '%s'\n%s", argv[i], kUsage);
      return false;
    }
    if (i + 1 == argc || !found->second(argv[i + 1])) {
      std::fprintf(stderr, "tutti-trainer: %s needs a value%s%s\n", argv[i],
                   i + 1 < argc ? ", not " : "", i + 1 < argc ? argv[i + 1] : "");
      return false;
    }
    ++i;
  }
  if (flags.world < 1 || flags.threads < 1) {
    std::fprintf(stderr, "tutti-trainer: --world and --threads must be at least 1\n");
    return false;
  }
  // The daemon of this rank's node has set it (a gang over several nodes).
  const char* socket = std::getenv("TUTTI_SOCKET");
  if (flags.socket.empty() && socket != nullptr) flags.socket = socket;
  const bool complete = flags.standalone ? !flags.config.empty() && !flags.out.empty()
                                         : !flags.socket.empty();
  if (!complete) std::fputs(kUsage, stderr);
  return complete;
}

// Freed memory is kept: tensors of the same sizes come back every step, and giving their pages to
// the kernel and getting them again costs a quarter of a step. mallopt takes int.
void KeepFreedMemory() {
  const bool kept = mallopt(M_MMAP_THRESHOLD, 1 << 30) == 1 &&
                    mallopt(M_TRIM_THRESHOLD, INT_MAX) == 1 && mallopt(M_TOP_PAD, 256 << 20) == 1;
  if (!kept) std::fprintf(stderr, "tutti-trainer: mallopt refused; training will be slower\n");
}

// A trainer never outlives its parent (the worker's launcher, or mpirun's daemon).
void DieWithParent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
}

}  // namespace
}  // namespace tutti::trainer

int main(int argc, char** argv) {
  using namespace tutti::trainer;
  const pid_t parent = getppid();
  const std::string_view only = argc == 2 ? argv[1] : "";
  if (only == "--version") return std::printf("tutti-trainer %s\n", TUTTI_VERSION), 0;
  if (only == "--help") return std::fputs(kUsage, stdout), 0;
  TrainerFlags flags;
  if (!ParseFlags(argc, argv, flags)) return 2;
  DieWithParent(parent);
  KeepFreedMemory();
  return flags.standalone ? RunStandalone(flags) : RunWithWorker(flags);
}
