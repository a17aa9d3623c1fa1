#include "cli/coordinator_client.h"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include "cli/coordinator_connection.h"
#include "proto/wire/status.h"

namespace tutti::cli {
namespace {

constexpr auto kCallDeadline = std::chrono::seconds(20);
constexpr auto kQueryDeadline = std::chrono::seconds(60);
constexpr int kChangeTries = 5;
// Pixels and activations of a task (the coordinator has the same limit).
constexpr int kMaxMessageBytes = 64 << 20;

std::atomic<bool> interrupted{false};

// Does something 20 times a second, on a thread of its own, for as long as it lives. Its end waits for
// nothing but a call that is under way.
class Repeated {
 public:
  explicit Repeated(std::function<void()> task)
      : thread_([this, run = std::move(task)](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          while (!stop.stop_requested()) {
            run();
            ended_.wait_for(lock, stop, std::chrono::milliseconds(50), [] { return false; });
          }
        }) {}

 private:
  std::mutex mutex_;  // guards nothing; ended_ needs one
  std::condition_variable_any ended_;
  std::jthread thread_;  // last: it uses the others
};

std::optional<double> Maybe(bool present, double value) {
  return present ? std::optional<double>(value) : std::nullopt;
}

ExperimentProgress FromProto(const v1::WatchUpdate& update) {
  ExperimentProgress progress;
  progress.experiment_id = update.experiment_id();
  progress.name = update.name();
  progress.state = update.state();
  progress.terminal = update.terminal();
  progress.metric = update.metric();
  progress.smaller_is_better = update.smaller_is_better();
  progress.trials_completed = update.trials_completed();
  progress.trials_expected = update.trials_expected();
  progress.reason = update.reason();
  progress.held_ms = update.held_ms();
  progress.time_metric = update.time_metric();
  for (const auto& t : update.trials()) {
    progress.trials.push_back({t.trial_no(), t.state(), t.time(), t.max_time(),
                               Maybe(t.has_metric(), t.metric()),
                               Maybe(t.has_best_metric(), t.best_metric()),
                               t.images_per_second(), t.summary(), t.reason()});
  }
  return progress;
}

}  // namespace

void InstallInterruptHandler() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    // The second one ends at once: somebody is in a hurry.
    if (interrupted.exchange(true)) _exit(130);
  };
  sigaction(SIGINT, &action, nullptr);
}

bool Interrupted() { return interrupted.load(); }

std::string NewRequestId() {
  std::random_device device;
  std::string id;
  static constexpr char kHex[] = "0123456789abcdef";
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
    id += kHex[device() % 16];
  }
  return id;
}

Status CoordinatorClient::Connection::Unary(const std::string& address,
                                            std::chrono::milliseconds deadline,
                                            const UnaryCall& call) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  const grpc::Status status = call(&context);
  return FromStatus(address, context, status);
}

Status CoordinatorClient::Connection::Change(const std::string& address, const UnaryCall& call) {
  for (int tries = 1;; ++tries) {
    const Status status = Unary(address, kCallDeadline, call);
    const bool away = !status && status.error().code() == ErrorCode::kUnavailable;
    if (!away || tries == kChangeTries) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(200 * tries));
  }
}

Status CoordinatorClient::Connection::FromStatus(const std::string& address,
                                                 const grpc::ClientContext& context,
                                                 const grpc::Status& status) {
  if (status.ok()) return Ok{};
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return Unavailable("no coordinator answers at " + address + " (" + status.error_message() +
                       "); start one with `tutti up`");
  }
  return wire::StatusToError(status, context);
}

namespace {

// Reads a server stream; an interrupt, `give_up` (asked 20 times a second, also while nothing
// arrives) or `on_message` returning false ends it.
template <class Message, class Reader>
Status ReadAll(const std::string& address, grpc::ClientContext& context, Reader reader,
               const std::function<bool(const Message&)>& on_message,
               const std::function<bool()>& give_up = {}) {
  std::atomic<bool> gave_up{false};
  const Repeated canceller([&] {
    if (give_up && give_up()) gave_up = true;
    if (Interrupted() || gave_up) context.TryCancel();
  });
  Message message;
  bool stopped = false;
  while (reader->Read(&message)) {
    if (!on_message(message)) {
      stopped = true;
      context.TryCancel();
      break;
    }
  }
  const grpc::Status status = reader->Finish();
  if (stopped || gave_up || status.ok()) return Ok{};
  if (Interrupted()) return Error(ErrorCode::kCancelled, "interrupted");
  return CoordinatorClient::Connection::FromStatus(address, context, status);
}

}  // namespace

