#include <algorithm>

#include "worker/entrypoint/host.h"

// What a program says to its host.

namespace tutti::entrypoint {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{250};

std::string TextOf(const Json& message, const char* key, const char* otherwise) {
  const Json* value = message.Find(key);
  return value != nullptr && value->is_string() ? value->AsString() : otherwise;
}

bool IsFailureClass(const std::string& text) {
  for (const char* name : {"USER", "OOM", "NAN", "HANG", "INFRA", "INVALID_HP"}) {
    if (text == name) return true;
  }
  return false;
}

}  // namespace

ProgramChannel::Events Host::ChannelEvents() {
  ProgramChannel::Events events;
  events.on_hello = [this](int rank, bool warm) {
    const auto index = static_cast<std::size_t>(rank);
    if (index < warm_.size()) warm_[index] = warm;
    if (!Running()) return;
    attempt_->last_word = std::chrono::steady_clock::now();
    channel_->Send(rank, RunMessage(attempt_->order, channel_->places(), options_.crew,
                                    attempt_->resume, rank));
    if (attempt_->stop != Stop::kNone || attempt_->holding) {
      channel_->Send(rank, Json::MakeObject(
                               {{"type", "stop"},
                                {"how", attempt_->stop == Stop::kFinish ? "finish"
                                                                        : "checkpoint"}}));
    }
  };
  events.on_message = [this](int rank, const Json& message) { OnMessage(rank, message); };
  events.on_bad_line = [this](const std::string& why) {
    FailAttempt("USER", "the program sent what is no message: " + why);
  };
  events.on_closed = [](int) {};  // its process ends, or the attempt's limits end it
  return events;
}

void Host::OnMessage(int rank, const Json& message) {
  const std::string type =
      TextOf(message, "type", message.Find("metrics") != nullptr ? "report" : "");
  if (type == "log") return Log(TextOf(message, "text", ""));
  // Of an attempt that is over: nobody waits for it.
  if (!Running()) return;
  const auto named = message.Find("attempt");
  if (named != nullptr && named->is_int() && named->AsInt() != attempt_->order.attempt) return;
  attempt_->last_word = std::chrono::steady_clock::now();
  attempt_->untried = false;
  if (type == "done") return OnDone(std::max(rank, 0), message);
  if (type == "alive") return;
  if (type == "invalid_hparams") {
    attempt_->said = End{"error", "INVALID_HP", TextOf(message, "message", "no reason given")};
    return;
  }
  if (rank > 0) return;  // only rank 0 reports
  if (type == "report") return OnReport(message);
  if (type == "checkpoint") return OnCheckpoint(rank, message);
  if (type == "progress") {
    return SendProgress(attempt_->reports->Progress(message), attempt_->last_word);
  }
  FailAttempt("USER", "the program sent a message of unknown type '" + type +
                          "'; expected report, checkpoint, progress, alive, log, "
                          "invalid_hparams or done");
}

void Host::OnReport(const Json& message) {
  auto record = attempt_->reports->Report(message);
  if (!record) return FailAttempt("USER", "a report of the program: " + record.error().ToString());
  link_->Send(*record);
  SendProgress(attempt_->reports->Progress(), attempt_->last_word);
  const std::int64_t run_until = attempt_->order.run_until;
  if (run_until > 0 && attempt_->reports->time() >= run_until && !attempt_->holding) {
    attempt_->holding = true;
    if (attempt_->stop == Stop::kNone) TellStop(Stop::kCheckpoint, attempt_->last_word);
  }
}

void Host::OnCheckpoint(int rank, const Json& message) {
  const auto handed = attempt_->reports->Checkpoint(message);
  if (!handed) {
    Log("(tutti) the checkpoint was not saved: " + handed.error().ToString());
    return channel_->Send(rank, Json::MakeObject({{"type", "save_failed"},
                                                  {"message", handed.error().ToString()}}));
  }
  const AttemptOrder& order = attempt_->order;
  CheckpointDesk::Job job;
  job.attempt = order.attempt;
  job.root = order.checkpoint_root;
  job.id = {order.experiment, order.trial, order.attempt, handed->step};
  job.epoch = handed->epoch;
  job.time = attempt_->reports->time();
  job.world = options_.crew.world;
  job.source = handed->path;
  job.rank = rank;
  if (handed->metric) job.metric = *handed->metric;
  job.best = handed->best;
  desk_.Add(std::move(job));
}

