#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "experiments/core/result.h"
#include "worker/process/event_loop.h"

// Standard output and error of a gang: lines to a callback, everything to a log file.

namespace tutti::worker {

class GangOutput {
 public:
  static constexpr std::size_t kMaxLine = 4096;               // longer lines are cut into pieces
  static constexpr std::size_t kMaxFileBytes = 16u << 20;     // the rest goes to the callback only

  // `log_file` is created or appended to. `writer` becomes the end for the processes.
  static Result<std::unique_ptr<GangOutput>> Open(EventLoop& loop,
                                                  const std::filesystem::path& log_file,
                                                  std::function<void(const std::string&)> on_line,
                                                  FileDescriptor& writer);
  ~GangOutput();
  GangOutput(const GangOutput&) = delete;
  GangOutput& operator=(const GangOutput&) = delete;

  // Reads what is still in the pipe (after the last process is gone).
  void Drain();

 private:
  GangOutput(EventLoop& loop, FileDescriptor reader, FileDescriptor file,
             std::function<void(const std::string&)> on_line);
  // false: nothing more is there now.
  bool ReadOnce();
  void Take(std::string_view bytes);

  EventLoop& loop_;
  FileDescriptor reader_;
  FileDescriptor file_;
  std::size_t file_bytes_ = 0;
  std::function<void(const std::string&)> on_line_;
  std::string line_;
};

}  // namespace tutti::worker