CoordinatorClient::CoordinatorClient(const std::string& address)
    : address_(address),
      connection_(std::make_unique<Connection>()) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  connection_->stub = v1::Control::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

CoordinatorClient::~CoordinatorClient() = default;

Result<Json> CoordinatorClient::Info(std::chrono::milliseconds deadline) {
  v1::InfoReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Unary(address_, deadline, [&](auto* context) {
    return connection_->stub->Info(context, v1::InfoRequest(), &reply);
  }));
  return Json::MakeObject({{"address", address_},
                           {"version", reply.version()},
                           {"incarnation", std::int64_t{reply.incarnation()}},
                           {"pid", std::int64_t{reply.process_id()}},
                           {"state_dir", reply.state_dir()},
                           {"workers", reply.workers()},
                           {"slots", reply.slots()},
                           {"slots_free", reply.slots_free()},
                           {"last_commit_age_ms", std::int64_t{reply.last_commit_age_ms()}}});
}

Result<SubmitOutcome> CoordinatorClient::Submit(const Submission& submission) {
  v1::SubmitRequest request;
  request.set_request_id(NewRequestId());
  request.set_raw_text(submission.raw_text);
  request.set_canonical_json(submission.canonical_json);
  request.set_provenance_json(submission.provenance_json);
  if (const char* user = getlogin(); user != nullptr) request.set_user(user);
  v1::SubmitReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Change(address_, [&](auto* context) {
    return connection_->stub->Submit(context, request, &reply);
  }));
  return SubmitOutcome{reply.experiment_id(), reply.state(),
                       {reply.warnings().begin(), reply.warnings().end()}};
}

Result<Json> CoordinatorClient::Get(std::int64_t experiment, std::int64_t trial_no) {
  v1::GetRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::GetReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Unary(address_, kCallDeadline, [&](auto* context) {
    return connection_->stub->Get(context, request, &reply);
  }));
  return Json::Parse(reply.json());
}

Result<Json> CoordinatorClient::ListWorkers() {
  v1::ListRequest request;
  request.set_what(v1::ListRequest::WORKERS);
  v1::ListReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Unary(address_, kCallDeadline, [&](auto* context) {
    return connection_->stub->List(context, request, &reply);
  }));
  return Json::Parse(reply.json());
}

Result<Table> CoordinatorClient::Query(const std::string& sql, const Json& params,
                                       std::int64_t max_rows) {
  v1::QueryRequest request;
  request.set_sql(sql);
  request.set_params_json(params.Dump());
  request.set_max_rows(max_rows);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kQueryDeadline);
  Table table;
  bool first = true;
  Status bad = Ok{};
  const Status status = ReadAll<v1::QueryReply>(
      address_, context, connection_->stub->Query(&context, request),
      [&](const v1::QueryReply& reply) {
        if (first) table.columns.assign(reply.columns().begin(), reply.columns().end());
        first = false;
        if (reply.rows_json().empty()) return true;
        auto rows = Json::Parse(reply.rows_json());
        if (!rows) {
          bad = rows.error();
          return false;
        }
        for (const Json& row : rows->AsArray()) table.rows.push_back(row.AsArray());
        if (reply.truncated()) {
          std::fprintf(stderr, "tutti: the row limit cut the result after %zu rows\n",
                       table.rows.size());
        }
        return true;
      });
  TUTTI_RETURN_IF_ERROR(bad);
  TUTTI_RETURN_IF_ERROR(status);
  return table;
}

Status CoordinatorClient::Watch(std::int64_t experiment,
                                const std::function<bool(const ExperimentProgress&)>& on_update,
                                const std::function<bool()>& give_up) {
  v1::WatchRequest request;
  request.set_experiment_id(experiment);
  grpc::ClientContext context;
  return ReadAll<v1::WatchUpdate>(
      address_, context, connection_->stub->Watch(&context, request),
      [&](const v1::WatchUpdate& update) { return on_update(FromProto(update)); }, give_up);
}

