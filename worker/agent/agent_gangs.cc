#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "worker/agent/agent.h"
#include "worker/agent/log.h"
#include "worker/process/oom_count.h"
#include "worker/agent/reconcile.h"

// The half of the agent that deals with gangs: what Reconcile says is done here, and what gangs
// say is passed on.

namespace tutti::worker {

Agent::Entry* Agent::Find(AllocationId allocation) {
  const auto it = gangs_.find(allocation);
  return it == gangs_.end() ? nullptr : &it->second;
}

bool Agent::ReportsPending(const Gang& gang) const {
  const auto attempts = gang.attempts();
  return std::any_of(attempts.begin(), attempts.end(),
                     [&](const ActualAttempt& a) { return outbox_->IsOpen(a.attempt); });
}

std::filesystem::path Agent::CheckpointRoot() const {
  return (shares_state_dir_ ? std::filesystem::path(state_dir_) : options_.work_dir) /
         "checkpoints";
}

void Agent::ApplyDesired(Time now) {
  if (!desired_ || stopping_) return;
  std::vector<ActualAllocation> actual;
  for (const auto& [id, entry] : gangs_) {
    actual.push_back({id, entry.gang->state(), entry.gang->slots(), entry.gang->attempts(),
                      ReportsPending(*entry.gang)});
  }
  for (const Action& action : Reconcile(*desired_, actual)) {
    Entry* entry = Find(action.allocation);
    const auto want = std::find_if(
        desired_->allocations.begin(), desired_->allocations.end(),
        [&](const DesiredAllocation& a) { return a.allocation == action.allocation; });
    switch (action.kind) {
      case Action::Kind::kStart:
        StartGang(*want, now);
        break;
      case Action::Kind::kQueue:
        for (const DesiredAttempt& attempt : want->attempts) {
          if (attempt.attempt == action.attempt) QueueAttempt(*entry, attempt, now);
        }
        break;
      case Action::Kind::kStopAttempt:
        entry->gang->StopAttempt(action.attempt, action.how, now);
        break;
      case Action::Kind::kRunUntil:
        for (const DesiredAttempt& attempt : want->attempts) {
          if (attempt.attempt == action.attempt) {
            entry->gang->SetRunUntil(attempt.attempt, attempt.run_until);
          }
        }
        break;
      case Action::Kind::kStopGang:
        LogInfo("allocation " + ToString(action.allocation) + ": released");
        entry->gang->Stop({"killed", "", "its allocation was released", 0, 0}, now);
        break;
      case Action::Kind::kForget:
        memory_.Forget(action.allocation);
        gangs_.erase(action.allocation);
        break;
    }
  }
  ForgetCommitted();
}

// An attempt that ended, whose end is committed, and that nobody lists any more.
void Agent::ForgetCommitted() {
  for (auto& [id, entry] : gangs_) {
    for (const ActualAttempt& attempt : entry.gang->attempts()) {
      if (attempt.phase != ActualAttempt::Phase::kEnded || outbox_->IsOpen(attempt.attempt)) {
        continue;
      }
      const bool listed = std::any_of(
          desired_->allocations.begin(), desired_->allocations.end(), [&](const auto& a) {
            return a.allocation == id &&
                   std::any_of(a.attempts.begin(), a.attempts.end(), [&](const auto& d) {
                     return d.attempt == attempt.attempt;
                   });
          });
      if (!listed) entry.gang->ForgetEnded(attempt.attempt);
    }
  }
}

Result<LaunchRequest> Agent::CommandOf(const DesiredAllocation& order, const GangNeeds& needs) {
  if (!needs.entrypoint) {
    return TrainerCommand(order, options_.devices, options_.program, ::geteuid() == 0,
                          needs.packed);
  }
  TUTTI_ASSIGN_OR_RETURN(const std::string directory,
                         ShortPath(options_.work_dir, "programs/" + ToString(order.allocation)));
  gangs_[order.allocation].directory = directory;
  return EntrypointCommand(order, options_.devices, options_.program, directory, needs.packed);
}

void Agent::StartGang(const DesiredAllocation& order, Time now) {
  const auto config =
      Json::Parse(order.attempts.empty() ? "{}" : order.attempts.front().config_json);
  const GangNeeds needs = NeedsOf(config ? *config : Json());
  DesiredAllocation fitted = order;
  // A nonsensical size fails below. A host speaks for all processes of its program.
  fitted.world_size = needs.entrypoint ? 1 : std::max(1, order.world_size);
  Entry& entry = gangs_[order.allocation];
  entry.entrypoint = needs.entrypoint;
  entry.gang = std::make_unique<Gang>(fitted, options_.gang_limits, *this, now, needs.entrypoint);
  entry.oom_kills_before = OomKillCount();
  for (const DesiredAttempt& attempt : order.attempts) QueueAttempt(entry, attempt, now);
  LogInfo("allocation " + ToString(order.allocation) + ": starting " +
          std::to_string(order.slots.size()) + (order.slots.size() == 1 ? " rank" : " ranks") +
          (order.parts.empty() ? "" : " of " + std::to_string(order.world_size)));
  // Else the leader's mpirun asks for this node's daemon.
  if (!order.leader) return;
  Launch(entry, CommandOf(order, needs));
}

void Agent::Launch(Entry& entry, const Result<LaunchRequest>& command) {
  const AllocationId allocation = entry.gang->id();
  FileDescriptor writer;
  Status ready = command ? Status(Ok{}) : Status(command.error());
  if (ready) {
    auto output = GangOutput::Open(
        *loop_, options_.work_dir / "logs" / ("allocation-" + ToString(allocation) + ".log"),
        [this, allocation](const std::string& line) {
          const Entry* source = Find(allocation);
          if (source == nullptr) return;
          LogDebug("allocation " + ToString(allocation) + ": " + line);
          if (const AttemptId running = source->gang->running()) telemetry_.Log(running, line);
        },
        writer);
    if (output) {
      entry.output = std::move(*output);
    } else {
      ready = output.error();
    }
  }
  if (!ready) {
    LogError("allocation " + ToString(allocation) + ": " + ready.error().ToString());
    return entry.gang->OnLaunchFailed(ready.error().ToString());
  }
  entry.launched = true;
  launcher_.Start(*command, std::move(writer));
}

// The coordinator has checked that this node has a part in the gang.
void Agent::OnRemoteExec(const RemoteExecArrived& exec) {
  Entry* entry = Find(exec.allocation);
  if (entry == nullptr || entry->launched || entry->gang->leads() ||
      entry->gang->state() != GangState::kStarting) {
    LogWarning("allocation " + ToString(exec.allocation) +
               ": a daemon was asked for that it does not need");
    return;
  }
  Launch(*entry, DaemonLaunch(entry->gang->order(), options_.devices, options_.program,
                              ::geteuid() == 0, exec.argv));
}

bool Agent::ForwardRemoteExec(const Record& request) {
  const auto allocation = request.header.GetInt("allocation");
  const auto part = request.header.GetInt("part");
  const Json* argv = request.header.Find("argv");
  Session* session = link_->session();
  if (!allocation || !part || argv == nullptr || !argv->is_array() || session == nullptr) {
    return false;
  }
  const Entry* entry = Find(AllocationId(*allocation));
  if (entry == nullptr || !entry->gang->leads() || *part < 1 ||
      *part >= std::ssize(entry->gang->order().parts)) {
    return false;
  }
  std::vector<std::string> words;
  for (const Json& word : argv->AsArray()) {
    if (!word.is_string()) return false;
    words.push_back(word.AsString());
  }
  return session->SendRemoteExec(AllocationId(*allocation), static_cast<int>(*part), words);
}

void Agent::QueueAttempt(Entry& entry, const DesiredAttempt& attempt, Time now) {
  if (entry.gang->leads()) outbox_->Open(attempt.attempt, attempt.fence);
  const std::vector<std::string> missing = MissingCheckpoints(attempt);
  const auto config = Json::Parse(attempt.config_json);
  const bool fits = NeedsOf(config ? *config : Json()).entrypoint == entry.entrypoint;
  entry.gang->Queue(attempt, missing.empty(), now, fits);
  if (!config || !config->is_object()) {
    return entry.gang->Refuse(attempt.attempt, {"error", "INFRA",
                                                "the coordinator sent a configuration that is no "
                                                "JSON object", 0, 0});
  }
  // Transfers end in order, so the ticket of the last one is 0.
  auto left = static_cast<std::int64_t>(missing.size());
  for (const std::string& name : missing) {
    transfer_->Add({CheckpointTransfer::Job::Kind::kDownload, entry.gang->id(), attempt.attempt,
                    attempt.fence, --left, name, CheckpointRoot()});
  }
}

std::vector<std::string> Agent::MissingCheckpoints(const DesiredAttempt& attempt) const {
  std::vector<std::string> missing;
  if (shares_state_dir_) return missing;
  for (const std::string& name : {attempt.resume_from, attempt.weights_from}) {
    std::error_code error;
    if (name.empty() || (!missing.empty() && missing.front() == name)) continue;
    if (IsCheckpointName(name) && std::filesystem::exists(CheckpointRoot() / name, error)) continue;
    missing.push_back(name);
  }
  return missing;
}

void Agent::OnLaunchEvent(const LaunchEvent& event) {
  const AllocationId id(event.gang);
  Entry* entry = Find(id);
  if (entry == nullptr) return;
  switch (event.kind) {
    case LaunchEvent::Kind::kStarted:
      LogDebug("allocation " + ToString(id) + ": process " + std::to_string(event.pid));
      memory_.OnStarted(id, static_cast<pid_t>(event.pid), GpusOf(*entry));
      break;
    case LaunchEvent::Kind::kFailed:
      LogError("allocation " + ToString(id) + ": " + event.text);
      entry->gang->OnLaunchFailed(event.text);
      break;
    case LaunchEvent::Kind::kExited:
      entry->gang->OnLeaderExited();
      break;
    case LaunchEvent::Kind::kStuck:
      LogError("allocation " + ToString(id) + ": KILL does not end the processes " + event.text);
      entry->gang->OnStuck(event.text);
      break;
    case LaunchEvent::Kind::kGone:
      // First what the processes still said: records, then output.
      loop_->RunOnce(std::chrono::milliseconds(0));
      if (entry->output) entry->output->Drain();
      entry->gang->OnGone({event.exit_code, event.signal, event.sent_kill,
                           OomKillCount() > entry->oom_kills_before});
      trainers_->Disconnect(id);
      memory_.OnGone(id);
      entry->output.reset();
      if (!entry->directory.empty()) {
        std::error_code ignored;  // what stays is emptied when a host gets this directory again
        std::filesystem::remove_all(entry->directory, ignored);
      }
      LogInfo("allocation " + ToString(id) + ": gone" +
              (entry->gang->message().empty() ? "" : ": " + entry->gang->message()));
      break;
  }
}

std::vector<std::string> Agent::GpusOf(const Entry& entry) const {
  std::vector<std::string> uuids;
  if (!options_.devices.cuda) return uuids;
  for (const int slot : entry.gang->slots()) {
    uuids.push_back(options_.devices.slots.at(static_cast<std::size_t>(slot)).uuid);
  }
  return uuids;
}

void Agent::SendToRank(AllocationId gang, int rank, const Record& record) {
  // A connection that cannot take it is closed by the link, which the gang hears of.
  trainers_->Send({gang, rank}, record);
}

void Agent::StopProcesses(AllocationId gang, std::chrono::milliseconds grace) {
  const Entry* entry = Find(gang);
  // Else nothing of it runs, and the next turn buries it.
  if (entry == nullptr || entry->launched) launcher_.Stop(gang.value, grace.count());
}

Record Agent::RunRecord(const DesiredAttempt& attempt) {
  auto config = Json::Parse(attempt.config_json);
  Record record;
  record.header = Json::MakeObject(
      {{"type", "run"},
       {"attempt", attempt.attempt.value},
       {"fence", attempt.fence},
       {"experiment", attempt.experiment.value},
       {"trial", attempt.trial.value},
       {"trial_no", attempt.trial_no},
       // The same 64 bits; JSON integers are signed.
       {"seed", static_cast<std::int64_t>(attempt.trial_seed)},
       {"config", config ? *config : Json()},
       {"threads", ThreadsPerRank(options_.devices.cores, 1,
                                  static_cast<int>(options_.devices.slots.size()),
                                  NeedsOf(config ? *config : Json()).packed)},
       {"data_root", options_.data_root},
       {"checkpoint_root", CheckpointRoot().string()},
       {"resume_from", attempt.resume_from},
       {"resume_sha256", attempt.resume_sha256},
       {"weights_from", attempt.weights_from},
       {"weights_sha256", attempt.weights_sha256},
       {"run_until", attempt.run_until},
       {"finish", attempt.stop == StopHow::kFinish},
       {"task_id", attempt.task_id}});
  // A task that is no JSON is the trainer's to refuse, with the words for it.
  if (auto task = Json::Parse(attempt.task); !attempt.task.empty()) {
    record.header.Set("task", task ? *task : Json(attempt.task));
  }
  if (attempt.input) record.payload = *attempt.input;
  return record;
}

void Agent::OnReport(AllocationId gang, AttemptId attempt, Record&& record) {
  const bool telemetry = record.type() == "steps";
  if (record.type() == "epoch") memory_.OnResult(gang, 0, Clock::now());
  if (record.type() != "checkpoint" || shares_state_dir_) {
    return outbox_->Append(attempt, record,
                           telemetry ? Spool::Class::kTelemetry : Spool::Class::kResult);
  }
  // The row must not say "resumable" before the coordinator has the files.
  const std::int64_t ticket = next_ticket_++;
  const auto name = record.header.GetString("name");
  outbox_->Append(attempt, record, Spool::Class::kResult, ticket);
  transfer_->Add({CheckpointTransfer::Job::Kind::kUpload, gang, attempt,
                  outbox_->FenceOf(attempt), ticket, name ? *name : "", CheckpointRoot()});
}

void Agent::OnProgress(AttemptId attempt, const Json& header) {
  telemetry_.Progress(attempt, header);
}

void Agent::OnLog(AttemptId attempt, const std::string& text) {
  if (attempt) telemetry_.Log(attempt, text);
}

void Agent::OnEnd(AllocationId gang, const DesiredAttempt& attempt, const AttemptEnd& end) {
  Record record;
  record.header = Json::MakeObject({{"type", "exit"},
                                    {"attempt", attempt.attempt.value},
                                    {"outcome", end.outcome},
                                    {"class", end.failure},
                                    {"message", end.message},
                                    {"exit_code", end.exit_code},
                                    {"signal", end.signal}});
  memory_.OnResult(gang, end.peak_memory_bytes, Clock::now());
  outbox_->Append(attempt.attempt, record, Spool::Class::kResult);
  outbox_->Finish(attempt.attempt);
  const std::string line = "attempt " + ToString(attempt.attempt) + " of trial " +
                           ToString(attempt.experiment) + "." + std::to_string(attempt.trial_no) +
                           " (allocation " + ToString(gang) + "): " + end.outcome;
  if (end.outcome == "error") {
    LogWarning(line + " " + end.failure + ": " + end.message);
  } else {
    LogInfo(line);
  }
}

}  // namespace tutti::worker
