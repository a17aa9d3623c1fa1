#include "worker/entrypoint/program_channel.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace tutti::entrypoint {
namespace {

namespace fs = std::filesystem;
using worker::FileDescriptor;

constexpr std::size_t kMostPeers = 4096;

Result<FileDescriptor> Listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return InvalidArgument("the socket path '" + path + "' is longer than " +
                           std::to_string(sizeof(address.sun_path) - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener) return ErrnoError(errno, "making the program's socket");
  ::unlink(path.c_str());
  // The directory above is private (0700).
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listener.get(), 128) != 0) {
    return ErrnoError(errno, "listening on " + path);
  }
  return listener;
}

// Open for both ways: the program never waits for a reader, and the end of one writer is no end of
// file.
Result<FileDescriptor> OpenFifo(const std::string& path) {
  ::unlink(path.c_str());
  if (::mkfifo(path.c_str(), 0600) != 0) return ErrnoError(errno, "making the FIFO " + path);
  FileDescriptor fifo(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fifo) return ErrnoError(errno, "opening the FIFO " + path);
  return fifo;
}

void Empty(const std::string& directory) {
  std::error_code ignored;  // what stays is removed with the whole directory
  for (fs::directory_iterator it(directory, ignored), end; it != end; it.increment(ignored)) {
    fs::remove_all(it->path(), ignored);
  }
}

}  // namespace

Result<std::unique_ptr<ProgramChannel>> ProgramChannel::Open(worker::EventLoop& loop,
                                                             const fs::path& directory, int world,
                                                             Events events) {
  const Places places{(directory / "socket").string(), (directory / "report").string(),
                      (directory / "stop").string(), (directory / "scratch").string()};
  std::error_code error;
  fs::remove_all(directory, error);
  fs::create_directories(places.scratch, error);
  if (error) return ErrnoError(error.value(), "making " + places.scratch);
  if (::chmod(directory.c_str(), 0700) != 0) {
    return ErrnoError(errno, "making " + directory.string() + " private");
  }
  auto channel =
      std::unique_ptr<ProgramChannel>(new ProgramChannel(loop, places, world, std::move(events)));
  TUTTI_ASSIGN_OR_RETURN(channel->listener_, Listen(places.socket));
  TUTTI_ASSIGN_OR_RETURN(channel->fifo_, OpenFifo(places.report));
  ProgramChannel* self = channel.get();
  loop.Watch(self->listener_.get(), EPOLLIN, [self](std::uint32_t) { self->Accept(); });
  loop.Watch(self->fifo_.get(), EPOLLIN, [self](std::uint32_t) { self->ReadFifo(); });
  return channel;
}

ProgramChannel::ProgramChannel(worker::EventLoop& loop, Places places, int world, Events events)
    : loop_(loop), places_(std::move(places)), world_(world), events_(std::move(events)) {}

ProgramChannel::~ProgramChannel() {
  if (listener_) loop_.Unwatch(listener_.get());
  if (fifo_) loop_.Unwatch(fifo_.get());
}

void ProgramChannel::Accept() {
  gone_.clear();
  while (true) {
    FileDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    if (peers_.size() >= kMostPeers) continue;
    const int fd = socket.get();
    peers_[fd].connection = std::make_unique<LineConnection>(
        loop_, std::move(socket), [this, fd](std::string_view line) { OnLine(fd, line); },
        [this, fd] { OnClosed(fd); });
  }
}

void ProgramChannel::OnLine(int fd, std::string_view line) {
  const auto it = peers_.find(fd);
  if (it == peers_.end() || line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  auto message = Json::Parse(line);
  if (!message || !message->is_object()) {
    return events_.on_bad_line(std::string(line.substr(0, 200)) + ": " +
                               (message ? std::string("no JSON object")
                                        : message.error().ToString()));
  }
  const Json* type = message->Find("type");
  if (type == nullptr || !type->is_string() || type->AsString() != "hello") {
    return events_.on_message(it->second.rank, *message);
  }
  const auto given = message->GetInt("rank");
  const std::int64_t rank = given ? *given : 0;
  if (rank < 0 || rank >= world_ || ranks_.contains(static_cast<int>(rank))) {
    return events_.on_bad_line("hello of rank " + std::to_string(rank) + ", which is " +
                               (rank < 0 || rank >= world_ ? "none of this gang" : "connected"));
  }
  it->second.rank = static_cast<int>(rank);
  ranks_[static_cast<int>(rank)] = fd;
  const auto warm = message->GetBool("warm");
  events_.on_hello(static_cast<int>(rank), warm && *warm);
}

void ProgramChannel::OnClosed(int fd) {
  const auto it = peers_.find(fd);
  if (it == peers_.end()) return;
  const int rank = it->second.rank;
  gone_[fd] = std::move(it->second);
  peers_.erase(it);
  if (rank < 0) return;
  ranks_.erase(rank);
  events_.on_closed(rank);
}

void ProgramChannel::ReadFifo() {
  std::array<char, 65536> bytes;
  while (true) {
    const ssize_t n = ::read(fifo_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    const bool whole = fifo_lines_.Feed(
        {bytes.data(), static_cast<std::size_t>(n)}, [this](std::string_view line) {
          if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
          auto message = Json::Parse(line);
          if (message && message->is_object()) return events_.on_message(-1, *message);
          events_.on_bad_line(std::string(line.substr(0, 200)) + ": " +
                              (message ? std::string("no JSON object")
                                       : message.error().ToString()));
        });
    if (!whole) events_.on_bad_line("a line of more than 1 MiB");
  }
}

void ProgramChannel::Send(int rank, const Json& message) {
  const auto it = ranks_.find(rank);
  if (it != ranks_.end()) peers_.at(it->second).connection->Send(message);
}

void ProgramChannel::SetStop(const std::string& how) {
  if (how.empty()) {
    ::unlink(places_.stop.c_str());
    return;
  }
  // Under its name with its content, or not at all.
  const std::string draft = places_.stop + ".new";
  std::ofstream(draft) << how << "\n";
  ::rename(draft.c_str(), places_.stop.c_str());
}

void ProgramChannel::Drain() {
  ReadFifo();
  std::vector<int> keys;
  for (const auto& [fd, peer] : peers_) keys.push_back(fd);
  for (const int fd : keys) {
    const auto it = peers_.find(fd);
    if (it != peers_.end()) it->second.connection->Drain();
  }
}

void ProgramChannel::Reset() {
  gone_.clear();
  peers_.clear();
  ranks_.clear();
  fifo_lines_ = LineBuffer();
  Empty(places_.scratch);
  SetStop("");
}

}  // namespace tutti::entrypoint
