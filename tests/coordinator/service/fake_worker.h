#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/record.h"

// A worker that a test plays by hand: the real protocol on a real socket. Everything the
// coordinator says is kept. Thread-safe.

namespace tutti {

struct DesiredAttemptSeen {
  std::int64_t allocation = 0;
  std::int64_t attempt = 0;
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;
  std::int64_t fence = 0;
  std::string resume_from;
  std::string stop;  // "RUN", "CHECKPOINT_AND_STOP", "KILL", "FINISH"
  std::int64_t task_id = 0;
  std::string task;
  std::string weights_from, weights_sha256;
  std::string input;
  std::string config;
};

class FakeWorker {
 public:
  // Opens the session; nothing is said yet.
  FakeWorker(const std::string& address, std::string name);
  ~FakeWorker();  // as if the machine had been switched off
  FakeWorker(const FakeWorker&) = delete;
  FakeWorker& operator=(const FakeWorker&) = delete;

  void Hello(int slots = 2, std::int64_t incarnation_seen = 0);
  // Hello, wait for the Welcome, an empty NodeReport, wait for the first desired state.
  bool Join(int slots = 2);
  // All allocations of the newest desired state are READY.
  void ReportReady();
  void ReportAllocations(const std::vector<std::int64_t>& ready);
  // The same, and that their attempts are known here.
  void ReportKnown();
  // attempt is added to the header.
  void Send(const DesiredAttemptSeen& attempt, std::int64_t seq, Json header,
            std::string payload = "");
  void SendLog(std::int64_t attempt, const std::string& text);
  void SendProgress(std::int64_t attempt, double epoch, double epochs);

  // What has been heard. `met` is called under the lock whenever something arrives, for at most
  // 20 s; inside it the accessors below may be used.
  bool Await(const std::function<bool()>& met);
  bool welcomed() const;
  bool has_desired() const;
  std::int64_t incarnation() const;
  std::vector<DesiredAttemptSeen> attempts() const;
  // How many gangs each desired state had, in the order in which they came.
  std::vector<int> gangs_desired() const;
  bool ended() const;
  std::string refused() const;
  // Acknowledgements as "COMMITTED 3", "GAP 1", "FENCED 2" of one attempt, in order.
  std::vector<std::string> acks(std::int64_t attempt) const;
  bool acked(std::int64_t attempt, const std::string& ack) const;

  // Waits for an attempt that shall run, and returns it.
  std::optional<DesiredAttemptSeen> AwaitAttempt();
  bool AwaitAck(std::int64_t attempt, const std::string& ack);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tutti
