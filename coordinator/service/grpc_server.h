#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/core/result.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

// The settings of the gRPC server: message limits, keepalive, no shared ports.

namespace tutti {

struct StartedServer {
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

// port 0: any. kFailedPrecondition: the port is in use. The services outlive the server.
Result<StartedServer> StartServer(const std::string& host, int port,
                                  const std::vector<grpc::Service*>& services);

// "127.0.0.1:7077", "[::1]:7077".
std::string ServerAddress(const std::string& host, int port);

}  // namespace tutti
