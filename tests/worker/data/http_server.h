#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// A small HTTP/1.1 server on 127.0.0.1 and a free port, for tests of downloads: it answers each
// request with exactly the bytes the test says, so that it can lie in every way.

namespace tutti::test {

struct Request {
  std::string path;
  std::string range;  // value of the Range header, or ""
};

struct Response {
  std::string bytes;    // status line, headers and body, as sent
  bool stall = false;   // then keep the connection open and say nothing more
};

// "HTTP/1.1 200 OK" with a body; `announced` = Content-Length if it differs from the truth.
Response Reply(const std::string& status, const std::string& body, std::int64_t announced = -1);
// What a good server answers for `body`: 206 for a range, 416 past the end, else 200.
Response Serve(const Request& request, const std::string& body);

class HttpServer {
 public:
  // `answer` runs on the server's thread, one request after the other.
  explicit HttpServer(std::function<Response(const Request&)> answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  std::vector<Request> requests() const;

 private:
  void Run();
  void Handle(int connection);

  std::function<Response(const Request&)> answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;  // guards requests_
  std::vector<Request> requests_;
  std::vector<int> stalled_;  // connections left open; used by thread_ only
  std::thread thread_;
};

}  // namespace tutti::test
