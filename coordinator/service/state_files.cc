#include "coordinator/service/state_files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>

#include "experiments/core/json.h"

namespace tutti {
namespace {

Status WriteAll(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot write " + path);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return ErrnoError(errno, "cannot fsync " + path);
  return Ok{};
}

Status WriteAtomically(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return ErrnoError(errno, "cannot create " + temporary);
  const Status written = WriteAll(fd, text, temporary);
  ::close(fd);
  TUTTI_RETURN_IF_ERROR(written);
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return ErrnoError(errno, "cannot rename " + temporary + " to " + path);
  }
  return Ok{};
}

}  // namespace

Status WriteCoordinatorFile(const std::string& state_dir, const CoordinatorFile& file) {
  const Json json = Json::MakeObject({{"address", file.address},
                                      {"port", file.port},
                                      {"pid", file.pid},
                                      {"incarnation", file.incarnation},
                                      {"version", file.version}});
  return WriteAtomically(state_dir + "/coordinator.json", json.Dump() + "\n");
}

void RemoveCoordinatorFile(const std::string& state_dir) {
  ::unlink((state_dir + "/coordinator.json").c_str());
}

int ReadLastPort(const std::string& state_dir) {
  std::ifstream in(state_dir + "/port");
  int port = 0;
  if (!(in >> port) || port < 1 || port > 65535) return 0;
  return port;
}

Status WriteLastPort(const std::string& state_dir, int port) {
  return WriteAtomically(state_dir + "/port", std::to_string(port) + "\n");
}

Result<std::string> WriteNonce(const std::string& state_dir) {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return ErrnoError(errno, "cannot get random bytes");
  }
  std::string nonce;
  for (const unsigned char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    nonce += kDigits[byte >> 4];
    nonce += kDigits[byte & 15];
  }
  TUTTI_RETURN_IF_ERROR(WriteAtomically(state_dir + "/nonce", nonce));
  return nonce;
}

}  // namespace tutti
