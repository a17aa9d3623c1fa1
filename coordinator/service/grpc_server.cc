#include "coordinator/service/grpc_server.h"

#include <grpc/support/log.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "coordinator/service/log.h"

namespace tutti {
namespace {

// Pictures and results of tasks (clients have the same limit). The desired state of a worker may be
// larger: it brings the pictures of several tasks.
constexpr int kMaxReceivedBytes = 64 << 20;
constexpr int kMaxSentBytes = 320 << 20;
// Clients ping every 30 s, also without a call; the server must allow strictly more often.
constexpr int kMinPingIntervalMs = 15'000;
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;

}  // namespace

std::string ServerAddress(const std::string& host, int port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<StartedServer> StartServer(const std::string& host, int port,
                                  const std::vector<grpc::Service*>& services) {
  // gRPC writes a page about a port in use; our own message says it in a line.
  gpr_set_log_function([](gpr_log_func_args* args) {
    LogDebug(std::string("grpc: ") + args->message);
  });
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  StartedServer out;
  builder.AddListeningPort(ServerAddress(host, port), grpc::InsecureServerCredentials(), &out.port);
  builder.SetMaxReceiveMessageSize(kMaxReceivedBytes);
  builder.SetMaxSendMessageSize(kMaxSentBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  for (grpc::Service* service : services) builder.RegisterService(service);
  out.server = builder.BuildAndStart();
  if (!out.server || out.port == 0) {
    return FailedPrecondition("cannot listen on " + ServerAddress(host, port) +
                              ": the port is in use; choose another with --port, or 0 for any");
  }
  return out;
}

}  // namespace tutti
