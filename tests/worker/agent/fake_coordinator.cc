#include "tests/worker/agent/fake_coordinator.h"

#include "experiments/core/check.h"
#include "experiments/core/sha256.h"

namespace tutti::worker {

FakeCoordinator::FakeCoordinator() { Start(); }
FakeCoordinator::~FakeCoordinator() { Stop(); }

void FakeCoordinator::Start() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(),
                           &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  TUTTI_CHECK(server_ != nullptr, "the test's server does not start");
}

void FakeCoordinator::Stop() {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

void FakeCoordinator::SendDesired() {
  if (stream_ == nullptr) return;
  v1::FromCoordinator message;
  *message.mutable_desired() = desired_;
  message.mutable_desired()->set_incarnation(incarnation);
  stream_->Write(message);
}

void FakeCoordinator::SetDesired(const v1::DesiredState& desired) {
  const std::lock_guard lock(mutex_);
  desired_ = desired;
  SendDesired();
}

bool FakeCoordinator::Await(const std::function<bool()>& met) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(60), met);
}

std::vector<std::string> FakeCoordinator::Types(std::int64_t attempt) const {
  std::vector<std::string> types;
  for (const Report& report : reports_) {
    if (report.attempt == attempt) types.emplace_back(report.record.type());
  }
  return types;
}

const FakeCoordinator::Report* FakeCoordinator::Find(std::int64_t attempt,
                                                     const std::string& type) const {
  for (const Report& report : reports_) {
    if (report.attempt == attempt && report.record.type() == type) return &report;
  }
  return nullptr;
}

std::optional<v1::AllocationStatus> FakeCoordinator::Status(std::int64_t allocation) const {
  for (const auto& status : node_.allocations()) {
    if (status.allocation_id() == allocation) return status;
  }
  return std::nullopt;
}

void FakeCoordinator::OnReport(const v1::Report& report) {
  std::string& bytes = partial_[report.attempt_id()];
  if (report.part() == 0) bytes.clear();
  bytes += report.data();
  if (report.part() + 1 < report.parts()) return;
  v1::FromCoordinator message;
  v1::ReportAck& ack = *message.mutable_ack();
  ack.set_attempt_id(report.attempt_id());
  std::int64_t& last = last_seq_[report.attempt_id()];
  if (fenced.contains(report.attempt_id())) {
    ack.set_outcome(v1::ReportAck::FENCED);
  } else if (report.seq() > last + 1 || refuse_once.erase(report.seq()) > 0) {
    ack.set_outcome(v1::ReportAck::GAP);
  } else if (report.seq() == last + 1) {
    RecordDecoder decoder;
    decoder.Feed(bytes);
    Report stored{report.attempt_id(), report.fence(), report.seq(), {}};
    const auto outcome = decoder.Next(stored.record);
    TUTTI_CHECK(outcome && *outcome == RecordDecoder::Outcome::kRecord, "a damaged report");
    reports_.push_back(std::move(stored));
    last = report.seq();
  }
  ack.set_seq(last);
  if (acknowledge) stream_->Write(message);
}

grpc::Status FakeCoordinator::Session(grpc::ServerContext*, Stream* stream) {
  v1::FromWorker message;
  if (!stream->Read(&message)) return grpc::Status::OK;
  {
    const std::lock_guard lock(mutex_);
    hello_ = message.hello();
    v1::FromCoordinator answer;
    if (!refuse_with.empty()) {
      answer.mutable_refused()->set_reason(refuse_with);
      stream->Write(answer);
      return grpc::Status::OK;
    }
    v1::Welcome& welcome = *answer.mutable_welcome();
    welcome.set_node_id(1);
    welcome.set_incarnation(incarnation);
    welcome.set_heartbeat_ms(100);
    welcome.set_self_kill_after_ms(self_kill_after_ms);
    welcome.set_state_dir(state_dir);
    welcome.set_nonce(nonce);
    stream->Write(answer);
    stream_ = stream;
    ++sessions_;
    SendDesired();
    changed_.notify_all();
  }
  while (stream->Read(&message)) {
    const std::lock_guard lock(mutex_);
    if (message.has_node()) {
      node_ = message.node();
      SendDesired();  // the worker's proof of contact
    }
    if (message.has_report()) OnReport(message.report());
    for (const v1::Report& report : message.reports().reports()) OnReport(report);
    for (const auto& lines : message.telemetry().logs()) logs_ += lines.text();
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  stream_ = nullptr;
  return grpc::Status::OK;
}

grpc::Status FakeCoordinator::UploadCheckpoint(grpc::ServerContext*,
                                               grpc::ServerReader<v1::CheckpointChunk>* reader,
                                               v1::UploadReply*) {
  v1::CheckpointChunk chunk;
  while (reader->Read(&chunk)) {
    const std::lock_guard lock(mutex_);
    uploads_.push_back(chunk);
  }
  return grpc::Status::OK;
}

grpc::Status FakeCoordinator::DownloadCheckpoint(grpc::ServerContext*,
                                                 const v1::DownloadRequest* request,
                                                 grpc::ServerWriter<v1::CheckpointChunk>* writer) {
  if (download.empty()) return {grpc::StatusCode::NOT_FOUND, "no such checkpoint"};
  v1::CheckpointChunk chunk;
  chunk.set_checkpoint(request->checkpoint());
  chunk.set_file("manifest.json");
  chunk.set_data(download);
  chunk.set_sha256(Sha256Hex(download));
  writer->Write(chunk);
  return grpc::Status::OK;
}

}  // namespace tutti::worker
