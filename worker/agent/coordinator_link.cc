#include "worker/agent/coordinator_link.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "experiments/core/json.h"
#include "worker/agent/log.h"

namespace tutti::worker {
namespace {

constexpr std::int64_t kFirstBackoffMs = 100;
constexpr std::int64_t kMaxBackoffMs = 5'000;
constexpr std::chrono::seconds kWelcomeWithin{20};

}  // namespace

Result<std::string> AddressFromStateDirectory(const std::string& state_dir) {
  const std::string path = state_dir + "/coordinator.json";
  std::ifstream file(path);
  if (!file) return Unavailable("no coordinator has written " + path + " yet");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto json = Json::Parse(text);
  const auto address = json ? json->GetString("address") : Result<std::string>(json.error());
  if (!address) return Unavailable(path + " has no address: " + address.error().ToString());
  return *address;
}

CoordinatorLink::CoordinatorLink(AddressSource address, NodeDescription node,
                                 std::uint64_t jitter_seed, std::function<void()> wake, Time now)
    : address_source_(std::move(address)),
      node_(std::move(node)),
      random_(jitter_seed),
      wake_(std::move(wake)),
      last_contact_(now),
      next_attempt_(now) {}

std::optional<CoordinatorLink::Time> CoordinatorLink::next_attempt() const {
  if (session_ || !refused_.empty()) return std::nullopt;
  return next_attempt_;
}

std::chrono::milliseconds CoordinatorLink::Backoff() {
  const std::int64_t full =
      std::min(kMaxBackoffMs, kFirstBackoffMs << std::min(failures_, 10));
  // SplitMix64 (Steele, Lea, Flood 2014): one half fixed, one half random.
  random_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = random_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return std::chrono::milliseconds(full / 2 +
                                   static_cast<std::int64_t>(z % static_cast<std::uint64_t>(
                                                                     full / 2 + 1)));
}

void CoordinatorLink::Open(Time now) {
  auto address = address_source_();
  if (!address) return Lose(address.error().ToString(), now);
  address_ = *address;
  opened_at_ = now;
  session_ = Session::Open(address_, node_, incarnation_seen_, wake_);
}

void CoordinatorLink::Lose(const std::string& reason, Time now) {
  const bool was_welcome = welcome_.has_value();
  session_.reset();
  welcome_.reset();
  next_attempt_ = now + Backoff();
  ++failures_;
  if (was_welcome || reason != last_problem_) {
    LogWarning((was_welcome ? "lost the coordinator: " : "no coordinator: ") + reason);
  }
  last_problem_ = reason;
}

void CoordinatorLink::Close() {
  session_.reset();
  welcome_.reset();
}

std::vector<SessionEvent> CoordinatorLink::Poll(Time now) {
  if (!session_ && refused_.empty() && now >= next_attempt_) Open(now);
  std::vector<SessionEvent> arrived;
  if (!session_) return arrived;
  for (SessionEvent& event : session_->Take()) {
    if (auto* welcomed = std::get_if<Welcomed>(&event)) {
      if (welcomed->incarnation < incarnation_seen_) {
        Lose("the coordinator at " + address_ + " has incarnation " +
                 std::to_string(welcomed->incarnation) + ", older than " +
                 std::to_string(incarnation_seen_) + " that this worker has talked to",
             now);
        return arrived;
      }
      incarnation_seen_ = welcomed->incarnation;
      welcome_ = *welcomed;
      failures_ = 0;
      last_problem_.clear();
      LogInfo("joined the coordinator at " + address_ + " as node " +
              std::to_string(welcomed->node_id));
    } else if (const auto* refusal = std::get_if<RefusedByCoordinator>(&event)) {
      refused_ = refusal->reason;
      Close();
      return arrived;
    } else if (const auto* closed = std::get_if<SessionClosed>(&event)) {
      Lose(closed->reason, now);
      return arrived;
    } else if (const auto* desired = std::get_if<DesiredArrived>(&event)) {
      if (desired->incarnation < incarnation_seen_) continue;
    }
    last_contact_ = now;
    arrived.push_back(std::move(event));
  }
  if (!welcome_ && now - opened_at_ > kWelcomeWithin) {
    Lose("the coordinator at " + address_ + " does not answer", now);
  }
  return arrived;
}

}  // namespace tutti::worker
