#include "worker/agent/gang.h"

#include <algorithm>
#include <csignal>
#include <cstring>

namespace tutti::worker {
namespace {

constexpr auto kNow = std::chrono::milliseconds(0);

std::string SignalText(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return "signal " + std::to_string(signal) +
         (name != nullptr ? " (SIG" + std::string(name) + ")" : "");
}

// How many of its ranks are on this node.
std::size_t RanksHere(const DesiredAllocation& order) {
  return order.parts.empty() ? static_cast<std::size_t>(order.world_size) : order.slots.size();
}

AttemptEnd GivenBack(const std::string& why) { return {"preempted", "", why, 0, 0}; }

}  // namespace

AttemptEnd ClassifyEnd(const ProcessEnd& end) {
  AttemptEnd result{"error", "INFRA", "", end.exit_code, end.signal};
  if (result.signal == 0 && end.exit_code > 128 && end.exit_code < 128 + NSIG) {
    result.signal = end.exit_code - 128;
  }
  if (end.oom_kill && (result.signal == SIGKILL || result.signal == 0)) {
    result.failure = "OOM";
    result.message = "the kernel's out-of-memory killer ended a trainer process";
  } else if (result.signal != 0) {
    result.message = "a trainer process was ended by " + SignalText(result.signal) +
                     (end.sent_kill && result.signal == SIGKILL ? ", sent by its worker" : "");
  } else if (end.exit_code != 0) {
    result.failure = "USER";
    result.message =
        "the trainer ended with exit code " + std::to_string(end.exit_code) + " without a reason";
  } else {
    result.message = "the trainer ended with exit code 0 before the attempt was done";
  }
  return result;
}

Gang::Gang(DesiredAllocation order, Limits limits, GangHost& host, Time now, bool outlives_errors)
    : order_(std::move(order)),
      limits_(limits),
      host_(host),
      outlives_errors_(outlives_errors),
      connected_(RanksHere(order_), false),
      watch_(static_cast<int>(connected_.size()), limits.sections) {
  watch_.Begin(now);
}

void Gang::SetState(GangState state) {
  if (state == state_) return;
  TUTTI_CHECK(kGangTransitions.Allows(state_, state), "illegal gang transition");
  state_ = state;
}

Gang::Attempt* Gang::Running() {
  for (Attempt& attempt : attempts_) {
    if (attempt.phase == ActualAttempt::Phase::kRunning) return &attempt;
  }
  return nullptr;
}

Gang::Attempt* Gang::Find(AttemptId id) {
  for (Attempt& attempt : attempts_) {
    if (attempt.order.attempt == id) return &attempt;
  }
  return nullptr;
}

AttemptId Gang::running() const {
  const Attempt* attempt = const_cast<Gang*>(this)->Running();
  return attempt != nullptr ? attempt->order.attempt : AttemptId();
}

std::vector<ActualAttempt> Gang::attempts() const {
  std::vector<ActualAttempt> list;
  for (const Attempt& attempt : attempts_) {
    list.push_back({attempt.order.attempt, attempt.phase, attempt.stop_sent,
                    attempt.order.run_until});
  }
  return list;
}

void Gang::End(Attempt& attempt, const AttemptEnd& end) {
  if (attempt.phase == ActualAttempt::Phase::kEnded) return;
  attempt.phase = ActualAttempt::Phase::kEnded;
  attempt.order.input.reset();
  host_.OnEnd(id(), attempt.order, end);
}

void Gang::EndQueued() {
  for (Attempt& attempt : attempts_) {
    if (attempt.phase == ActualAttempt::Phase::kQueued) {
      End(attempt, GivenBack("its gang ended before it began: " + message_));
    }
  }
}

void Gang::Prepared(AttemptId attempt_id, Time now) {
  Attempt* attempt = Find(attempt_id);
  if (attempt == nullptr) return;
  attempt->prepared = true;
  StartNext(now);
}

void Gang::Refuse(AttemptId attempt_id, const AttemptEnd& end) {
  Attempt* attempt = Find(attempt_id);
  if (attempt != nullptr && attempt->phase == ActualAttempt::Phase::kQueued) End(*attempt, end);
}

void Gang::Queue(const DesiredAttempt& order, bool prepared, Time now, bool fits) {
  if (Find(order.attempt) != nullptr) return;
  Attempt attempt;
  attempt.order = order;
  attempt.prepared = prepared;
  attempt.fits = fits;
  attempts_.push_back(std::move(attempt));
  if (state_ == GangState::kStopping || state_ == GangState::kExited) {
    End(attempts_.back(), GivenBack("its gang had ended: " + message_));
  } else if (order.stop != StopHow::kNone) {
    StopAttempt(order.attempt, order.stop, now);
  } else {
    StartNext(now);
  }
}

void Gang::StartNext(Time now) {
  if (state_ != GangState::kReady || Running() != nullptr) return;
  for (Attempt& attempt : attempts_) {
    if (attempt.phase != ActualAttempt::Phase::kQueued) continue;
    if (!attempt.fits) {
      return Stop(GivenBack("the next attempt needs a gang with another program"), now);
    }
    if (!attempt.prepared) break;
    attempt.phase = ActualAttempt::Phase::kRunning;
    attempt.done.assign(connected_.size(), std::nullopt);
    watch_.Begin(now);
    SendToAll(host_.RunRecord(attempt.order));
    if (attempt.stop_sent == StopHow::kFinish) SendStop(attempt, StopHow::kFinish);
    return;
  }
  watch_.End();
}

void Gang::SendToAll(const Record& record) {
  for (std::size_t place = 0; place < connected_.size(); ++place) {
    const int rank = order_.first_rank + static_cast<int>(place);
    if (connected_[place]) host_.SendToRank(id(), rank, record);
  }
}

void Gang::SendStop(Attempt& attempt, StopHow how) {
  attempt.stop_sent = how;
  Record record;
  record.header = Json::MakeObject({{"type", "stop"},
                                    {"attempt", attempt.order.attempt.value},
                                    {"how", kStopHowNames.Name(how)}});
  SendToAll(record);
}

void Gang::StopAttempt(AttemptId attempt_id, StopHow how, Time now) {
  Attempt* attempt = Find(attempt_id);
  if (attempt == nullptr || how <= attempt->stop_sent) return;
  switch (attempt->phase) {
    case ActualAttempt::Phase::kEnded:
      return;
    case ActualAttempt::Phase::kQueued:
      attempt->stop_sent = attempt->order.stop = how;
      // It evaluates what its trial has; the run record says so.
      if (how == StopHow::kFinish && !attempt->order.resume_from.empty()) return StartNext(now);
      return End(*attempt, {how == StopHow::kKill         ? "killed"
                            : how == StopHow::kCheckpoint ? "preempted"
                                                          : "finished",
                            "", "stopped before it began", 0, 0});
    case ActualAttempt::Phase::kRunning:
      SendStop(*attempt, how);
      if (how == StopHow::kKill) attempt->kill_deadline = now + limits_.stop_reply;
      return;
  }
}

void Gang::SetRunUntil(AttemptId attempt_id, std::int64_t run_until) {
  Attempt* attempt = Find(attempt_id);
  if (attempt == nullptr || attempt->order.run_until == run_until) return;
  attempt->order.run_until = run_until;
  if (attempt->phase != ActualAttempt::Phase::kRunning) return;
  SendToAll(Record{Json::MakeObject({{"type", "run_until"},
                                     {"attempt", attempt_id.value},
                                     {"run_until", run_until}}),
                   ""});
}

void Gang::Terminate() {
  if (term_sent_) return;
  term_sent_ = true;
  term_at_.reset();
  host_.StopProcesses(id(), limits_.grace);
}

void Gang::Fail(const AttemptEnd& cause, std::chrono::milliseconds wait, Time now) {
  if (state_ == GangState::kStopping || state_ == GangState::kExited) return;
  if (!cause.outcome.empty()) cause_ = cause;
  const bool was_starting = state_ == GangState::kStarting;
  if (message_.empty()) message_ = cause.message.empty() ? note_ : cause.message;
  SetState(GangState::kStopping);
  watch_.End();
  // A gang that fails while it starts fails its first attempt; else each new gang would do the
  // same, forever.
  if (was_starting && !attempts_.empty() && cause.outcome != "preempted") {
    for (Attempt& attempt : attempts_) {
      if (attempt.phase != ActualAttempt::Phase::kQueued) continue;
      attempt.phase = ActualAttempt::Phase::kRunning;
      attempt.done.assign(connected_.size(), std::nullopt);
      break;
    }
  }
  EndQueued();
  if (wait == kNow) {
    Terminate();
  } else {
    term_at_ = now + wait;
  }
}

void Gang::Stop(const AttemptEnd& cause, Time now) {
  if (state_ == GangState::kStopping || state_ == GangState::kExited) return;
  const bool idle = state_ == GangState::kReady && Running() == nullptr;
  SendToAll(Record{Json::MakeObject({{"type", "shutdown"}}), ""});
  Fail(cause, idle ? limits_.shutdown : kNow, now);
}

void Gang::ForgetEnded(AttemptId attempt) {
  std::erase_if(attempts_, [&](const Attempt& a) {
    return a.order.attempt == attempt && a.phase == ActualAttempt::Phase::kEnded;
  });
}

bool Gang::OnHello(int rank, Time now) {
  const int place = rank - order_.first_rank;
  if (state_ != GangState::kStarting || place < 0 || place >= std::ssize(connected_) ||
      connected_[static_cast<std::size_t>(place)]) {
    return false;
  }
  connected_[static_cast<std::size_t>(place)] = true;
  watch_.OnResult(place, now);
  if (std::all_of(connected_.begin(), connected_.end(), [](bool c) { return c; })) {
    SetState(GangState::kReady);
    StartNext(now);
  }
  return true;
}

void Gang::OnRecord(int rank, Record&& record, Time now) {
  const auto attempt_field = record.header.GetInt("attempt");
  const AttemptId attempt_id(attempt_field ? *attempt_field : 0);
  const std::string type(record.type());
  if (type == "log") {
    const auto text = record.header.GetString("text");
    if (text) host_.OnLog(attempt_id ? attempt_id : running(), *text);
    return;
  }
  if (type == "alive") return watch_.OnResult(rank, now);
  Attempt* attempt = Running();
  if (attempt == nullptr || attempt->order.attempt != attempt_id) return;  // of an ended one
  if (type == "progress") {
    watch_.OnProgress(rank - order_.first_rank, record.header, now);
    if (rank == 0) host_.OnProgress(attempt_id, record.header);
  } else if (type == "done") {
    OnDone(*attempt, rank, record, now);
  } else if (type == "started" || type == "epoch" || type == "steps" || type == "checkpoint" ||
             type == "evaluation" || type == "result") {
    watch_.OnResult(rank - order_.first_rank, now);
    if (leads()) host_.OnReport(id(), attempt_id, std::move(record));
  } else {
    Fail({"error", "INFRA",
          "rank " + std::to_string(rank) + " sent a record of unknown type '" + type + "'", 0, 0},
         kNow, now);
  }
}

void Gang::OnDone(Attempt& attempt, int rank, const Record& record, Time now) {
  const auto field = [&](const char* name) {
    const auto value = record.header.GetString(name);
    return value ? *value : std::string();
  };
  const auto number = [&](const char* name) {
    const auto value = record.header.GetInt(name);
    return value ? static_cast<int>(*value) : 0;
  };
  AttemptEnd end{field("outcome"), field("class"), field("message"), number("exit_code"),
                 number("signal")};
  if (const auto peak = record.header.GetInt("peak_memory_bytes")) end.peak_memory_bytes = *peak;
  const int place = rank - order_.first_rank;
  attempt.done[static_cast<std::size_t>(place)] = end;
  watch_.OnDone(place, now);
  if (end.outcome == "error" && !outlives_errors_) {
    return Fail(end, limits_.last_words, now);
  }
  for (const auto& done : attempt.done) {
    if (!done) return;
  }
  if (state_ != GangState::kReady) return;  // it is ending for another reason
  End(attempt, *attempt.done[0]);
  StartNext(now);
}

void Gang::OnRankClosed(int rank, const std::string& why, Time now) {
  connected_[static_cast<std::size_t>(rank - order_.first_rank)] = false;
  if (state_ == GangState::kStopping || state_ == GangState::kExited) return;
  note_ = "rank " + std::to_string(rank) + " closed its connection" +
          (why.empty() ? "" : " (" + why + ")");
  // No cause yet: how the process ended says more. It is waited for a moment.
  Fail(AttemptEnd{}, limits_.last_words, now);
}

void Gang::OnLaunchFailed(const std::string& why) {
  Fail({"error", "INFRA", "the trainer could not be started: " + why, 0, 0},
       limits_.last_words, Time());
  OnGone({});
}

void Gang::OnLeaderExited() {
  // The launcher is killing what is left of the gang; OnGone follows.
  term_sent_ = true;
  term_at_.reset();
}

void Gang::OnStuck(const std::string& pids) {
  message_ += (message_.empty() ? "" : "; ") + std::string("processes that KILL does not end: ") +
              pids + "; their slots stay taken";
}

void Gang::OnGone(const ProcessEnd& end) {
  if (state_ == GangState::kExited) return;
  AttemptEnd verdict = ClassifyEnd(end);
  if (!note_.empty()) verdict.message += "; " + note_;
  if (state_ != GangState::kStopping) Fail(verdict, kNow, Time());
  if (cause_) {
    verdict = *cause_;
    verdict.exit_code = end.exit_code;
    verdict.signal = end.signal;
  }
  SetState(GangState::kExited);
  if (message_.empty() || message_ == note_) message_ = verdict.message;
  for (Attempt& attempt : attempts_) End(attempt, verdict);
}

void Gang::OnTick(Time now) {
  if (state_ == GangState::kExited) return;
  if (term_at_ && now >= *term_at_) Terminate();
  if (state_ == GangState::kStopping) return;
  if (const auto overdue = watch_.Overdue(now)) {
    std::string message = *overdue;
    if (state_ == GangState::kStarting) {
      message += "; not connected: rank";
      for (std::size_t i = 0; i < connected_.size(); ++i) {
        const std::size_t rank = static_cast<std::size_t>(order_.first_rank) + i;
        if (!connected_[i]) message += " " + std::to_string(rank);
      }
    }
    return Fail({"error", "HANG", message, 0, 0}, kNow, now);
  }
  Attempt* attempt = Running();
  if (attempt != nullptr && attempt->kill_deadline && now >= *attempt->kill_deadline) {
    Fail({"killed", "", "it did not answer `stop kill` in time", 0, 0}, kNow, now);
  }
}

}  // namespace tutti::worker
