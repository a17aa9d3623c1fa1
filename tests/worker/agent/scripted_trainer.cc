// A real trainer process without torch: speaks docs/records.md on the worker's socket and does what
// the run's configuration tells it, step by step. config: {"script": [STEP, …]} with
//   {"do": "epoch"}                       report epoch k
//   {"do": "evaluation", "bytes": n}      report an evaluation with n bytes of payload
//   {"do": "checkpoint", "name": "…"}     write one file below checkpoint_root, report it
//   {"do": "result", "bytes": n}          report a result: what `run` said of the task, the sum of its
//                                         payload's bytes, and n bytes of payload
//   {"do": "print", "text": "…"}          a line on standard output
//   {"do": "signal", "number": n}         send itself a signal
//   {"do": "exit", "code": n}             end without a word
//   {"do": "error", "class": "…", "message": "…"}   done with error, then exit code 1
//   {"do": "wait"}                        until it is told to stop
//   {"do": "hang"}                        never answer again, ignore TERM
// A step with "rank": r is for that rank only. After the last step: done, completed.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "experiments/core/record.h"

namespace {

using tutti::Json;
using tutti::Record;

struct Link {
  int socket = -1;
  tutti::RecordDecoder decoder;

  void Send(Record record) {
    const std::string bytes = tutti::EncodeRecord(record);
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (n <= 0) std::exit(3);
      done += static_cast<std::size_t>(n);
    }
  }
  Record Receive() {
    Record record;
    while (true) {
      const auto outcome = decoder.Next(record);
      if (!outcome) std::exit(4);
      if (*outcome == tutti::RecordDecoder::Outcome::kRecord) return record;
      char buffer[65536];
      const ssize_t n = ::recv(socket, buffer, sizeof(buffer), 0);
      if (n <= 0) std::exit(5);
      decoder.Feed({buffer, static_cast<std::size_t>(n)});
    }
  }
};

void Hang() {
  ::signal(SIGTERM, SIG_IGN);
  while (true) ::pause();
}

std::string Done(Link& link, std::int64_t attempt, const char* outcome, const std::string& cls = "",
                 const std::string& message = "") {
  link.Send({Json::MakeObject({{"type", "done"},
                               {"attempt", attempt},
                               {"outcome", outcome},
                               {"class", cls},
                               {"message", message}}),
             ""});
  return outcome;
}

// Returns the outcome that was reported.
std::string RunAttempt(Link& link, const Record& run, int rank) {
  const std::int64_t attempt = run.header["attempt"].AsInt();
  const auto send = [&](Json header, std::string payload = "") {
    header.Set("attempt", attempt);
    if (rank == 0) link.Send({std::move(header), std::move(payload)});
  };
  send(Json::MakeObject({{"type", "started"}, {"parameters", 10}, {"pid", ::getpid()}}));
  std::int64_t epoch = 0;
  for (const Json& step : run.header["config"]["script"].AsArray()) {
    if (const Json* only = step.Find("rank"); only != nullptr && only->AsInt() != rank) continue;
    const std::string& what = step["do"].AsString();
    if (what == "epoch") {
      ++epoch;
      send(Json::MakeObject({{"type", "epoch"}, {"epoch", epoch}, {"step", epoch * 10}}));
    } else if (what == "evaluation") {
      send(Json::MakeObject({{"type", "evaluation"}, {"epoch", epoch}}),
           std::string(static_cast<std::size_t>(step["bytes"].AsInt()), 'x'));
    } else if (what == "result") {
      std::int64_t sum = 0;
      for (const char byte : run.payload) sum += static_cast<unsigned char>(byte);
      send(Json::MakeObject({{"type", "result"},
                             {"task_id", run.header["task_id"]},
                             {"task", run.header.Find("task") ? run.header["task"] : Json()},
                             {"weights_from", run.header["weights_from"]},
                             {"weights_sha256", run.header["weights_sha256"]},
                             {"input_bytes", static_cast<std::int64_t>(run.payload.size())},
                             {"input_sum", sum}}),
           std::string(static_cast<std::size_t>(step["bytes"].AsInt()), 'r'));
    } else if (what == "checkpoint") {
      const std::string& name = step["name"].AsString();
      const auto folder = std::filesystem::path(run.header["checkpoint_root"].AsString()) / name;
      std::filesystem::create_directories(folder);
      std::ofstream(folder / "manifest.json") << "{\"step\":" << epoch << "}";
      send(Json::MakeObject({{"type", "checkpoint"}, {"name", name}, {"epoch", epoch}}));
    } else if (what == "print") {
      std::printf("%s\n", step["text"].AsString().c_str());
      std::fflush(stdout);
    } else if (what == "signal") {
      ::kill(::getpid(), static_cast<int>(step["number"].AsInt()));
    } else if (what == "exit") {
      std::_Exit(static_cast<int>(step["code"].AsInt()));
    } else if (what == "error") {
      Done(link, attempt, "error", step["class"].AsString(), step["message"].AsString());
      std::_Exit(1);
    } else if (what == "wait") {
      const Record stop = link.Receive();
      if (stop.type() == "shutdown") std::exit(0);
      const std::map<std::string, const char*> outcomes = {
          {"checkpoint", "preempted"}, {"finish", "finished"}, {"kill", "killed"}};
      return Done(link, attempt, outcomes.at(stop.header["how"].AsString()));
    } else if (what == "hang") {
      Hang();
    }
  }
  return Done(link, attempt, "completed");
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags;
  for (int i = 1; i + 1 < argc; i += 2) flags[argv[i]] = argv[i + 1];
  const auto number = [&](const char* flag) {
    return static_cast<std::int64_t>(std::stoll(flags[flag]));
  };
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char* mpi_rank = std::getenv("OMPI_COMM_WORLD_RANK");
  const int rank = mpi_rank != nullptr ? std::atoi(mpi_rank) : 0;

  Link link;
  link.socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, flags["--socket"].c_str(), sizeof(address.sun_path) - 1);
  if (::connect(link.socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror("connect");
    return 2;
  }
  link.Send({Json::MakeObject({{"type", "hello"},
                               {"allocation", number("--allocation")},
                               {"rank", rank},
                               {"world", number("--world")},
                               {"pid", ::getpid()}}),
             ""});
  while (true) {
    const Record record = link.Receive();
    if (record.type() == "shutdown") return 0;
    if (record.type() == "run") RunAttempt(link, record, rank);
  }
}
