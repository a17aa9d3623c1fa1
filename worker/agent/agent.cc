#include "worker/agent/agent.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "worker/agent/log.h"

namespace tutti::worker {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

constexpr milliseconds kLastReports{2000};  // how long a stopping worker waits for its last acks
constexpr std::size_t kMaxSocketPath = 90;  // tutti-entrypoint appends "/socket"

// Does the coordinator's state directory lie on this machine too?
bool SharesStateDirectory(const Welcomed& welcome) {
  if (welcome.state_dir.empty() || welcome.nonce.empty()) return false;
  std::ifstream file(welcome.state_dir + "/nonce", std::ios::binary);
  if (!file) return false;
  std::string text((std::istreambuf_iterator<char>(file)), {});
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text == welcome.nonce;
}

}  // namespace

Result<std::string> ShortPath(const fs::path& work_dir, const std::string& name) {
  const std::string plain = (fs::absolute(work_dir) / name).string();
  if (plain.size() <= kMaxSocketPath) return plain;
  const std::string folder = "/tmp/tutti-" + std::to_string(::geteuid());
  struct stat info{};
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "making " + folder);
  }
  if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) ||
      info.st_uid != ::geteuid() || (info.st_mode & 077) != 0) {
    return Error(ErrorCode::kPermissionDenied,
                 folder + " is not a private directory of this user; remove it");
  }
  std::string flat = std::to_string(::getpid()) + "-" + name;
  std::replace(flat.begin(), flat.end(), '/', '-');
  return folder + "/" + flat;
}

Result<FileDescriptor> LockWorkDirectory(const fs::path& directory, milliseconds patience) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return ErrnoError(error.value(), "making " + directory.string());
  const std::string path = (directory / "lock").string();
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return ErrnoError(errno, "opening " + path);
  const auto until = Agent::Clock::now() + patience;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (Agent::Clock::now() >= until) {
      return FailedPrecondition("another worker uses " + directory.string() +
                                "; give this one its own --name or --work-dir");
    }
    ::usleep(20'000);
  }
  return file;
}

Result<std::unique_ptr<Agent>> Agent::Create(AgentOptions options, Launcher launcher) {
  options.work_dir = fs::absolute(options.work_dir);
  std::error_code error;
  for (const char* folder : {"", "logs", "checkpoints"}) {
    fs::create_directories(options.work_dir / folder, error);
    if (error) {
      return ErrnoError(error.value(), "making " + (options.work_dir / folder).string());
    }
  }
  ::chmod(options.work_dir.c_str(), 0700);
  fs::remove_all(options.work_dir / "programs", error);  // of an earlier worker
  TUTTI_ASSIGN_OR_RETURN(const std::string socket, ShortPath(options.work_dir, "trainers.sock"));
  options.program.socket = socket;
  options.program.directory = options.work_dir.string();
  auto agent = std::unique_ptr<Agent>(new Agent(std::move(options), std::move(launcher)));
  TUTTI_ASSIGN_OR_RETURN(agent->outbox_, ReportOutbox::Create(agent->options_.work_dir / "spool",
                                                              agent->options_.spool));
  Agent* self = agent.get();
  TrainerLink::Events events;
  events.on_hello = [self](TrainerRank who, const Record&) {
    Entry* entry = self->Find(who.allocation);
    return entry != nullptr && entry->gang->OnHello(who.rank, Clock::now());
  };
  events.on_record = [self](TrainerRank who, Record&& record) {
    if (Entry* entry = self->Find(who.allocation)) {
      // What it printed before belongs to this attempt, not to the next.
      if (record.type() == "done" && entry->output) entry->output->Drain();
      entry->gang->OnRecord(who.rank, std::move(record), Clock::now());
    }
  };
  events.on_remote_exec = [self](const Record& request) {
    return self->ForwardRemoteExec(request);
  };
  events.on_closed = [self](TrainerRank who, const std::string& why) {
    if (Entry* entry = self->Find(who.allocation)) {
      entry->gang->OnRankClosed(who.rank, why, Clock::now());
    }
  };
  TUTTI_ASSIGN_OR_RETURN(agent->trainers_,
                         TrainerLink::Listen(*agent->loop_, socket, std::move(events)));
  return agent;
}

