#include "worker/agent/remote_exec.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "experiments/core/record.h"
#include "worker/process/file_descriptor.h"

namespace tutti::worker {
namespace {

constexpr int kPartsPerBlock = 256;
constexpr int kMaxPart = 65'535;
constexpr std::string_view kPrefix = "198.18.";

// Takes one quoted stretch; `at` is behind the opening quote and ends behind the closing one.
bool TakeQuoted(std::string_view text, char quote, std::size_t& at, std::string& word) {
  for (; at < text.size(); ++at) {
    if (text[at] == quote) return ++at, true;
    const bool escaped = quote == '"' && text[at] == '\\' && at + 1 < text.size() &&
                         (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escaped) ++at;
    word += text[at];
  }
  return false;
}

Result<std::vector<std::string>> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == ' ' || c == '\t' || c == '\n') {
      if (inside) words.push_back(std::exchange(word, {}));
      inside = false;
      continue;
    }
    inside = true;
    if (c == '"' || c == '\'') {
      if (!TakeQuoted(text, c, at, word)) {
        return InvalidArgument("unclosed " + std::string(1, c) + " in: " + std::string(text));
      }
    } else if (c == '\\' && at < text.size()) {
      word += text[at++];
    } else {
      word += c;
    }
  }
  if (inside) words.push_back(word);
  return words;
}

Result<FileDescriptor> ConnectTo(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return InvalidArgument("TUTTI_SOCKET '" + path + "' is too long for a Unix socket");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                           sizeof(address)) != 0) {
    return ErrnoError(errno, "connecting to the worker at " + path);
  }
  return socket;
}

// Sends the request and waits for the worker's word.
Status Ask(const std::string& path, const Record& request) {
  TUTTI_ASSIGN_OR_RETURN(const FileDescriptor socket, ConnectTo(path));
  const std::string frame = EncodeRecord(request);
  for (std::size_t at = 0; at < frame.size();) {
    const ssize_t n = ::send(socket.get(), frame.data() + at, frame.size() - at, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "writing to the worker");
    at += static_cast<std::size_t>(n);
  }
  RecordDecoder decoder;
  char buffer[4096];
  while (true) {
    Record reply;
    TUTTI_ASSIGN_OR_RETURN(const auto outcome, decoder.Next(reply));
    if (outcome == RecordDecoder::Outcome::kRecord) {
      TUTTI_ASSIGN_OR_RETURN(const bool taken, reply.header.GetBool("taken"));
      if (taken) return Ok{};
      return FailedPrecondition("the worker refused: it leads no such gang, or is not connected");
    }
    const ssize_t n = ::recv(socket.get(), buffer, sizeof(buffer), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Unavailable("the worker closed the connection");
    decoder.Feed({buffer, static_cast<std::size_t>(n)});
  }
}

Status RemoteExec(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    return InvalidArgument("expected HOST COMMAND…; mpirun calls this, not people");
  }
  const char* socket = std::getenv("TUTTI_SOCKET");
  const char* allocation = std::getenv("TUTTI_ALLOCATION");
  if (socket == nullptr || allocation == nullptr) {
    return InvalidArgument("TUTTI_SOCKET and TUTTI_ALLOCATION are not set; mpirun calls this, "
                           "not people");
  }
  TUTTI_ASSIGN_OR_RETURN(const int part, PartOfHost(arguments[0]));
  TUTTI_ASSIGN_OR_RETURN(const auto command, DaemonCommand({arguments.begin() + 1,
                                                            arguments.end()}));
  Json argv = Json::MakeArray();
  for (const std::string& argument : command) argv.Append(argument);
  return Ask(socket, {Json::MakeObject({{"type", "remote_exec"},
                                        {"allocation", std::int64_t{std::atoll(allocation)}},
                                        {"part", part},
                                        {"argv", std::move(argv)}}),
                      ""});
}

}  // namespace

std::string HostOfPart(int part) {
  TUTTI_CHECK(part >= 1 && part <= kMaxPart, "a part that has no host");
  return std::string(kPrefix) + std::to_string(part / kPartsPerBlock) + "." +
         std::to_string(part % kPartsPerBlock);
}

Result<int> PartOfHost(const std::string& host) {
  const auto unknown = [&] { return InvalidArgument("'" + host + "' stands for no node"); };
  if (!host.starts_with(kPrefix)) return unknown();
  const char* at = host.data() + kPrefix.size();
  const char* end = host.data() + host.size();
  int block = -1, rest = -1;
  const auto first = std::from_chars(at, end, block);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return unknown();
  const auto second = std::from_chars(first.ptr + 1, end, rest);
  if (second.ec != std::errc() || second.ptr != end) return unknown();
  const int part = block * kPartsPerBlock + rest;
  if (block < 0 || rest < 0 || part < 1 || part > kMaxPart || HostOfPart(part) != host) {
    return unknown();
  }
  return part;
}

Result<std::vector<std::string>> DaemonCommand(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) text += (text.empty() ? "" : " ") + argument;
  TUTTI_ASSIGN_OR_RETURN(std::vector<std::string> words, SplitWords(text));
  std::erase(words, "--daemonize");
  if (words.empty() || words.front().substr(words.front().rfind('/') + 1) != "orted") {
    return InvalidArgument("expected a call of orted, not: " + text);
  }
  words.front() = "orted";
  return words;
}

int RemoteExecMain(const std::vector<std::string>& arguments) {
  const Status done = RemoteExec(arguments);
  if (done) return 0;
  std::cerr << "tutti-worker remote-exec: " << done.error().ToString() << "\n";
  return done.error().code() == ErrorCode::kInvalidArgument ? 2 : 1;
}

}  // namespace tutti::worker
