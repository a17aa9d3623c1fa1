#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/session.h"

// Keeps a session to the coordinator: finds its address, reconnects with capped back-off and
// jitter, refuses a coordinator older than one it has talked to. Lives on the agent's thread.

namespace tutti::worker {

class CoordinatorLink {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using AddressSource = std::function<Result<std::string>()>;

  // `wake` is called from other threads. `jitter_seed`: so that a thousand workers do not
  // reconnect in step.
  CoordinatorLink(AddressSource address, NodeDescription node, std::uint64_t jitter_seed,
                  std::function<void()> wake, Time now);

  // Opens a session if one is due and returns what arrived: desired states, acks, and a Welcomed
  // for each new session (reports must be sent again after it). Never a SessionClosed.
  std::vector<SessionEvent> Poll(Time now);

  // The session, once it was welcomed; else null. Valid until the next Poll.
  Session* session() const { return welcome_ ? session_.get() : nullptr; }
  const std::string& address() const { return address_; }
  const std::optional<Welcomed>& welcome() const { return welcome_; }
  // Why the coordinator will not have this worker, "" if it will.
  const std::string& refused() const { return refused_; }

  // When the newest message arrived. The coordinator answers every node report (with the desired
  // state), so that in a good session this is never older than a heartbeat and a round trip.
  Time last_contact() const { return last_contact_; }
  // When Poll has something to do although nothing arrives.
  std::optional<Time> next_attempt() const;
  void Close();

 private:
  void Open(Time now);
  void Lose(const std::string& reason, Time now);
  std::chrono::milliseconds Backoff();

  AddressSource address_source_;
  NodeDescription node_;
  std::uint64_t random_;
  std::function<void()> wake_;
  std::unique_ptr<Session> session_;
  std::string address_;
  std::optional<Welcomed> welcome_;
  std::int64_t incarnation_seen_ = 0;
  std::string refused_;
  std::string last_problem_;  // logged once, not at each attempt
  Time last_contact_;
  Time next_attempt_;
  Time opened_at_;
  int failures_ = 0;
};

// The address in STATE/coordinator.json. kUnavailable: no such file yet, or one without an address.
Result<std::string> AddressFromStateDirectory(const std::string& state_dir);

}  // namespace tutti::worker
