#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "worker/process/event_loop.h"

// JSON, one value a line, over a non-blocking descriptor.

namespace tutti::entrypoint {

inline constexpr std::size_t kLongestLine = 1u << 20;

// Takes lines out of bytes that arrive in pieces.
class LineBuffer {
 public:
  // Calls `take` for every line that is complete now. false: a line was too long; it is dropped.
  bool Feed(std::string_view bytes, const std::function<void(std::string_view)>& take);
  bool empty() const { return line_.empty(); }

 private:
  std::string line_;
  bool skipping_ = false;  // the rest of a line that was too long
};

class LineConnection {
 public:
  // Takes the descriptor over. `on_line` gets lines without the newline; it may destroy nothing
  // here. `on_closed` is called once, last.
  LineConnection(worker::EventLoop& loop, worker::FileDescriptor socket,
                 std::function<void(std::string_view)> on_line, std::function<void()> on_closed);
  ~LineConnection();
  LineConnection(const LineConnection&) = delete;
  LineConnection& operator=(const LineConnection&) = delete;

  // Queues what does not fit at once. Dropped when the other side is gone, or has not read 4 MiB.
  void Send(const Json& message);
  // Reads what is there already.
  void Drain();

 private:
  void OnReady(std::uint32_t events);
  void Write();

  worker::EventLoop& loop_;
  worker::FileDescriptor socket_;
  std::function<void(std::string_view)> on_line_;
  std::function<void()> on_closed_;
  LineBuffer buffer_;
  std::string out_;
  bool closed_ = false;
};

}  // namespace tutti::entrypoint
