#include "coordinator/service/log_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "coordinator/service/log.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxQueuedBytes = 16u << 20;
constexpr std::size_t kTailBlock = 64u << 10;

// Appends and closes: logs are few per second, and an open file would survive its deletion.
Status AppendTo(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return ErrnoError(errno, "cannot open " + path);
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const Error error = ErrnoError(errno, "cannot write " + path);
      ::close(fd);
      return error;
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  ::close(fd);
  return Ok{};
}

std::string PrefixLines(std::string_view text, const std::string& prefix) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t taken = end == std::string_view::npos ? text.size() : end + 1;
    out += prefix;
    out += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<LogFiles>> LogFiles::Open(std::string directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create " + directory);
  }
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    return ErrnoError(errno, "cannot write logs into " + directory);
  }
  return std::unique_ptr<LogFiles>(new LogFiles(std::move(directory)));
}

LogFiles::LogFiles(std::string directory)
    : directory_(std::move(directory)), thread_([this] { Run(); }) {}

LogFiles::~LogFiles() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::string LogFiles::PathOf(Key key) const {
  std::string path = directory_ + "/" + ToString(key.experiment);
  if (key.trial_no > 0) path += "." + std::to_string(key.trial_no);
  return path + ".log";
}

void LogFiles::Append(Key key, std::string text) {
  if (text.empty()) return;
  if (text.back() != '\n') text += '\n';
  {
    const std::lock_guard lock(mutex_);
    if (queued_bytes_ + text.size() > kMaxQueuedBytes) {
      dropped_bytes_[key] += text.size();
      return;
    }
    queued_bytes_ += text.size();
    jobs_.push_back({key, std::move(text), false});
  }
  wake_.notify_one();
}

void LogFiles::End(Key key) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({key, "", true});
  }
  wake_.notify_one();
}

bool LogFiles::HasEnded(Key key) const {
  const std::lock_guard lock(mutex_);
  return ended_.contains(key);
}

void LogFiles::Run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;  // stopping, and all is written
      job = std::move(jobs_.front());
      jobs_.pop_front();
      queued_bytes_ -= job.text.size();
      if (job.end) ended_.insert(job.key);
      if (const auto dropped = dropped_bytes_.find(job.key); dropped != dropped_bytes_.end()) {
        job.text += "tutti: " + std::to_string(dropped->second) +
                    " bytes of log text were dropped here: they came faster than the disk\n";
        dropped_bytes_.erase(dropped);
      }
    }
    Write(job);
    Notify(job.key);
    if (job.key.trial_no > 0) Notify({job.key.experiment, 0});
  }
}

void LogFiles::Write(const Job& job) {
  if (job.text.empty()) return;
  const Key all{job.key.experiment, 0};
  const std::string prefix =
      "[" + ToString(job.key.experiment) + "." + std::to_string(job.key.trial_no) + "] ";
  Status written = AppendTo(PathOf(job.key), job.text);
  if (written && job.key.trial_no > 0) {
    written = AppendTo(PathOf(all), PrefixLines(job.text, prefix));
  }
  // A full disk costs log text, never results: those fail in the writer.
  if (!written) LogWarning("log text lost: " + written.error().ToString());
}

void LogFiles::Notify(Key key) {
  const std::lock_guard lock(subscribers_mutex_);
  for (const auto& [number, subscriber] : subscribers_) {
    if (subscriber.first == key) subscriber.second();
  }
}

std::int64_t LogFiles::Subscribe(Key key, std::function<void()> on_change) {
  const std::lock_guard lock(subscribers_mutex_);
  subscribers_[next_subscription_] = {key, std::move(on_change)};
  return next_subscription_++;
}

void LogFiles::Unsubscribe(std::int64_t subscription) {
  const std::lock_guard lock(subscribers_mutex_);
  subscribers_.erase(subscription);
}

Result<std::string> LogFiles::Read(Key key, std::int64_t offset, std::size_t max_bytes) const {
  const std::string path = PathOf(key);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT) return std::string();
    return ErrnoError(errno, "cannot open " + path);
  }
  std::string text(max_bytes, '\0');
  const ssize_t n = ::pread(fd, text.data(), text.size(), offset);
  const int error = errno;
  ::close(fd);
  if (n < 0) return ErrnoError(error, "cannot read " + path);
  text.resize(static_cast<std::size_t>(n));
  if (const std::size_t last = text.rfind('\n'); last != std::string::npos) {
    text.resize(last + 1);
  }
  return text;
}

std::int64_t LogFiles::TailOffset(Key key, std::int64_t lines) const {
  const std::string path = PathOf(key);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  struct stat info {};
  std::int64_t at = ::fstat(fd, &info) == 0 ? info.st_size : 0;
  std::int64_t seen = -1;  // the newline that ends the last line begins no further one
  std::int64_t offset = 0;
  std::string block(kTailBlock, '\0');
  while (at > 0 && offset == 0) {
    const std::int64_t from = std::max<std::int64_t>(0, at - static_cast<std::int64_t>(kTailBlock));
    const ssize_t n = ::pread(fd, block.data(), static_cast<std::size_t>(at - from), from);
    if (n <= 0) break;
    for (ssize_t i = n - 1; i >= 0; --i) {
      if (block[static_cast<std::size_t>(i)] == '\n' && ++seen == lines) {
        offset = from + i + 1;
        break;
      }
    }
    at = from;
  }
  ::close(fd);
  return offset;
}

}  // namespace tutti
