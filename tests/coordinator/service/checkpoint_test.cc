// Goal: a checkpoint that one worker uploads is what another one downloads, byte for byte, and
// replaced attempts, damaged files and cut-off uploads publish nothing.
// Method: the real coordinator and checkpoint store; the calls of a worker by hand.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>

#include "experiments/core/sha256.h"
#include "proto/wire/status.h"
#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"
#include "tutti/v1/worker.grpc.pb.h"

namespace tutti {
namespace {

constexpr char kName[] = "1/1/1-step-10";
using Files = std::map<std::string, std::string>;

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    EXPECT_TRUE(cluster_.Submit(TestCluster::Document(), "id-1").ok());
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    EXPECT_TRUE(worker_->Join());
    attempt_ = worker_->AwaitAttempt().value_or(DesiredAttemptSeen{});
    stub_ = v1::Worker::NewStub(
        grpc::CreateChannel(cluster_.address, grpc::InsecureChannelCredentials()));
    files_["model.safetensors"].assign(1'000'003, '\7');
    files_["optimizer.safetensors"] = "";
    files_["manifest.json"] = "{\"files\":2}";
  }

  // `finish` false: the client goes away instead. Returns the manifest's hash.
  Result<std::string> Upload(std::int64_t fence, const Files& files, bool finish = true,
                             const std::string& wrong_hash = "") {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::UploadReply reply;
    const auto stream = stub_->UploadCheckpoint(&context, &reply);
    for (const auto& [name, content] : files) {
      constexpr std::size_t kPart = 300'000;
      std::size_t at = 0;
      do {
        v1::CheckpointChunk chunk;
        chunk.set_checkpoint(kName);
        chunk.set_attempt_id(attempt_.attempt);
        chunk.set_fence(fence);
        chunk.set_file(name);
        chunk.set_offset(static_cast<std::int64_t>(at));
        chunk.set_data(content.substr(at, kPart));
        at += chunk.data().size();
        if (at == content.size()) {
          chunk.set_sha256(wrong_hash.empty() ? Sha256Hex(content) : wrong_hash);
        }
        if (!stream->Write(chunk)) break;
      } while (at < content.size());
    }
    if (!finish) {
      context.TryCancel();
    } else {
      stream->WritesDone();
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return wire::StatusToError(status, context);
    return reply.manifest_sha256();
  }

  Result<Files> Download() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::DownloadRequest request;
    request.set_checkpoint(kName);
    const auto stream = stub_->DownloadCheckpoint(&context, request);
    Files files;
    v1::CheckpointChunk chunk;
    while (stream->Read(&chunk)) {
      std::string& content = files[chunk.file()];
      EXPECT_EQ(static_cast<std::size_t>(chunk.offset()), content.size());
      content += chunk.data();
      if (!chunk.sha256().empty()) {
        EXPECT_EQ(chunk.sha256(), Sha256Hex(content));
      }
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return wire::StatusToError(status, context);
    return files;
  }

  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
  DesiredAttemptSeen attempt_;
  std::unique_ptr<v1::Worker::Stub> stub_;
  Files files_;
};

TEST_F(CheckpointTest, ComesBackAsItWasSent) {
  for (int round = 0; round < 2; ++round) {  // a repeated upload is the same checkpoint
    const auto sha256 = Upload(attempt_.fence, files_);
    ASSERT_TRUE(sha256.ok()) << sha256.error().ToString();
    EXPECT_EQ(*sha256, Sha256Hex(files_["manifest.json"]));
  }
  const auto files = Download();
  ASSERT_TRUE(files.ok()) << files.error().ToString();
  EXPECT_EQ(*files, files_);
}

TEST_F(CheckpointTest, OfAReplacedAttemptIsFenced) {
  const auto refused = Upload(attempt_.fence + 1, files_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kFenced);
  EXPECT_EQ(Download().error().code(), ErrorCode::kNotFound);
}

TEST_F(CheckpointTest, WithADamagedFileIsNotPublished) {
  const auto refused = Upload(attempt_.fence, files_, true, std::string(64, '0'));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kDataLoss);
  EXPECT_EQ(Download().error().code(), ErrorCode::kNotFound);
}

TEST_F(CheckpointTest, OfAWorkerThatWentAwayIsNotPublished) {
  EXPECT_FALSE(Upload(attempt_.fence, files_, false).ok());
  EXPECT_EQ(Download().error().code(), ErrorCode::kNotFound);
  // What it had sent is not in the way of the next try.
  EXPECT_TRUE(Upload(attempt_.fence, files_).ok());
}

TEST_F(CheckpointTest, WithoutAManifestIsRefused) {
  files_.erase("manifest.json");
  EXPECT_FALSE(Upload(attempt_.fence, files_).ok());
  EXPECT_EQ(Download().error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tutti
