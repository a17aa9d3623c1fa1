#include "worker/checkpoint/file_operations.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>


namespace tutti::checkpoint {

int FileOperations::Mkdir(const std::string& path) { return ::mkdir(path.c_str(), 0700); }

int FileOperations::Create(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

ssize_t FileOperations::Write(int fd, const void* data, std::size_t bytes) {
  return ::write(fd, data, bytes);
}

int FileOperations::Fsync(int fd) { return ::fsync(fd); }

int FileOperations::Close(int fd) { return ::close(fd); }

int FileOperations::OpenDirectory(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// A plain rename replaces an empty directory; RENAME_NOREPLACE is missing on some network file
// systems. A checkpoint is never empty, so that a plain rename refuses to replace one.
int FileOperations::Rename(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str());
}

int FileOperations::Unlink(const std::string& path) { return ::unlink(path.c_str()); }

int FileOperations::Rmdir(const std::string& path) { return ::rmdir(path.c_str()); }

}  // namespace tutti::checkpoint
