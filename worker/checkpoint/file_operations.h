#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

// The system calls by which a checkpoint reaches the disk, as a table, so that a test can make any
// one of them fail. Each returns what the call returns and sets errno.

namespace tutti::checkpoint {

class FileOperations {
 public:
  virtual ~FileOperations() = default;
  virtual int Mkdir(const std::string& path);                  // mode 0700
  virtual int Create(const std::string& path);                 // a new file, mode 0600; -> fd
  virtual ssize_t Write(int fd, const void* data, std::size_t bytes);
  virtual int Fsync(int fd);
  virtual int Close(int fd);
  virtual int OpenDirectory(const std::string& path);          // -> fd, for Fsync
  virtual int Rename(const std::string& from, const std::string& to);  // never over a checkpoint
  virtual int Unlink(const std::string& path);
  virtual int Rmdir(const std::string& path);
};

}  // namespace tutti::checkpoint
