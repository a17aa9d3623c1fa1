#include "worker/agent/gang_output.h"

#include <fcntl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tutti::worker {

Result<std::unique_ptr<GangOutput>> GangOutput::Open(
    EventLoop& loop, const std::filesystem::path& log_file,
    std::function<void(const std::string&)> on_line, FileDescriptor& writer) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return ErrnoError(errno, "making a pipe for trainer output");
  FileDescriptor reader(ends[0]);
  writer = FileDescriptor(ends[1]);
  if (::fcntl(reader.get(), F_SETFL, O_NONBLOCK) != 0) return ErrnoError(errno, "fcntl");
  FileDescriptor file(
      ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return ErrnoError(errno, "opening the log " + log_file.string());
  return std::unique_ptr<GangOutput>(
      new GangOutput(loop, std::move(reader), std::move(file), std::move(on_line)));
}

GangOutput::GangOutput(EventLoop& loop, FileDescriptor reader, FileDescriptor file,
                       std::function<void(const std::string&)> on_line)
    : loop_(loop),
      reader_(std::move(reader)),
      file_(std::move(file)),
      on_line_(std::move(on_line)) {
  loop_.Watch(reader_.get(), EPOLLIN, [this](std::uint32_t) { ReadOnce(); });
}

GangOutput::~GangOutput() {
  if (reader_) loop_.Unwatch(reader_.get());
}

bool GangOutput::ReadOnce() {
  if (!reader_) return false;
  std::array<char, 64 * 1024> buffer;
  const ssize_t n = ::read(reader_.get(), buffer.data(), buffer.size());
  if (n > 0) {
    Take({buffer.data(), static_cast<std::size_t>(n)});
    return true;
  }
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  loop_.Unwatch(reader_.get());
  reader_.Close();
  if (!line_.empty()) on_line_(std::exchange(line_, ""));
  return false;
}

void GangOutput::Drain() {
  // Bounded: the pipe holds 64 KiB once nobody writes, and a stray writer is not waited for.
  for (int i = 0; i < 16 && ReadOnce(); ++i) {
  }
  if (!line_.empty()) on_line_(std::exchange(line_, ""));
}

void GangOutput::Take(std::string_view bytes) {
  if (file_bytes_ < kMaxFileBytes) {
    const std::size_t count = std::min(bytes.size(), kMaxFileBytes - file_bytes_);
    // The lines reach the coordinator anyhow; a full disk only shortens the local copy.
    if (::write(file_.get(), bytes.data(), count) > 0) file_bytes_ += count;
  }
  for (const char c : bytes) {
    if (c == '\n' || line_.size() >= kMaxLine) on_line_(std::exchange(line_, ""));
    if (c != '\n') line_ += c;
  }
}

}  // namespace tutti::worker
