// tutti-entrypoint: runs any program as a trainer. Started by tutti-worker; see README.md.

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "worker/entrypoint/host.h"

extern char** environ;

namespace tutti::entrypoint {
namespace {

constexpr char kUsage[] =
    "tutti-entrypoint runs any program as a trainer. tutti-worker starts it; docs/records.md says\n"
    "what programs and it say to each other.\n"
    "  --socket PATH      socket of the worker\n"
    "  --allocation N     allocation that it belongs to\n"
    "  --world N          processes of the program, one per slot\n"
    "  --slots A,B,…      slots of the gang\n"
    "  --threads N        threads for each process\n"
    "  --device NAME      cpu or cuda\n"
    "  --directory DIR    a directory for its own files; emptied at the start\n";

Result<int> NumberOf(const std::string& text, const std::string& flag) {
  std::istringstream in(text);
  int value = 0;
  if (!(in >> value) || !in.eof() || value < 1) {
    return InvalidArgument(flag + " is '" + text + "', expected a whole number of at least 1");
  }
  return value;
}

Result<HostOptions> ReadFlags(int argc, char** argv) {
  HostOptions options;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 >= argc) return InvalidArgument(flag + " needs a value");
    const std::string value = argv[i + 1];
    if (flag == "--socket") {
      options.socket = value;
    } else if (flag == "--allocation") {
      options.allocation = std::atoll(value.c_str());
    } else if (flag == "--world") {
      TUTTI_ASSIGN_OR_RETURN(options.crew.world, NumberOf(value, flag));
    } else if (flag == "--threads") {
      TUTTI_ASSIGN_OR_RETURN(options.crew.threads, NumberOf(value, flag));
    } else if (flag == "--slots") {
      std::istringstream list(value);
      for (std::string slot; std::getline(list, slot, ',');) options.crew.slots.push_back(slot);
    } else if (flag == "--device") {
      options.crew.device = value;
    } else if (flag == "--directory") {
      options.directory = value;
    } else {
      return InvalidArgument("unknown flag " + flag);
    }
  }
  if (options.socket.empty() || options.directory.empty()) {
    return InvalidArgument("--socket and --directory are needed");
  }
  for (char** item = environ; *item != nullptr; ++item) {
    // Every process gets this mark when it is started.
    if (!std::string_view(*item).starts_with("TUTTI_GANG=")) options.inherited.push_back(*item);
  }
  return options;
}

int Main(int argc, char** argv) {
  if (argc < 2 || std::string(argv[1]) == "--help") {
    (argc < 2 ? std::cerr : std::cout) << kUsage;
    return argc < 2 ? 2 : 0;
  }
  auto options = ReadFlags(argc, argv);
  if (!options) {
    std::cerr << "tutti-entrypoint: " << options.error().ToString() << "\n" << kUsage;
    return 2;
  }
  // Nothing that a program leaves behind gets away.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::signal(SIGPIPE, SIG_IGN);
  // Before the first thread starts, so that all of them leave these signals to the loop.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const worker::FileDescriptor signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  auto host = Host::Create(std::move(*options));
  if (!host) {
    std::cerr << "tutti-entrypoint: " << host.error().ToString() << "\n";
    return 1;
  }
  (*host)->loop().Watch(signals.get(), EPOLLIN, [&](std::uint32_t) {
    signalfd_siginfo info;
    while (::read(signals.get(), &info, sizeof(info)) == sizeof(info)) {
      if (info.ssi_signo == SIGTERM) (*host)->OnTerminate();
      if (info.ssi_signo == SIGCHLD) (*host)->OnChildSignal();
    }
  });
  while (!(*host)->finished()) (*host)->Turn();
  (*host)->loop().Unwatch(signals.get());
  return 0;
}

}  // namespace
}  // namespace tutti::entrypoint

int main(int argc, char** argv) { return tutti::entrypoint::Main(argc, argv); }
