#pragma once

#include <grpcpp/grpcpp.h>
#include <tutti/v1/worker.grpc.pb.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "experiments/core/record.h"

// The coordinator's side of Worker.Session, in the test's own process: keeps what workers say,
// acknowledges reports as a coordinator that commits at once, and sends the desired state it is
// told to. Thread-safe; one worker at a time.

namespace tutti::worker {

class FakeCoordinator final : public v1::Worker::Service {
 public:
  struct Report {
    std::int64_t attempt = 0, fence = 0, seq = 0;
    Record record;
  };

  FakeCoordinator();
  ~FakeCoordinator() override;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // On the port it has; Stop ends all sessions at once, as a crash would.
  void Start();
  void Stop();

  void SetDesired(const v1::DesiredState& desired);
  // A state without allocations.
  void SetIdle() { SetDesired({}); }

  // Waits (at most 60 s) until `met` holds of what has arrived; false on time-out.
  bool Await(const std::function<bool()>& met);
  // The rest REQUIRES: called within `met`, or while no worker is connected.
  const std::vector<Report>& reports() const { return reports_; }
  std::vector<std::string> Types(std::int64_t attempt) const;
  const Report* Find(std::int64_t attempt, const std::string& type) const;
  std::optional<v1::AllocationStatus> Status(std::int64_t allocation) const;
  const v1::Hello& hello() const { return hello_; }
  const std::string& logs() const { return logs_; }
  int sessions() const { return sessions_; }
  const std::vector<v1::CheckpointChunk>& uploads() const { return uploads_; }

  // Behaviour. Set before Start, or within Await.
  bool acknowledge = true;
  std::set<std::int64_t> fenced;        // attempts
  std::set<std::int64_t> refuse_once;   // seqs that are answered with a gap the first time
  std::int64_t incarnation = 1;
  std::int64_t self_kill_after_ms = 60'000;
  std::string state_dir, nonce;
  std::string refuse_with;
  std::string download;  // content of the one file that DownloadCheckpoint serves

 private:
  using Stream = grpc::ServerReaderWriter<v1::FromCoordinator, v1::FromWorker>;
  grpc::Status Session(grpc::ServerContext* context, Stream* stream) override;
  grpc::Status UploadCheckpoint(grpc::ServerContext* context,
                                grpc::ServerReader<v1::CheckpointChunk>* reader,
                                v1::UploadReply* reply) override;
  grpc::Status DownloadCheckpoint(grpc::ServerContext* context, const v1::DownloadRequest* request,
                                  grpc::ServerWriter<v1::CheckpointChunk>* writer) override;
  void SendDesired();
  void OnReport(const v1::Report& report);

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  Stream* stream_ = nullptr;
  v1::DesiredState desired_;
  std::map<std::int64_t, std::string> partial_;
  std::map<std::int64_t, std::int64_t> last_seq_;
  std::vector<Report> reports_;
  v1::NodeReport node_;
  v1::Hello hello_;
  std::string logs_;
  std::vector<v1::CheckpointChunk> uploads_;
  int sessions_ = 0;
};

}  // namespace tutti::worker
