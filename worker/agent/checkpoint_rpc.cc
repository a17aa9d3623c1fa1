#include <grpcpp/grpcpp.h>
#include <tutti/v1/worker.grpc.pb.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <system_error>

#include "experiments/core/sha256.h"
#include "worker/agent/checkpoint_transfer.h"

// The two calls that move a checkpoint directory, file by file, each closed by its SHA-256.

namespace tutti::worker {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kChunk = 256 * 1024;
constexpr std::chrono::minutes kDeadline{10};

std::unique_ptr<v1::Worker::Stub> StubFor(const std::string& address) {
  return v1::Worker::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

Error FromGrpc(const grpc::Status& status, const std::string& what) {
  ErrorCode code = ErrorCode::kInternal;
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE: code = ErrorCode::kUnavailable; break;
    case grpc::StatusCode::DEADLINE_EXCEEDED: code = ErrorCode::kDeadlineExceeded; break;
    case grpc::StatusCode::CANCELLED: code = ErrorCode::kCancelled; break;
    case grpc::StatusCode::NOT_FOUND: code = ErrorCode::kNotFound; break;
    // The coordinator's disk is full: it may be emptied.
    case grpc::StatusCode::RESOURCE_EXHAUSTED: code = ErrorCode::kUnavailable; break;
    default: break;
  }
  return Error(code, what + ": " + status.error_message());
}

// Files of a checkpoint directory, manifest.json last: what is complete has a manifest.
Result<std::vector<std::string>> FilesOf(const fs::path& directory) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file(error)) names.push_back(it->path().filename().string());
  }
  if (error) return ErrnoError(error.value(), "reading checkpoint " + directory.string());
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a == "manifest.json", a) < std::pair(b == "manifest.json", b);
  });
  if (names.empty()) return NotFound("checkpoint " + directory.string() + " has no files");
  return names;
}

// false: the stream is broken; Finish says why.
Result<bool> SendFile(const fs::path& path, v1::CheckpointChunk head,
                      grpc::ClientWriter<v1::CheckpointChunk>& writer) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return ErrnoError(errno, "opening " + path.string());
  Sha256 hash;
  std::string buffer(kChunk, '\0');
  std::int64_t offset = 0;
  bool last = false;
  while (!last) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto n = static_cast<std::size_t>(file.gcount());
    if (file.bad()) return Internal("reading " + path.string() + " failed");
    last = file.peek() == std::ifstream::traits_type::eof();
    hash.Update(std::string_view(buffer.data(), n));
    head.set_offset(offset);
    head.set_data(buffer.data(), n);
    if (last) head.set_sha256(hash.HexDigest());
    if (!writer.Write(head)) return false;
    offset += static_cast<std::int64_t>(n);
  }
  return true;
}

bool IsPlainFileName(const std::string& name) {
  return IsCheckpointName(name) && name.find('/') == std::string::npos;
}

// Takes chunks in order and writes files below `directory`; checks offsets and hashes.
class ChunkWriter {
 public:
  explicit ChunkWriter(fs::path directory) : directory_(std::move(directory)) {}

  Status Take(const v1::CheckpointChunk& chunk) {
    if (!open_ || chunk.file() != name_) {
      if (open_) return DataLoss("file " + name_ + " ended without its hash");
      if (!IsPlainFileName(chunk.file())) {
        return InvalidArgument("'" + chunk.file() + "' is no file name of a checkpoint");
      }
      name_ = chunk.file();
      file_.open(directory_ / name_, std::ios::binary | std::ios::trunc);
      if (!file_) return ErrnoError(errno, "creating " + (directory_ / name_).string());
      hash_ = Sha256();
      offset_ = 0;
      open_ = true;
    }
    if (chunk.offset() != offset_) return DataLoss("a piece of file " + name_ + " is missing");
    file_.write(chunk.data().data(), static_cast<std::streamsize>(chunk.data().size()));
    hash_.Update(chunk.data());
    offset_ += static_cast<std::int64_t>(chunk.data().size());
    if (chunk.sha256().empty()) return Ok{};
    file_.close();
    open_ = false;
    ++files_;
    if (!file_) return Error(ErrorCode::kResourceExhausted, "writing file " + name_ + " failed");
    if (hash_.HexDigest() != chunk.sha256()) return DataLoss("file " + name_ + " has a wrong hash");
    return Ok{};
  }
  Status Complete() const {
    if (open_ || files_ == 0) return DataLoss("the checkpoint ended in the middle of a file");
    return Ok{};
  }

 private:
  fs::path directory_;
  std::ofstream file_;
  std::string name_;
  Sha256 hash_;
  std::int64_t offset_ = 0;
  bool open_ = false;
  int files_ = 0;
};

}  // namespace

Status UploadCheckpoint(const std::string& address, const CheckpointTransfer::Job& job,
                        const std::function<void(std::function<void()>)>& on_start) {
  const fs::path directory = job.root / job.name;
  TUTTI_ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesOf(directory));
  const auto stub = StubFor(address);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  on_start([&context] { context.TryCancel(); });
  v1::UploadReply reply;
  const auto writer = stub->UploadCheckpoint(&context, &reply);
  Status read = Ok{};
  for (const std::string& name : files) {
    v1::CheckpointChunk head;
    head.set_checkpoint(job.name);
    head.set_attempt_id(job.attempt.value);
    head.set_fence(job.fence);
    head.set_file(name);
    const auto sent = SendFile(directory / name, std::move(head), *writer);
    if (!sent) {
      read = sent.error();
      context.TryCancel();
      break;
    }
    if (!*sent) break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  on_start(nullptr);
  if (!read) return read;
  if (!status.ok()) return FromGrpc(status, "uploading checkpoint " + job.name);
  return Ok{};
}

Status DownloadCheckpoint(const std::string& address, const CheckpointTransfer::Job& job,
                          const std::function<void(std::function<void()>)>& on_start) {
  const fs::path target = job.root / job.name;
  const fs::path partial = job.root / (".download-" + ToString(job.attempt));
  std::error_code error;
  if (fs::exists(target, error)) return Ok{};
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  fs::create_directories(target.parent_path(), error);
  if (error) return ErrnoError(error.value(), "making " + partial.string());
  const auto stub = StubFor(address);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  on_start([&context] { context.TryCancel(); });
  v1::DownloadRequest request;
  request.set_checkpoint(job.name);
  const auto reader = stub->DownloadCheckpoint(&context, request);
  ChunkWriter files(partial);
  v1::CheckpointChunk chunk;
  Status written = Ok{};
  while (written && reader->Read(&chunk)) written = files.Take(chunk);
  if (!written) context.TryCancel();
  const grpc::Status status = reader->Finish();
  on_start(nullptr);
  if (written && !status.ok()) {
    written = FromGrpc(status, "downloading checkpoint " + job.name);
  } else if (written) {
    written = files.Complete();
  }
  if (written) {
    fs::rename(partial, target, error);
    if (error) written = ErrnoError(error.value(), "naming checkpoint " + target.string());
  }
  if (!written) fs::remove_all(partial, error);
  return written;
}

}  // namespace tutti::worker
