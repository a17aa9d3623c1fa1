#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <mutex>

#include "coordinator/service/checkpoint_streams.h"
#include "coordinator/service/service_context.h"
#include "experiments/core/sha256.h"
#include "proto/wire/status.h"
#include "tutti/v1/worker.pb.h"

namespace tutti {
namespace {

constexpr std::int64_t kChunkBytes = 256 << 10;

// File after file, chunk after chunk; the last chunk of a file carries its SHA-256.
class DownloadStream final : public grpc::ServerWriteReactor<v1::CheckpointChunk> {
 public:
  DownloadStream(ServiceContext& context, grpc::CallbackServerContext& call,
                 const v1::DownloadRequest& request)
      : context_(context), call_(call), name_(request.checkpoint()) {}

  void Start(const std::shared_ptr<DownloadStream>& self) {
    self_ = self;  // kept until the call is over; queued work holds it too
    OnDisk([self] { self->Open(); });
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok) Finished(grpc::Status::CANCELLED);
      if (finished_) return;
    }
    OnDisk([self = self_] { self->Next(); });
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    if (!writing_) Finished(grpc::Status::CANCELLED);
  }
  void OnDone() override { auto self = std::move(self_); }

 private:
  void OnDisk(TaskPool::Task task) {
    if (!context_.disk->TryPost(std::move(task))) {
      Fail(Error(ErrorCode::kResourceExhausted, "too many transfers at once; try again"));
    }
  }

  void Open() {
    auto reader = context_.checkpoints->OpenForReading(name_);
    if (!reader) {
      Fail(reader.error());
      return;
    }
    reader_ = std::move(reader).value();
    Next();
  }

  void Next() {
    if (file_ == reader_->files().size()) {
      const std::lock_guard lock(mutex_);
      Finished(grpc::Status::OK);
      return;
    }
    const storage::CheckpointReader::File& file = reader_->files()[file_];
    auto bytes = reader_->Read(file.name, offset_, kChunkBytes);
    if (!bytes) {
      Fail(bytes.error());
      return;
    }
    if (bytes->empty() && offset_ < file.bytes) {
      Fail(DataLoss("checkpoint " + name_ + ": " + file.name + " became shorter"));
      return;
    }
    chunk_.Clear();
    chunk_.set_checkpoint(name_);
    chunk_.set_file(file.name);
    chunk_.set_offset(offset_);
    hash_.Update(*bytes);
    offset_ += static_cast<std::int64_t>(bytes->size());
    chunk_.set_data(std::move(*bytes));
    if (offset_ >= file.bytes) {
      chunk_.set_sha256(hash_.HexDigest());
      hash_ = Sha256();
      offset_ = 0;
      ++file_;
    }
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    writing_ = true;
    StartWrite(&chunk_);
  }

  void Fail(const Error& why) {
    const std::lock_guard lock(mutex_);
    if (!finished_) Finished(wire::ErrorToStatus(why, call_));
  }
  // REQUIRES: mutex_ held.
  void Finished(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }

  ServiceContext& context_;
  grpc::CallbackServerContext& call_;  // gone some time after Finished
  const std::string name_;
  std::unique_ptr<storage::CheckpointReader> reader_;
  std::size_t file_ = 0;
  std::int64_t offset_ = 0;
  Sha256 hash_;
  v1::CheckpointChunk chunk_;
  std::shared_ptr<DownloadStream> self_;
  std::mutex mutex_;  // guards writing_, finished_
  bool writing_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::CheckpointChunk>* StartDownload(ServiceContext& context,
                                                             grpc::CallbackServerContext& call,
                                                             const v1::DownloadRequest& request) {
  const auto stream = std::make_shared<DownloadStream>(context, call, request);
  stream->Start(stream);
  return stream.get();
}

}  // namespace tutti
