#include "worker/agent/launch_message.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include "experiments/core/enum_table.h"

namespace tutti::worker {
namespace {

constexpr EnumTable<LaunchRequest::Kind, 3> kRequestNames{
    {{{LaunchRequest::Kind::kStart, "start"},
      {LaunchRequest::Kind::kStop, "stop"},
      {LaunchRequest::Kind::kKill, "kill"}}}};
constexpr EnumTable<LaunchEvent::Kind, 5> kEventNames{
    {{{LaunchEvent::Kind::kStarted, "started"},
      {LaunchEvent::Kind::kFailed, "failed"},
      {LaunchEvent::Kind::kExited, "exited"},
      {LaunchEvent::Kind::kGone, "gone"},
      {LaunchEvent::Kind::kStuck, "stuck"}}}};

Json StringList(const std::vector<std::string>& items) {
  Json list = Json::MakeArray();
  for (const std::string& item : items) list.Append(item);
  return list;
}

Result<std::vector<std::string>> GetStrings(const Json& json, std::string_view key) {
  const Json* list = json.Find(key);
  if (list == nullptr || !list->is_array()) {
    return InvalidArgument("launch message without the list \"" + std::string(key) + "\"");
  }
  std::vector<std::string> items;
  for (const Json& item : list->AsArray()) {
    if (!item.is_string()) return InvalidArgument("launch message with a non-string in a list");
    items.push_back(item.AsString());
  }
  return items;
}

}  // namespace

std::string EncodeLaunchRequest(const LaunchRequest& request) {
  Json json = Json::MakeObject({{"op", kRequestNames.Name(request.kind)}, {"gang", request.gang}});
  if (request.kind == LaunchRequest::Kind::kStart) {
    json.Set("argv", StringList(request.argv));
    json.Set("env", StringList(request.env));
    json.Set("directory", request.directory);
  } else {
    json.Set("grace_ms", request.grace_ms);
  }
  return json.Dump();
}

Result<LaunchRequest> DecodeLaunchRequest(std::string_view text) {
  TUTTI_ASSIGN_OR_RETURN(const Json json, Json::Parse(text));
  LaunchRequest request;
  TUTTI_ASSIGN_OR_RETURN(const std::string op, json.GetString("op"));
  const auto kind = kRequestNames.Parse(op);
  if (!kind) return InvalidArgument("unknown launch request '" + op + "'");
  request.kind = *kind;
  TUTTI_ASSIGN_OR_RETURN(request.gang, json.GetInt("gang"));
  if (request.kind == LaunchRequest::Kind::kStart) {
    TUTTI_ASSIGN_OR_RETURN(request.argv, GetStrings(json, "argv"));
    TUTTI_ASSIGN_OR_RETURN(request.env, GetStrings(json, "env"));
    TUTTI_ASSIGN_OR_RETURN(request.directory, json.GetString("directory"));
    if (request.argv.empty()) return InvalidArgument("launch request with an empty argv");
  } else {
    TUTTI_ASSIGN_OR_RETURN(request.grace_ms, json.GetInt("grace_ms"));
  }
  return request;
}

std::string EncodeLaunchEvent(const LaunchEvent& event) {
  return Json::MakeObject({{"op", kEventNames.Name(event.kind)},
                           {"gang", event.gang},
                           {"pid", event.pid},
                           {"exit_code", event.exit_code},
                           {"signal", event.signal},
                           {"sent_kill", event.sent_kill},
                           {"text", event.text}})
      .Dump();
}

Result<LaunchEvent> DecodeLaunchEvent(std::string_view text) {
  TUTTI_ASSIGN_OR_RETURN(const Json json, Json::Parse(text));
  LaunchEvent event;
  TUTTI_ASSIGN_OR_RETURN(const std::string op, json.GetString("op"));
  const auto kind = kEventNames.Parse(op);
  if (!kind) return InvalidArgument("unknown launch event '" + op + "'");
  event.kind = *kind;
  TUTTI_ASSIGN_OR_RETURN(event.gang, json.GetInt("gang"));
  TUTTI_ASSIGN_OR_RETURN(event.pid, json.GetInt("pid"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t exit_code, json.GetInt("exit_code"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t signal, json.GetInt("signal"));
  event.exit_code = static_cast<int>(exit_code);
  event.signal = static_cast<int>(signal);
  TUTTI_ASSIGN_OR_RETURN(event.sent_kill, json.GetBool("sent_kill"));
  TUTTI_ASSIGN_OR_RETURN(event.text, json.GetString("text"));
  return event;
}

Status SendPacket(int socket, std::string_view text, int descriptor) {
  if (text.size() > kMaxLaunchMessage) {
    return InvalidArgument("launch message of " + std::to_string(text.size()) +
                           " bytes; at most " + std::to_string(kMaxLaunchMessage));
  }
  iovec part{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &descriptor, sizeof(int));
  }
  ssize_t n = 0;
  do {
    n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n >= 0) return Ok{};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return Unavailable("the launch socket is full");
  return ErrnoError(errno, "sending to the launch socket");
}

Result<Packet> ReceivePacket(int socket) {
  Packet packet;
  packet.text.resize(kMaxLaunchMessage);
  iovec part{packet.text.data(), packet.text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t n = 0;
  do {
    n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Unavailable("no launch message");
    if (errno == ECONNRESET) return NotFound("the launch socket was closed");
    return ErrnoError(errno, "reading from the launch socket");
  }
  if (n == 0) return NotFound("the launch socket was closed");
  packet.text.resize(static_cast<std::size_t>(n));
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
       head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(head), sizeof(int));
      packet.descriptor = FileDescriptor(descriptor);
    }
  }
  return packet;
}

}  // namespace tutti::worker
