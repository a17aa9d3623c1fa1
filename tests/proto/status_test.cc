// Goal: an Error that a server ends a call with is the same Error at the client, code included,
// and failures that never reached the server still get a sensible code.
// Method: a real server on loopback that fails as it is told.

#include "proto/wire/status.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "tutti/v1/control.grpc.pb.h"

namespace tutti::wire {
namespace {

class FailingControl final : public v1::Control::Service {
 public:
  grpc::Status Info(grpc::ServerContext* context, const v1::InfoRequest*,
                    v1::InfoReply*) override {
    return ErrorToStatus(error, *context);
  }
  Error error = Internal("not set");
};

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }

  Error Call() {
    const auto stub = v1::Control::NewStub(
        grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::InfoReply reply;
    const grpc::Status status = stub->Info(&context, v1::InfoRequest(), &reply);
    EXPECT_FALSE(status.ok());
    return StatusToError(status, context);
  }

  FailingControl service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(StatusTest, EveryCodeArrivesAsItself) {
  for (const ErrorCode code :
       {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kFailedPrecondition,
        ErrorCode::kUnavailable, ErrorCode::kPermissionDenied, ErrorCode::kUnschedulable,
        ErrorCode::kResourceExhausted, ErrorCode::kDataLoss, ErrorCode::kDeadlineExceeded,
        ErrorCode::kCancelled, ErrorCode::kFenced, ErrorCode::kInternal}) {
    service_.error = Error(code, "root").Wrap("context");
    const Error seen = Call();
    EXPECT_EQ(seen.code(), code) << ErrorCodeName(code);
    EXPECT_EQ(seen.message(), "context: root");
  }
}

TEST_F(StatusTest, AnEndlessMessageIsCut) {
  service_.error = InvalidArgument(std::string(100'000, 'x'));
  const Error seen = Call();
  EXPECT_EQ(seen.code(), ErrorCode::kInvalidArgument);
  EXPECT_LT(seen.message().size(), 5'000u);
}

TEST_F(StatusTest, AServerThatIsNotThereIsUnavailable) {
  server_->Shutdown();
  server_.reset();
  EXPECT_EQ(Call().code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tutti::wire
