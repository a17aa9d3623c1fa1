#include "storage/state_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace tutti::storage {

Result<StateLock> StateLock::Acquire(const std::string& state_dir) {
  if (mkdir(state_dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create the state directory " + state_dir);
  }
  const std::string path = state_dir + "/lock";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return ErrnoError(errno, "cannot open the lock file " + path);
  StateLock lock(fd);  // closes fd on every way out
  struct flock whole_file {};
  whole_file.l_type = F_WRLCK;
  whole_file.l_whence = SEEK_SET;
  if (fcntl(fd, F_OFD_SETLK, &whole_file) != 0) {
    if (errno != EAGAIN && errno != EACCES) return ErrnoError(errno, "cannot lock " + path);
    std::array<char, 32> text{};
    const ssize_t n = pread(fd, text.data(), text.size() - 1, 0);
    std::string owner(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
    owner.erase(owner.find_last_not_of(" \n") + 1);
    return FailedPrecondition("another coordinator (process " +
                              (owner.empty() ? std::string("unknown") : owner) +
                              ") uses the state directory " + state_dir +
                              ": stop it (tutti down) or choose another one (--state)");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(fd, 0) != 0 ||
      pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return ErrnoError(errno, "cannot write the lock file " + path);
  }
  return lock;
}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

StateLock::~StateLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace tutti::storage
