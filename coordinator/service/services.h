#pragma once

#include <memory>

namespace grpc {
class Service;
}  // namespace grpc

namespace tutti {

struct ServiceContext;

// The gRPC services (proto/tutti/v1) on the callback API: they check what comes in, hand it to the
// event loop or a pool, and never block gRPC's threads. shared_ptr only because grpc::Service is
// incomplete here. `context` outlives the server.
std::shared_ptr<grpc::Service> MakeControlService(ServiceContext& context);
std::shared_ptr<grpc::Service> MakeWorkerService(ServiceContext& context);

}  // namespace tutti
