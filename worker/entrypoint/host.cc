#include "worker/entrypoint/host.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "worker/process/oom_count.h"

namespace tutti::entrypoint {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAlive{10'000};    // how often the worker hears that the host lives
constexpr milliseconds kPolite{3000};     // an idle program ends by itself after `shutdown`
constexpr milliseconds kBurying{5};       // between looks at processes that are being killed

// A port of the loopback device that nobody uses now; 0 if there is none.
int FreePort() {
  const worker::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

}  // namespace

Result<std::unique_ptr<Host>> Host::Create(HostOptions options) {
  auto host = std::unique_ptr<Host>(new Host(std::move(options)));
  Host* self = host.get();
  TUTTI_ASSIGN_OR_RETURN(
      host->channel_, ProgramChannel::Open(host->loop_, host->options_.directory,
                                           host->options_.crew.world, self->ChannelEvents()));
  TUTTI_ASSIGN_OR_RETURN(
      host->link_, WorkerLink::Connect(
                       host->loop_, host->options_.socket,
                       [self](Record&& record) { self->OnRecord(std::move(record)); },
                       [self] { self->ending_ = true; }));
  host->link_->Send({Json::MakeObject({{"type", "hello"},
                                       {"allocation", host->options_.allocation},
                                       {"rank", 0},
                                       {"world", 1},
                                       {"pid", static_cast<std::int64_t>(::getpid())}}),
                     ""});
  return host;
}

Host::Host(HostOptions options)
    : options_(std::move(options)), desk_([this] { loop_.Wake(); }) {}

void Host::OnRecord(Record&& record) {
  const std::string_view type = record.type();
  if (type == "run") return OnRun(record);
  if (type == "stop") return OnStop(record.header);
  if (type == "shutdown") {
    ending_ = true;
    return;
  }
  if (type != "run_until" || !attempt_) return;
  const auto attempt = record.header.GetInt("attempt");
  const auto run_until = record.header.GetInt("run_until");
  if (!attempt || !run_until || *attempt != attempt_->order.attempt) return;
  // A program that is stopping already ends as "held"; its next attempt goes on from there.
  attempt_->order.run_until = *run_until;
  if (attempt_->holding || attempt_->phase != Phase::kRunning) return;
  for (int rank = 0; rank < options_.crew.world; ++rank) {
    channel_->Send(rank, Json::MakeObject({{"type", "run_until"}, {"run_until", *run_until}}));
  }
}

void Host::OnRun(const Record& record) {
  auto order = ReadOrder(record);
  attempt_.emplace();
  if (!order) {
    const auto id = record.header.GetInt("attempt");
    attempt_->order.attempt = id ? *id : 0;
    return Finish({"error", "USER", order.error().ToString()});
  }
  attempt_->order = std::move(*order);
  if (attempt_->order.task) {
    link_->Send({Json::MakeObject(
                     {{"type", "result"},
                      {"attempt", attempt_->order.attempt},
                      {"task_id", record.header["task_id"]},
                      {"error", Json::MakeObject(
                                    {{"code", "FAILED_PRECONDITION"},
                                     {"message", "the network of an entrypoint is known only to "
                                                 "its program; it cannot be evaluated here"}})}}),
                 ""});
    return Finish({"completed", "", ""});
  }
  if (attempt_->order.resume_from.empty()) return;
  attempt_->phase = Phase::kVerifying;
  CheckpointDesk::Job job;
  job.kind = CheckpointDesk::Job::Kind::kVerify;
  job.attempt = attempt_->order.attempt;
  job.root = attempt_->order.checkpoint_root;
  job.name = attempt_->order.resume_from;
  job.sha256 = attempt_->order.resume_sha256;
  desk_.Add(std::move(job));
}

void Host::OnStop(const Json& header) {
  const auto attempt = header.GetInt("attempt");
  const auto how = header.GetString("how");
  if (!attempt_ || !attempt || *attempt != attempt_->order.attempt) return;
  const Stop stop = how && *how == "finish"       ? Stop::kFinish
                    : how && *how == "checkpoint" ? Stop::kCheckpoint
                                                  : Stop::kKill;
  if (stop <= attempt_->stop) return;
  attempt_->stop = stop;
  if (attempt_->phase == Phase::kVerifying || attempt_->phase == Phase::kStarting) {
    return Finish({stop == Stop::kFinish       ? "finished"
                   : stop == Stop::kCheckpoint ? "preempted"
                                               : "killed",
                   "", "stopped before its program began"});
  }
  if (attempt_->phase == Phase::kEnding) return;
  if (stop == Stop::kKill) return BeginEnding(false);
  TellStop(stop, std::chrono::steady_clock::now());
}

void Host::OnTerminate() {
  processes_.Terminate();
  ending_ = true;
}

void Host::Turn() {
  loop_.RunOnce(Patience(std::chrono::steady_clock::now()));
  if (std::exchange(child_died_, false)) processes_.Reap();
  const Time now = std::chrono::steady_clock::now();
  HandleDesk();
  Step(now);
  if (now - last_alive_ >= kAlive) {
    last_alive_ = now;
    link_->Send({Json::MakeObject({{"type", "alive"}}), ""});
  }
}

milliseconds Host::Patience(Time now) const {
  if (polite_until_ || ending_ || (attempt_ && attempt_->phase == Phase::kEnding)) return kBurying;
  milliseconds longest{1000};
  if (!attempt_) return longest;
  // A round of callbacks may have left something for Step.
  if (attempt_->phase == Phase::kStarting) return milliseconds(0);
  for (const auto& at : {attempt_->term_at, attempt_->kill_at}) {
    if (at) longest = std::min(longest, std::chrono::ceil<milliseconds>(*at - now));
  }
  return std::max(milliseconds(0), longest);
}

void Host::Step(Time now) {
  if (ending_) {
    // The worker is gone, or has no use for it: nobody hears how an attempt ends.
    const bool politely = !attempt_ || attempt_->phase != Phase::kRunning;
    finished_ = EndProgram(now, politely);
    return;
  }
  if (attempt_) CheckTimers(now);
  // Each may lead to the next at once.
  if (attempt_ && attempt_->phase == Phase::kStarting) StepStarting(now);
  if (Running()) StepRunning(now);
  if (attempt_ && attempt_->phase == Phase::kEnding) StepEnding();
  // A warm program that ended while it had nothing to do.
  if (!attempt_ && processes_.started() && !processes_.alive()) EndProgram(now, false);
}

bool Host::EndProgram(Time now, bool politely) {
  if (processes_.started() && politely && processes_.alive()) {
    if (!polite_until_) {
      for (int rank = 0; rank < options_.crew.world; ++rank) {
        channel_->Send(rank, Json::MakeObject({{"type", "shutdown"}}));
      }
      polite_until_ = now + kPolite;
    }
    if (now < *polite_until_) return false;
    if (!polite_term_) {
      polite_term_ = true;
      processes_.Terminate();
      polite_until_ = now + kPolite;
      return false;
    }
  }
  if (processes_.started() && !processes_.Kill()) return false;
  if (processes_.started()) {
    processes_.Clear();
    channel_->Reset();
  }
  polite_until_.reset();
  polite_term_ = false;
  warm_.clear();
  return true;
}

void Host::StepStarting(Time now) {
  const AttemptOrder& order = attempt_->order;
  if (order.run_until > 0 && attempt_->resume.time >= order.run_until) {
    return Finish({"held", "", "its checkpoint is at " + std::to_string(attempt_->resume.time) +
                                   " already"});
  }
  processes_.Reap();
  if (processes_.started()) {
    bool usable = program_ == order.program && !polite_until_ && !processes_.end();
    for (int rank = 0; rank < options_.crew.world; ++rank) {
      usable = usable && warm_[static_cast<std::size_t>(rank)] && channel_->Connected(rank);
    }
    if (usable) {
      Begin(now);
      attempt_->untried = true;
      for (int rank = 0; rank < options_.crew.world; ++rank) {
        channel_->Send(rank, RunMessage(order, channel_->places(), options_.crew,
                                        attempt_->resume, rank));
      }
      return;
    }
    if (!EndProgram(now, true)) return;
  }
  Launch(now);
}

void Host::Launch(Time now) {
  const AttemptOrder& order = attempt_->order;
  if (options_.crew.world > 1) options_.crew.master_port = FreePort();
  std::vector<std::vector<std::string>> environments;
  for (int rank = 0; rank < options_.crew.world; ++rank) {
    environments.push_back(EnvironmentOf(order, channel_->places(), options_.crew,
                                         attempt_->resume, rank, options_.inherited));
  }
  program_ = order.program;
  oom_kills_before_ = worker::OomKillCount();
  warm_.assign(static_cast<std::size_t>(options_.crew.world), false);
  const Status started =
      processes_.Start(order.program.argv, order.program.directory, environments);
  if (!started) {
    return Finish({"error", "USER",
                   "the program could not be started: " + started.error().ToString()});
  }
  Begin(now);
}

void Host::Begin(Time now) {
  attempt_->phase = Phase::kRunning;
  attempt_->done.assign(static_cast<std::size_t>(options_.crew.world), false);
  attempt_->last_word = now;
  const Resume& resume = attempt_->resume;
  attempt_->reports.emplace(attempt_->order, resume.epoch, resume.step, resume.time);
  channel_->SetStop("");
  if (std::exchange(attempt_->told_started, true)) return;
  link_->Send({Json::MakeObject({{"type", "started"},
                                 {"attempt", attempt_->order.attempt},
                                 {"resumed_from_step", resume.step},
                                 {"resumed_from_epoch", resume.epoch},
                                 {"device", options_.crew.device}}),
               ""});
}

void Host::StepRunning(Time now) {
  const bool failed =
      processes_.end() && (processes_.end()->exit_code != 0 || processes_.end()->signal != 0);
  bool all_done = true, all_warm = true;
  for (int rank = 0; rank < options_.crew.world; ++rank) {
    const auto index = static_cast<std::size_t>(rank);
    const bool done = warm_[index] && attempt_->done[index];
    all_warm = all_warm && done;
    all_done = all_done && (done || !processes_.RankAlive(rank));
  }
  if (!failed && !all_done) return;
  // What it said before it ended counts; what it says may end the attempt otherwise.
  if (processes_.end()) channel_->Drain();
  if (Running() && failed && attempt_->untried && processes_.end()->signal != 0) {
    // Killed while it had nothing to do, before it saw this attempt: a new process, once.
    attempt_->untried = false;
    attempt_->phase = Phase::kStarting;
    EndProgram(now, false);
    return;
  }
  if (Running()) BeginEnding(all_warm && !processes_.end());
}

void Host::BeginEnding(bool keep_program) {
  attempt_->phase = Phase::kEnding;
  attempt_->keep_program = keep_program;
  attempt_->exit = processes_.end();
}

void Host::StepEnding() {
  if (!attempt_->keep_program && !EndProgram(std::chrono::steady_clock::now(), false)) return;
  if (desk_.open() > 0) return;  // its last checkpoint comes before its end
  Finish(Outcome());
}

Host::End Host::Outcome() const {
  const Attempt& a = *attempt_;
  const ProgramEnd exit = a.exit.value_or(ProgramEnd{});
  End end{"completed", "", a.said ? a.said->message : "", exit.exit_code, exit.signal};
  if (a.stop == Stop::kKill) return {"killed", "", "", exit.exit_code, exit.signal};
  if (a.said && a.said->outcome == "error") {
    end.outcome = "error";
    end.failure = a.said->failure;
    return end;
  }
  int signal = exit.signal;
  if (signal == 0 && exit.exit_code > 128 && exit.exit_code < 128 + NSIG) {
    signal = exit.exit_code - 128;  // what shells make of a signal
  }
  if ((exit.exit_code != 0 || signal != 0) && !a.terminated && !a.said) {
    end.outcome = "error";
    end.signal = signal;
    const char* name = ::sigabbrev_np(signal);
    const bool oom = signal == SIGKILL && worker::OomKillCount() > oom_kills_before_;
    end.failure = oom ? "OOM" : signal != 0 ? "INFRA" : "USER";
    end.message =
        oom ? "the kernel's out-of-memory killer ended the program"
        : signal != 0
            ? "the program was ended by signal " + std::to_string(signal) +
                  (name != nullptr ? " (SIG" + std::string(name) + ")" : std::string())
            : "the program ended with exit code " + std::to_string(exit.exit_code) +
                  "; its output is in the trial's log";
    return end;
  }
  const std::int64_t time = a.reports ? a.reports->time() : 0;
  if (a.order.max_time > 0 && time >= a.order.max_time) return end;
  if (a.stop == Stop::kFinish) end.outcome = "finished";
  if (a.stop == Stop::kCheckpoint) end.outcome = "preempted";
  if (a.stop == Stop::kNone && (a.holding || (a.order.run_until > 0 && time >= a.order.run_until))) {
    end.outcome = "held";
  }
  return end;
}

void Host::Finish(const End& end) {
  link_->Send({Json::MakeObject({{"type", "done"},
                                 {"attempt", attempt_->order.attempt},
                                 {"outcome", end.outcome},
                                 {"class", end.failure},
                                 {"message", end.message},
                                 {"exit_code", end.exit_code},
                                 {"signal", end.signal},
                                 // Of a program that is kept the worker sees it.
                                 {"peak_memory_bytes", processes_.started()
                                                           ? std::int64_t{0}
                                                           : processes_.peak_memory_bytes()}}),
               ""});
  attempt_.reset();
}

void Host::CheckTimers(Time now) {
  if (!Running()) return;
  Attempt& a = *attempt_;
  if (a.kill_at && now >= *a.kill_at) return BeginEnding(false);
  if (a.term_at && now >= *a.term_at) {
    a.term_at.reset();
    a.terminated = true;
    a.kill_at = now + a.order.limits.term_grace;
    Log("(tutti) the program did not end by itself; it gets SIGTERM");
    processes_.Terminate();
  }
  if (now - a.last_word >= a.order.limits.progress) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(a.order.limits.progress).count();
    a.said = End{"error", "HANG",
                 "no word from the program for " + std::to_string(seconds) +
                     " s (environment.TUTTI_PROGRESS_LIMIT sets this limit)"};
    BeginEnding(false);
  }
}

}  // namespace tutti::entrypoint
