#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/entrypoint/attempt_order.h"
#include "worker/entrypoint/checkpoint_desk.h"
#include "worker/entrypoint/processes.h"
#include "worker/entrypoint/program_channel.h"
#include "worker/entrypoint/program_environment.h"
#include "worker/entrypoint/program_reports.h"
#include "worker/entrypoint/worker_link.h"

// Towards the worker a trainer like any other; towards any program the one that starts it, tells
// it what to do, hears what it reports and buries it. One thread and one loop; callbacks only note
// what happened, Step acts.

namespace tutti::entrypoint {

struct HostOptions {
  std::string socket;  // the worker's
  std::int64_t allocation = 0;
  Crew crew;
  std::filesystem::path directory;     // of its own: socket, FIFO, scratch
  std::vector<std::string> inherited;  // NAME=value for programs
};

class Host {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Connects to the worker and says hello.
  static Result<std::unique_ptr<Host>> Create(HostOptions options);

  // One turn: waits for something to happen, at most a second, and acts.
  void Turn();
  // After SIGCHLD.
  void OnChildSignal() { child_died_ = true; }
  // After SIGTERM: ends the program and then itself.
  void OnTerminate();
  // The worker is gone or wants no more, and no process is left.
  bool finished() const { return finished_; }

  worker::EventLoop& loop() { return loop_; }

 private:
  enum class Stop { kNone, kFinish, kCheckpoint, kKill };
  // How an attempt ended: the fields of `done`.
  struct End {
    std::string outcome, failure, message;
    int exit_code = 0, signal = 0;
  };
  //   kVerifying --checkpoint is whole--> kStarting --program runs it--> kRunning
  //   kRunning --it is through, or must go--> kEnding --nothing is left to do--> (none)
  enum class Phase { kVerifying, kStarting, kRunning, kEnding };
  struct Attempt {
    AttemptOrder order;
    Resume resume;
    std::optional<ProgramReports> reports;  // from kRunning
    Phase phase = Phase::kStarting;
    Stop stop = Stop::kNone;
    bool holding = false;     // it has reached run_until
    bool terminated = false;  // TERM was sent
    std::optional<Time> term_at, kill_at;
    Time last_word;
    std::optional<End> said;  // by the program, or about it by this host
    std::vector<bool> done;   // by rank
    bool told_started = false;
    bool untried = false;      // given to a program that stayed, which has said nothing yet
    bool keep_program = false;            // kEnding
    std::optional<ProgramEnd> exit;       // kEnding
  };

  explicit Host(HostOptions options);

  // host.cc: what the worker says, and the course of an attempt
  void OnRecord(Record&& record);
  void OnRun(const Record& record);
  void OnStop(const Json& header);
  void Step(Time now);
  void StepStarting(Time now);
  void StepRunning(Time now);
  void StepEnding();
  void Launch(Time now);
  void Begin(Time now);
  void BeginEnding(bool keep_program);
  // true: no process of a program is left.
  bool EndProgram(Time now, bool politely);
  End Outcome() const;
  void Finish(const End& end);
  void CheckTimers(Time now);
  std::chrono::milliseconds Patience(Time now) const;

  // host_messages.cc: what the program says
  ProgramChannel::Events ChannelEvents();
  void OnMessage(int rank, const Json& message);
  void OnReport(const Json& message);
  void OnCheckpoint(int rank, const Json& message);
  void OnDone(int rank, const Json& message);
  void HandleDesk();
  void OnPublished(const CheckpointDesk::Finished& finished);
  void TellStop(Stop how, Time now);
  void FailAttempt(const std::string& failure, const std::string& message);
  void SendProgress(const Record& record, Time now);
  void Log(const std::string& text);
  bool Running() const { return attempt_ && attempt_->phase == Phase::kRunning; }

  HostOptions options_;
  worker::EventLoop loop_;
  std::unique_ptr<WorkerLink> link_;
  std::unique_ptr<ProgramChannel> channel_;
  CheckpointDesk desk_;
  Processes processes_;
  Program program_;          // of processes_
  std::vector<bool> warm_;   // by rank: it said so in its hello
  std::int64_t oom_kills_before_ = 0;  // when the program was started
  std::optional<Time> polite_until_;  // an idle program was asked to end
  bool polite_term_ = false;
  std::optional<Attempt> attempt_;
  bool child_died_ = false;
  bool ending_ = false;      // the host itself
  bool finished_ = false;
  Time last_alive_, last_progress_;
};

}  // namespace tutti::entrypoint