void Host::HandleDesk() {
  for (CheckpointDesk::Finished& finished : desk_.Take()) {
    if (finished.job.kind == CheckpointDesk::Job::Kind::kPublish) {
      OnPublished(finished);
      continue;
    }
    if (!attempt_ || attempt_->order.attempt != finished.job.attempt ||
        attempt_->phase != Phase::kVerifying) {
      continue;
    }
    if (!finished.verified) {
      Finish({"error", "INFRA", "its checkpoint " + finished.job.name + " cannot be used: " +
                                    finished.verified.error().ToString()});
      continue;
    }
    const auto time = finished.verified->state.GetInt("time");
    attempt_->resume = {finished.job.root + "/" + finished.job.name, finished.verified->epoch,
                        finished.verified->step, time ? *time : 0};
    attempt_->phase = Phase::kStarting;
  }
}

void Host::OnPublished(const CheckpointDesk::Finished& finished) {
  const CheckpointDesk::Job& job = finished.job;
  const bool here = attempt_ && attempt_->order.attempt == job.attempt;
  if (!here) return;  // it was killed meanwhile; the files are swept by the coordinator
  attempt_->last_word = std::chrono::steady_clock::now();
  if (!finished.published) {
    const std::string why = finished.published.error().ToString();
    Log("(tutti) the checkpoint was not saved: " + why);
    return channel_->Send(job.rank,
                          Json::MakeObject({{"type", "save_failed"}, {"message", why}}));
  }
  link_->Send({Json::MakeObject({{"type", "checkpoint"},
                                 {"attempt", job.attempt},
                                 {"epoch", job.epoch},
                                 {"step", job.id.step},
                                 {"name", finished.published->name},
                                 {"bytes", finished.published->bytes},
                                 {"sha256", finished.published->sha256},
                                 {"metric", job.metric},
                                 {"best", job.best},
                                 {"final", false}}),
               ""});
  channel_->Send(job.rank, Json::MakeObject({{"type", "saved"},
                                             {"name", finished.published->name},
                                             {"epoch", job.epoch},
                                             {"step", job.id.step}}));
}

void Host::OnDone(int rank, const Json& message) {
  const auto index = static_cast<std::size_t>(rank);
  if (index < attempt_->done.size()) attempt_->done[index] = true;
  const std::string outcome = TextOf(message, "outcome", "completed");
  if (rank == 0 || outcome == "error") {
    if (!attempt_->said || attempt_->said->outcome != "error") {
      std::string failure = TextOf(message, "class", "USER");
      if (!IsFailureClass(failure)) failure = "USER";
      attempt_->said = outcome == "error"
                           ? End{"error", failure, TextOf(message, "message", "")}
                           : End{"completed", "", TextOf(message, "message", "")};
    }
  }
  // A program that runs one attempt ends now.
  if (index < warm_.size() && !warm_[index] && !attempt_->term_at) {
    attempt_->term_at = attempt_->last_word + attempt_->order.limits.term_grace;
  }
}

void Host::TellStop(Stop how, Time now) {
  const std::string text = how == Stop::kFinish ? "finish" : "checkpoint";
  channel_->SetStop(text);
  for (int rank = 0; rank < options_.crew.world; ++rank) {
    channel_->Send(rank, Json::MakeObject({{"type", "stop"}, {"how", text}}));
  }
  if (!attempt_->term_at && !attempt_->kill_at) {
    attempt_->term_at = now + attempt_->order.limits.stop_grace;
  }
}

void Host::FailAttempt(const std::string& failure, const std::string& message) {
  if (!Running()) return;
  attempt_->said = End{"error", failure, message};
  BeginEnding(false);
}

void Host::SendProgress(const Record& record, Time now) {
  if (now - last_progress_ < kProgressEvery) return;
  last_progress_ = now;
  link_->Send(record);
}

void Host::Log(const std::string& text) {
  Record record;
  record.header = Json::MakeObject({{"type", "log"}, {"text", text}});
  if (attempt_) record.header.Set("attempt", attempt_->order.attempt);
  link_->Send(record);
}

}  // namespace tutti::entrypoint