Status CoordinatorClient::Logs(std::int64_t experiment, std::int64_t trial_no, bool follow,
                               std::int64_t tail,
                               const std::function<bool(const std::string&)>& on_text) {
  v1::LogsRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  request.set_follow(follow);
  request.set_tail(tail);
  grpc::ClientContext context;
  return ReadAll<v1::LogChunk>(
      address_, context, connection_->stub->Logs(&context, request),
      [&](const v1::LogChunk& chunk) { return on_text(chunk.text()); });
}

Result<std::vector<float>> EvaluationResult::Logits() const {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t n, header.GetInt("n"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t classes, header.GetInt("classes"));
  if (payload.empty()) return std::vector<float>();
  const auto room = static_cast<std::int64_t>(payload.size() / sizeof(float));
  if (n < 0 || classes < 1 || n > room / classes) {
    return DataLoss("the result says " + std::to_string(n) + " x " + std::to_string(classes) +
                    " logits, its payload has " + std::to_string(payload.size()) + " bytes");
  }
  std::vector<float> logits(static_cast<std::size_t>(n * classes));
  std::memcpy(logits.data(), payload.data(), logits.size() * sizeof(float));
  return logits;
}

Result<EvaluationResult> CoordinatorClient::Evaluate(const Evaluation& evaluation) {
  v1::EvaluateRequest request;
  request.set_request_id(NewRequestId());
  request.set_experiment_id(evaluation.experiment);
  request.set_trial_no(evaluation.trial_no);
  request.set_checkpoint(evaluation.checkpoint);
  request.set_task_json(evaluation.task.Dump());
  request.set_input(evaluation.input);
  request.set_config_json(evaluation.config_json);
  v1::EvaluateReply reply;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + evaluation.deadline);
  const Repeated canceller([&] {
    if (Interrupted()) context.TryCancel();
  });
  const grpc::Status status = connection_->stub->Evaluate(&context, request, &reply);
  if (Interrupted()) return Error(ErrorCode::kCancelled, "interrupted");
  TUTTI_RETURN_IF_ERROR(Connection::FromStatus(address_, context, status));
  EvaluationResult result;
  TUTTI_ASSIGN_OR_RETURN(result.header, Json::Parse(reply.result_json()));
  result.payload = std::move(*reply.mutable_payload());
  return result;
}

Result<EnsembleOutcome> CoordinatorClient::Evaluate(const EnsembleOrder& order) {
  constexpr auto kDeadline = std::chrono::minutes(10);
  constexpr int kTries = 20;  // about 40 s: time for a coordinator to come back
  const std::string request_id = NewRequestId();
  v1::CreateEnsembleRequest create;
  create.set_request_id(request_id);
  create.set_name(order.name);
  create.set_spec_json(order.spec.Dump());
  for (const std::string& member : order.members) create.add_members(member);
  v1::EvaluateEnsembleRequest again;
  again.set_request_id(request_id);
  again.set_ensemble_id(order.ensemble);
  if (order.spec.size() > 0) again.set_spec_json(order.spec.Dump());
  v1::EnsembleReply reply;
  for (int tries = 1;; ++tries) {
    const Status status = connection_->Unary(address_, kDeadline, [&](auto* context) {
      auto& stub = *connection_->stub;
      return order.ensemble == 0 ? stub.CreateEnsemble(context, create, &reply)
                                 : stub.EvaluateEnsemble(context, again, &reply);
    });
    if (status.ok()) break;
    const bool retry = status.error().code() == ErrorCode::kUnavailable && tries < kTries;
    if (!retry || Interrupted()) return status.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(200 * tries));
  }
  return EnsembleOutcome{reply.ensemble_id(), reply.state(), reply.message()};
}

Status CoordinatorClient::Shutdown(bool checkpoint) {
  v1::ShutdownRequest request;
  request.set_checkpoint(checkpoint);
  v1::ShutdownReply reply;
  return connection_->Unary(address_, std::chrono::seconds(60), [&](auto* context) {
    return connection_->stub->Shutdown(context, request, &reply);
  });
}

}  // namespace tutti::cli