Agent::Agent(AgentOptions options, Launcher launcher)
    : options_(std::move(options)),
      loop_(std::make_unique<EventLoop>()),
      launcher_(std::move(launcher)),
      memory_(options_.devices.cuda) {
  EventLoop* loop = loop_.get();
  const auto wake = [loop] { loop->Wake(); };
  transfer_ = std::make_unique<CheckpointTransfer>(wake);
  link_ = std::make_unique<CoordinatorLink>(options_.coordinator, options_.node,
                                            options_.jitter_seed, wake, Clock::now());
  // Only wakes the loop: launcher events are read between rounds, see ReadLauncher.
  loop_->Watch(launcher_.fd(), EPOLLIN, [](std::uint32_t) {});
}

Agent::~Agent() {
  link_->Close();
  loop_->Unwatch(launcher_.fd());
}

void Agent::Turn(milliseconds longest) {
  const Time now = Clock::now();
  HandleSession(now);
  HandleTransfers(now);
  ReadLauncher();
  CheckContact(now);
  ApplyDesired(now);
  trainers_->CloseBroken();
  for (auto& [id, entry] : gangs_) {
    entry.gang->OnTick(now);
    const bool over = entry.gang->state() == GangState::kStopping;
    if (over && !entry.launched) entry.gang->OnGone({});
  }
  memory_.Tick(now);
  SendUp(now);
  const auto flushed = launcher_.Flush();
  if (!flushed) fatal_ = flushed.error().ToString();
  if (!fatal_.empty()) return;
  loop_->RunOnce(flushed && *flushed ? Patience(now, longest)
                                     : std::min(longest, milliseconds(5)));
  // What the round brought goes up at once.
  SendUp(Clock::now());
}

milliseconds Agent::Patience(Time now, milliseconds longest) const {
  Time until = now + std::min(longest, gangs_.empty() ? milliseconds(1000) : milliseconds(200));
  if (const auto attempt = link_->next_attempt()) until = std::min(until, *attempt);
  if (link_->session() != nullptr) {
    until = std::min(until, last_report_at_ + heartbeat_);
    if (!telemetry_.empty()) until = std::min(until, telemetry_.due());
  }
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - now));
}

void Agent::HandleSession(Time now) {
  for (SessionEvent& event : link_->Poll(now)) {
    if (const auto* welcome = std::get_if<Welcomed>(&event)) {
      OnWelcome(*welcome);
    } else if (auto* desired = std::get_if<DesiredArrived>(&event)) {
      desired_ = std::move(desired->state);
    } else if (const auto* exec = std::get_if<RemoteExecArrived>(&event)) {
      ApplyDesired(now);  // the allocation may have come just before
      OnRemoteExec(*exec);
    } else if (const auto* ack = std::get_if<AckArrived>(&event)) {
      OnAck(*ack, now);
    }
  }
  if (!link_->refused().empty()) {
    fatal_ = "the coordinator refused this worker: " + link_->refused();
  }
  transfer_->SetAddress(link_->session() != nullptr ? link_->address() : "");
}

void Agent::OnWelcome(const Welcomed& welcome) {
  if (welcome.self_kill_after_ms > 0) self_kill_after_ = milliseconds(welcome.self_kill_after_ms);
  if (welcome.heartbeat_ms > 0) heartbeat_ = milliseconds(welcome.heartbeat_ms);
  shares_state_dir_ = SharesStateDirectory(welcome);
  state_dir_ = welcome.state_dir;
  report_due_ = true;
  outbox_->RewindAll();
}

void Agent::OnAck(const AckArrived& ack, Time now) {
  outbox_->OnAck(ack);
  if (ack.outcome != AckArrived::Outcome::kFenced) return;
  for (auto& [id, entry] : gangs_) {
    const auto attempts = entry.gang->attempts();
    const bool here = std::any_of(attempts.begin(), attempts.end(), [&](const ActualAttempt& a) {
      return a.attempt == ack.attempt && a.phase != ActualAttempt::Phase::kEnded;
    });
    if (!here) continue;
    LogWarning("attempt " + ToString(ack.attempt) + " was replaced; stopping it");
    entry.gang->StopAttempt(ack.attempt, StopHow::kKill, now);
  }
}

