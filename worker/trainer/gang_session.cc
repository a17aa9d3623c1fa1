#include "worker/trainer/gang_session.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <cstdio>
#include <fstream>
#include <new>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include "worker/trainer/evaluation_task.h"
#include "worker/trainer/file_link.h"
#include "worker/trainer/module.h"
#include "worker/trainer/socket_link.h"

namespace tutti::trainer {
namespace {

// Longest wait in one collective call. Ranks start an attempt as their records come, load data at
// their own speed, and wait for rank 0's checkpoint.
constexpr auto kCallDeadline = std::chrono::minutes(10);

// What the trial's own configuration or data causes will fail again; the rest may not.
std::string FailureOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kFailedPrecondition: return "USER";
    case ErrorCode::kDataLoss: return "USER";
    default: return "INFRA";
  }
}

void SendDone(const AttemptEnd& end, std::int64_t attempt, Link& link) {
  link.Send({Json::MakeObject({{"type", "done"},
                               {"attempt", attempt},
                               {"outcome", end.outcome},
                               {"class", end.failure},
                               {"message", end.message}}),
             {}});
}

}  // namespace

Result<std::unique_ptr<GangSession>> GangSession::Join(const TrainerFlags& flags) {
  std::unique_ptr<GangSession> session(new GangSession());
  TUTTI_ASSIGN_OR_RETURN(session->world_, comm::Rendezvous::Join(flags.world));
  TUTTI_ASSIGN_OR_RETURN(session->host_, session->world_->HostCommunicator(kCallDeadline));
  TUTTI_ASSIGN_OR_RETURN(session->device_,
                         OpenDevice(flags.device, session->world_->local_rank()));
  // One rank sums nothing: NCCL would cost a second of every start.
  if (session->device_.is_cuda() && flags.world > 1) {
    TUTTI_ASSIGN_OR_RETURN(
        session->device_comm_,
        session->world_->DeviceCommunicator(session->device_.index(), kCallDeadline));
  }
  session->data_ = std::make_unique<DataCache>(session->device_);
  return session;
}

// Exceptions come from torch only, and end here.
AttemptEnd GangSession::Guarded(const AttemptOrder& order, Link& link) {
  const c10::InferenceMode inference;
  at::set_num_threads(order.threads);
  GangContext context{device_, host_.get(), device_comm_ ? device_comm_.get() : host_.get(),
                      data_.get()};
  try {
    if (!order.task.is_null()) return EvaluationTask(order, context, networks_, link).Run();
    TrainingRun run(order, context, link);
    auto end = run.Run();
    if (end) return *end;
    return {"error", FailureOf(end.error().code()), end.error().ToString()};
  } catch (const c10::OutOfMemoryError& e) {
    return {"error", "OOM", e.what_without_backtrace()};
  } catch (const std::bad_alloc&) {
    return {"error", "OOM", "out of memory"};
  } catch (const CommunicationFailed& e) {
    return {"error", "INFRA", e.what()};
  } catch (const c10::Error& e) {
    return {"error", "INFRA", e.what_without_backtrace()};
  } catch (const std::exception& e) {
    return {"error", "INFRA", e.what()};
  }
}

bool GangSession::RunAttempt(const AttemptOrder& order, Link& link) {
  const AttemptEnd end = Guarded(order, link);
  if (end.outcome == "error") std::fprintf(stderr, "tutti-trainer: %s\n", end.message.c_str());
  SendDone(end, order.attempt, link);
  return end.outcome != "error";
}

bool GangSession::RunAttempt(Record run, Link& link) {
  auto order = ReadAttemptOrder(run.header);
  if (order) {
    order->input = std::move(run.payload);
    return RunAttempt(*order, link);
  }
  const auto attempt = run.header.GetInt("attempt");
  SendDone({"error", "USER", order.error().ToString()}, attempt ? *attempt : 0, link);
  return false;
}

int RunWithWorker(const TrainerFlags& flags) {
  auto link = SocketLink::Connect(flags.socket);
  if (!link) {
    std::fprintf(stderr, "tutti-trainer: %s\n", link.error().ToString().c_str());
    return 1;
  }
  auto session = GangSession::Join(flags);
  if (!session) {
    std::fprintf(stderr, "tutti-trainer: %s\n", session.error().ToString().c_str());
    return 1;
  }
  (*link)->Send({Json::MakeObject({{"type", "hello"},
                                   {"allocation", flags.allocation},
                                   {"rank", (*session)->rank()},
                                   {"world", flags.world},
                                   {"pid", std::int64_t{getpid()}}}),
                 {}});
  while (true) {
    auto record = (*link)->Receive();
    if (!record) {
      std::fprintf(stderr, "tutti-trainer: %s\n", record.error().ToString().c_str());
      return 1;
    }
    if (!record->has_value() || (*record)->type() == "shutdown") return 0;
    if ((*record)->type() != "run") continue;
    if (!(*session)->RunAttempt(std::move(**record), **link)) return 1;
  }
}

int RunStandalone(const TrainerFlags& flags) {
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "tutti-trainer: %s\n", error.ToString().c_str());
    return 2;
  };
  std::ifstream in(flags.config, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return fail(NotFound("cannot read " + flags.config));
  auto json = Json::Parse(text.str());
  if (!json) return fail(json.error().Wrap(flags.config));
  AttemptOrder order;
  order.received = std::chrono::steady_clock::now();
  auto config = ReadExperimentConfig(*json);
  if (!config) return fail(config.error().Wrap(flags.config));
  order.config = std::move(*config);
  order.attempt = flags.attempt;
  order.experiment = 1;
  order.trial = flags.trial;
  order.run_until = flags.run_until;
  order.seed = flags.seed;
  order.threads = flags.threads;
  order.data_root = flags.data_root;
  order.checkpoint_root = flags.out + "/checkpoints";
  order.resume_from = flags.resume_from;
  order.dump_gradients = flags.dump_gradients;
  mkdir(flags.out.c_str(), 0700);
  mkdir(order.checkpoint_root.c_str(), 0700);
  auto session = GangSession::Join(flags);
  if (!session) return fail(session.error());
  // One that goes on asks once before its first step.
  const bool goes_on = flags.stop_after > 0 && !flags.resume_from.empty();
  auto link = FileLink::Open(flags.out, (*session)->rank() == 0,
                             flags.stop_after + (goes_on ? 1 : 0));
  if (!link) return fail(link.error());
  return (*session)->RunAttempt(order, **link) ? 0 : 1;
}

}  // namespace tutti::trainer
