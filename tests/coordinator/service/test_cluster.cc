#include "tests/coordinator/service/test_cluster.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "coordinator/service/log.h"
#include "experiments/spec/spec.h"
#include "proto/wire/status.h"
#include "storage/read_store.h"
#include "tutti/v1/control.grpc.pb.h"

namespace tutti {
namespace {

constexpr auto kDeadline = std::chrono::seconds(20);

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
}

}  // namespace

struct TestCluster::Client {
  std::unique_ptr<v1::Control::Stub> stub;
};

TestCluster::TestCluster(CoordinatorOptions with) : options(std::move(with)) {
  SetLogLevel("error");
  std::string name = testing::TempDir() + "/tutti-coordinator-XXXXXX";
  options.state_dir = mkdtemp(name.data());
  options.version = "test";
  options.query_program = TUTTI_BINARY_DIR "/bin/tutti-coordinator";
  Start();
}

TestCluster::~TestCluster() {
  client_.reset();
  coordinator.reset();
  std::filesystem::remove_all(options.state_dir);
}

void TestCluster::Start() {
  auto started = Coordinator::Start(options);
  ASSERT_TRUE(started.ok()) << started.error().ToString();
  coordinator = std::move(started).value();
  address = coordinator->address();
  client_ = std::make_unique<Client>();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  client_->stub = v1::Control::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

void TestCluster::ShutDown() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ShutdownRequest request;
  request.set_checkpoint(true);
  v1::ShutdownReply reply;
  const grpc::Status status = client_->stub->Shutdown(&context, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_TRUE(coordinator->WaitForShutdown(20'000));
  const Status stopped = coordinator->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped.error().ToString();
  coordinator.reset();
}

std::string TestCluster::Document(const std::string& yaml) {
  const std::string text = "name: test\ndata: {dataset: glyphs}\nmodel: {preset: mnist_cnn}\n"
                           "training: {epochs: 2, batch_size: 16}\n" +
                           yaml;
  spec::ParseOptions options;
  options.file_name = "test.yaml";
  options.base_dir = options.override_base_dir = "/";
  const spec::ParseOutcome parsed = spec::ParseExperiments(text, options);
  for (const spec::Diagnostic& diagnostic : parsed.diagnostics) {
    if (diagnostic.severity == spec::Severity::kError) {
      ADD_FAILURE() << spec::FormatDiagnostic(diagnostic);
    }
  }
  return parsed.ok ? parsed.experiments.front().canonical.Dump() : "";
}

Result<TestCluster::Submitted> TestCluster::Submit(const std::string& canonical_json,
                                                   const std::string& request_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::SubmitRequest request;
  request.set_request_id(request_id);
  request.set_raw_text("# as written");
  request.set_canonical_json(canonical_json);
  request.set_provenance_json("{}");
  request.set_user("tester");
  v1::SubmitReply reply;
  const grpc::Status status = client_->stub->Submit(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Submitted{reply.experiment_id(), reply.state(),
                   {reply.warnings().begin(), reply.warnings().end()}};
}

Result<std::string> TestCluster::Act(const std::string& method, std::int64_t experiment,
                                     const std::string& request_id, std::int64_t trial_no) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ActionRequest request;
  request.set_request_id(request_id);
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::ActionReply reply;
  v1::Control::Stub& stub = *client_->stub;
  const grpc::Status status = method == "Pause"     ? stub.Pause(&context, request, &reply)
                              : method == "Resume"  ? stub.Resume(&context, request, &reply)
                              : method == "Cancel"  ? stub.Cancel(&context, request, &reply)
                              : method == "Archive" ? stub.Archive(&context, request, &reply)
                              : method == "Kill"    ? stub.Kill(&context, request, &reply)
                                                    : stub.Unarchive(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return reply.state();
}

Result<Json> TestCluster::Set(std::int64_t experiment, const Json& fields,
                              const std::string& request_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::SetExperimentRequest request;
  request.set_request_id(request_id);
  request.set_experiment_id(experiment);
  const auto given = [&fields](const char* name) { return fields.Find(name) != nullptr; };
  if (given("priority")) request.set_priority(fields["priority"].AsInt());
  if (given("weight")) request.set_weight(fields["weight"].AsDouble());
  if (given("max_slots")) request.set_max_slots(fields["max_slots"].AsInt());
  if (given("save_experiment_best")) {
    request.set_save_experiment_best(fields["save_experiment_best"].AsInt());
  }
  if (given("save_trial_best")) request.set_save_trial_best(fields["save_trial_best"].AsInt());
  if (given("save_trial_latest")) {
    request.set_save_trial_latest(fields["save_trial_latest"].AsInt());
  }
  v1::SetExperimentReply reply;
  const grpc::Status status = client_->stub->SetExperiment(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Json::Parse(reply.json());
}

Result<std::string> TestCluster::Continue(std::int64_t experiment,
                                          const std::string& canonical_json,
                                          const std::string& request_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ContinueRequest request;
  request.set_request_id(request_id);
  request.set_experiment_id(experiment);
  request.set_canonical_json(canonical_json);
  v1::ContinueReply reply;
  const grpc::Status status = client_->stub->Continue(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return reply.state();
}

Result<Json> TestCluster::Why(std::int64_t experiment, std::int64_t trial_no) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::WhyRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::WhyReply reply;
  const grpc::Status status = client_->stub->Why(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  Json lines = Json::MakeArray();
  for (const std::string& line : reply.lines()) lines.Append(line);
  Json decisions = Json::MakeArray();
  for (const v1::Decision& decision : reply.decisions()) {
    decisions.Append(decision.subject() + ": " + decision.text());
  }
  return Json::MakeObject({{"state", reply.state()},
                           {"lines", std::move(lines)},
                           {"decisions", std::move(decisions)}});
}

Result<Json> TestCluster::Drain(const std::string& node, bool drain, bool now,
                                const std::string& request_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::DrainRequest request;
  request.set_request_id(request_id);
  request.set_node_name(node);
  request.set_drain(drain);
  request.set_now(now);
  v1::DrainReply reply;
  const grpc::Status status = client_->stub->Drain(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Json::Parse(reply.json());
}

Result<Json> TestCluster::Get(std::int64_t experiment, std::int64_t trial_no) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::GetRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::GetReply reply;
  const grpc::Status status = client_->stub->Get(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Json::Parse(reply.json());
}

Result<TestCluster::EnsembleOutcome> TestCluster::CreateEnsemble(
    const std::vector<std::string>& members, const std::string& spec_json,
    const std::string& request_id, const std::string& name) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::CreateEnsembleRequest request;
  request.set_request_id(request_id);
  request.set_name(name);
  request.set_spec_json(spec_json);
  for (const std::string& member : members) request.add_members(member);
  v1::EnsembleReply reply;
  const grpc::Status status = client_->stub->CreateEnsemble(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return EnsembleOutcome{reply.ensemble_id(), reply.state(), reply.message()};
}

Result<TestCluster::EnsembleOutcome> TestCluster::EvaluateEnsemble(std::int64_t ensemble,
                                                                   const std::string& spec_json,
                                                                   const std::string& request_id) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::EvaluateEnsembleRequest request;
  request.set_request_id(request_id);
  request.set_ensemble_id(ensemble);
  request.set_spec_json(spec_json);
  v1::EnsembleReply reply;
  const grpc::Status status = client_->stub->EvaluateEnsemble(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return EnsembleOutcome{reply.ensemble_id(), reply.state(), reply.message()};
}

Result<Json> TestCluster::ListWorkers() {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ListRequest request;
  request.set_what(v1::ListRequest::WORKERS);
  v1::ListReply reply;
  const grpc::Status status = client_->stub->List(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Json::Parse(reply.json());
}

Result<Json> TestCluster::ListTrials(std::int64_t experiment) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::ListRequest request;
  request.set_what(v1::ListRequest::TRIALS);
  request.set_experiment_id(experiment);
  v1::ListReply reply;
  const grpc::Status status = client_->stub->List(&context, request, &reply);
  if (!status.ok()) return wire::StatusToError(status, context);
  return Json::Parse(reply.json());
}

Result<Json> TestCluster::Query(const std::string& sql, std::int64_t max_rows, bool* truncated) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::QueryRequest request;
  request.set_sql(sql);
  request.set_max_rows(max_rows);
  const auto stream = client_->stub->Query(&context, request);
  Json rows = Json::MakeArray();
  v1::QueryReply reply;
  while (stream->Read(&reply)) {
    TUTTI_ASSIGN_OR_RETURN(const Json chunk, Json::Parse(reply.rows_json()));
    for (const Json& row : chunk.AsArray()) rows.Append(row);
    if (truncated != nullptr) *truncated = reply.truncated();
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return wire::StatusToError(status, context);
  return rows;
}

Status TestCluster::Watch(std::int64_t experiment,
                          const std::function<void(const std::string&)>& on_state) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::WatchRequest request;
  request.set_experiment_id(experiment);
  const auto stream = client_->stub->Watch(&context, request);
  v1::WatchUpdate update;
  while (stream->Read(&update)) on_state(update.state());
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return wire::StatusToError(status, context);
  return Ok{};
}

Result<std::string> TestCluster::Logs(std::int64_t experiment, std::int64_t trial_no, bool follow,
                                      std::int64_t tail, const std::function<void()>& on_chunk) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::LogsRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  request.set_follow(follow);
  request.set_tail(tail);
  const auto stream = client_->stub->Logs(&context, request);
  std::string text;
  v1::LogChunk chunk;
  while (stream->Read(&chunk)) {
    text += chunk.text();
    if (on_chunk) on_chunk();
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return wire::StatusToError(status, context);
  return text;
}

std::int64_t TestCluster::ReadInt(const std::string& sql) {
  const auto reader = storage::ReadStore::Open(options.state_dir + "/tutti.db");
  EXPECT_TRUE(reader.ok());
  const auto table = (*reader)->Query(sql);
  EXPECT_TRUE(table.ok()) << table.error().ToString();
  return table && !table->rows.empty() && table->rows[0][0].is_int() ? table->rows[0][0].AsInt()
                                                                     : -1;
}

bool TestCluster::Await(const std::function<bool()>& met) {
  const auto until = std::chrono::steady_clock::now() + kDeadline;
  while (!met()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace tutti
