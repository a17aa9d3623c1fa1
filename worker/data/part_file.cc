#include "worker/data/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace tutti {

PartFile::PartFile(std::string final_path, int fd, std::int64_t bytes)
    : final_path_(std::move(final_path)), path_(final_path_ + ".part"), fd_(fd), bytes_(bytes) {}

PartFile::PartFile(PartFile&& other) noexcept
    : final_path_(std::move(other.final_path_)),
      path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      bytes_(other.bytes_) {}

PartFile::~PartFile() {
  if (fd_ < 0) return;
  if (bytes_ == 0) ::unlink(path_.c_str());  // nothing worth keeping
  ::close(fd_);
}

Result<PartFile> PartFile::Open(const std::string& final_path) {
  const std::string path = final_path + ".part";
  for (int i = 0; i < 10; ++i) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
                          0644);
    if (fd < 0) return ErrnoError(errno, "cannot write " + path);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd);
      return FailedPrecondition("another process is writing " + path + "; wait for it to end");
    }
    // Another fetch may have published or removed the file between our open and our lock.
    struct stat opened {};
    struct stat named {};
    if (::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
        opened.st_ino == named.st_ino && opened.st_dev == named.st_dev) {
      return PartFile(final_path, fd, opened.st_size);
    }
    ::close(fd);
  }
  return FailedPrecondition(path + " is replaced again and again by another process");
}

Status PartFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot write " + path_);
    bytes_ += n;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return Ok{};
}

Status PartFile::Clear() {
  if (::ftruncate(fd_, 0) != 0) return ErrnoError(errno, "cannot empty " + path_);
  bytes_ = 0;
  return Ok{};
}

Status PartFile::Publish() {
  if (::fsync(fd_) != 0) return ErrnoError(errno, "cannot fsync " + path_);
  if (::rename(path_.c_str(), final_path_.c_str()) != 0) {
    return ErrnoError(errno, "cannot rename " + path_ + " to " + final_path_);
  }
  ::close(std::exchange(fd_, -1));
  std::string parent = std::filesystem::path(final_path_).parent_path().string();
  if (parent.empty()) parent = ".";
  const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return ErrnoError(errno, "cannot open directory " + parent);
  const int rc = ::fsync(directory);
  const int error = errno;
  ::close(directory);
  if (rc != 0) return ErrnoError(error, "cannot fsync directory " + parent);
  return Ok{};
}

}  // namespace tutti
