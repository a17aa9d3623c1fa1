#include "tests/worker/data/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>


namespace tutti::test {

Response Reply(const std::string& status, const std::string& body, std::int64_t announced) {
  const auto length = announced >= 0 ? announced : static_cast<std::int64_t>(body.size());
  return {"HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " +
              std::to_string(length) + "\r\n\r\n" + body};
}

Response Serve(const Request& request, const std::string& body) {
  if (request.range.empty()) return Reply("200 OK", body);
  const std::size_t from = std::stoul(request.range.substr(std::string("bytes=").size()));
  if (from >= body.size()) return Reply("416 Range Not Satisfiable", "");
  const std::string rest = body.substr(from);
  return {"HTTP/1.1 206 Partial Content\r\nConnection: close\r\nContent-Length: " +
              std::to_string(rest.size()) + "\r\nContent-Range: bytes " + std::to_string(from) +
              "-" + std::to_string(body.size() - 1) + "/" + std::to_string(body.size()) +
              "\r\n\r\n" + rest};
}

HttpServer::HttpServer(std::function<Response(const Request&)> answer)
    : answer_(std::move(answer)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    ADD_FAILURE() << "the test's HTTP server cannot listen";
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

HttpServer::~HttpServer() {
  stop_ = true;
  ::shutdown(listener_, SHUT_RDWR);  // wakes the poll
  thread_.join();
  ::close(listener_);
  for (const int connection : stalled_) ::close(connection);
}

std::vector<Request> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::Run() {
  while (!stop_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 1000) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) Handle(connection);
  }
}

void HttpServer::Handle(int connection) {
  std::string text;
  char piece[4096];
  while (text.find("\r\n\r\n") == std::string::npos) {
    const ssize_t n = ::recv(connection, piece, sizeof piece, 0);
    if (n <= 0) break;
    text.append(piece, static_cast<std::size_t>(n));
  }
  Request request;
  const std::size_t path = text.find(' ');
  if (path != std::string::npos) {
    request.path = text.substr(path + 1, text.find(' ', path + 1) - path - 1);
  }
  if (const std::size_t range = text.find("Range: "); range != std::string::npos) {
    request.range = text.substr(range + 7, text.find("\r\n", range) - range - 7);
  }
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const Response response = answer_(request);
  std::string_view left = response.bytes;
  while (!left.empty()) {
    const ssize_t n = ::send(connection, left.data(), left.size(), MSG_NOSIGNAL);
    if (n <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  if (response.stall) {
    stalled_.push_back(connection);
    return;
  }
  // Ends our side and waits for the peer's, since closing with unread bytes would reset.
  ::shutdown(connection, SHUT_WR);
  while (::recv(connection, piece, sizeof piece, 0) > 0) {
  }
  ::close(connection);
}

}  // namespace tutti::test