void Agent::HandleTransfers(Time now) {
  for (const CheckpointTransfer::Finished& finished : transfer_->Take()) {
    const CheckpointTransfer::Job& job = finished.job;
    if (!finished.status) {
      LogWarning("checkpoint " + job.name + ": " + finished.status.error().ToString());
    }
    if (job.kind == CheckpointTransfer::Job::Kind::kUpload) {
      if (finished.status) {
        outbox_->Release(job.attempt, job.ticket);
      } else {
        telemetry_.Log(job.attempt, "checkpoint " + job.name + " was not stored: " +
                                        finished.status.error().ToString());
        outbox_->Discard(job.attempt, job.ticket);
      }
      continue;
    }
    Entry* entry = Find(job.allocation);
    if (entry == nullptr) continue;
    if (finished.status) {
      if (job.ticket == 0) entry->gang->Prepared(job.attempt, now);  // else another one follows
    } else {
      entry->gang->Refuse(job.attempt, {"error", "INFRA",
                                        "its checkpoint " + job.name + " could not be fetched: " +
                                            finished.status.error().ToString(), 0, 0});
      entry->gang->Prepared(job.attempt, now);  // those behind it may go on
    }
  }
}

void Agent::ReadLauncher() {
  const auto events = launcher_.Read();
  if (!events) {
    // Its children were killed with it (PR_SET_PDEATHSIG); without it nothing can be started.
    fatal_ = "the launcher process is gone: " + events.error().ToString();
    return;
  }
  for (const LaunchEvent& event : *events) OnLaunchEvent(event);
}

void Agent::CheckContact(Time now) {
  if (now - link_->last_contact() < self_kill_after_) {
    self_killed_ = false;
    return;
  }
  if (self_killed_ || gangs_.empty()) return;
  self_killed_ = true;
  const std::string why = "no contact with the coordinator for " +
                          std::to_string(self_kill_after_.count() / 1000) + " s";
  LogError(why + "; stopping all gangs");
  for (auto& [id, entry] : gangs_) entry.gang->Stop({"error", "INFRA", why, 0, 0}, now);
}

NodeReport Agent::MakeReport() const {
  NodeReport report;
  report.shares_state_dir = shares_state_dir_;
  for (const auto& [id, entry] : gangs_) {
    AllocationReport status;
    status.allocation = id;
    status.state = entry.gang->state();
    // "Exited" makes the coordinator write off what is left of the attempts; their own reports,
    // which say how they ended, come first.
    if (status.state == GangState::kExited && ReportsPending(*entry.gang)) {
      status.state = GangState::kStopping;
    }
    for (const ActualAttempt& attempt : entry.gang->attempts()) {
      status.attempts.push_back(attempt.attempt);
    }
    status.message = entry.gang->message();
    status.peak_memory_bytes = memory_.PeakOf(id);
    report.allocations.push_back(std::move(status));
  }
  return report;
}

void Agent::SendUp(Time now) {
  Session* session = link_->session();
  if (session == nullptr) return;
  NodeReport report = MakeReport();
  if (report_due_ || report != last_report_ || now >= last_report_at_ + heartbeat_) {
    if (session->SendNode(report)) {
      last_report_ = std::move(report);
      last_report_at_ = now;
      report_due_ = false;
    }
  }
  outbox_->Pump(*session);
  telemetry_.Flush(*session, now);
}

void Agent::BeginShutdown() {
  if (stopping_) return;
  stopping_ = true;
  for (auto& [id, entry] : gangs_) {
    entry.gang->Stop({"preempted", "", "its worker was stopped", 0, 0}, Clock::now());
  }
}

bool Agent::ShutdownDone() {
  if (!stopping_) return false;
  bool pending = false;
  for (const auto& [id, entry] : gangs_) {
    if (entry.gang->state() != GangState::kExited) return false;
    pending = pending || ReportsPending(*entry.gang);
  }
  if (!pending || link_->session() == nullptr) return true;
  if (!all_gone_at_) all_gone_at_ = Clock::now();
  return Clock::now() - *all_gone_at_ > kLastReports;
}

}  // namespace tutti::worker
