// Goal: the launcher starts, ends and buries gangs, whatever they do. Method: a real launcher
// process (this test has one thread) and shell scripts as gangs; events are read with poll.

#include "worker/agent/launcher.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/agent/worker_process.h"
#include "worker/process/process_table.h"

namespace tutti::worker {
namespace {

using Kind = LaunchEvent::Kind;
using ::testing::HasSubstr;

class LauncherTest : public ::testing::Test {
 protected:
  LauncherTest() : launcher_(std::move(Launcher::Fork()).value()) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    output_ = FileDescriptor(ends[0]);
    writer_ = FileDescriptor(ends[1]);
  }

  void Start(std::int64_t gang, const std::string& script) {
    LaunchRequest request;
    request.gang = gang;
    request.argv = {"/bin/sh", "-c", script};
    request.env = {"PATH=/usr/bin:/bin"};
    request.directory = "/";
    launcher_.Start(request, std::move(writer_));
    EXPECT_TRUE(*launcher_.Flush());
  }
  // The next event of this kind; others before it are dropped.
  LaunchEvent Await(Kind kind) {
    while (true) {
      for (; next_ < events_.size(); ++next_) {
        if (events_[next_].kind == kind) return events_[next_++];
      }
      pollfd ready{launcher_.fd(), POLLIN, 0};
      if (::poll(&ready, 1, 30'000) != 1) {
        ADD_FAILURE() << "no event in 30 s";
        return {};
      }
      auto events = launcher_.Read();
      if (!events.ok()) {
        ADD_FAILURE() << events.error().ToString();
        return {};
      }
      events_.insert(events_.end(), events->begin(), events->end());
    }
  }
  // Reads until `count` lines have come.
  std::string Lines(int count) {
    std::string text;
    char c = 0;
    while (count > 0 && ::read(output_.get(), &c, 1) == 1) {
      text += c;
      if (c == '\n') --count;
    }
    return text;
  }

  Launcher launcher_;
  FileDescriptor output_, writer_;
  std::vector<LaunchEvent> events_;
  std::size_t next_ = 0;
};

TEST_F(LauncherTest, ReportsTheExitCode) {
  Start(1, "echo hello; exit 3");
  EXPECT_GT(Await(Kind::kStarted).pid, 0);
  const LaunchEvent gone = Await(Kind::kGone);
  EXPECT_EQ(gone.gang, 1);
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_EQ(gone.signal, 0);
  EXPECT_FALSE(gone.sent_kill);
  EXPECT_EQ(Lines(1), "hello\n");
}

TEST_F(LauncherTest, ReportsTheSignal) {
  Start(1, "kill -SEGV $$");
  EXPECT_EQ(Await(Kind::kGone).signal, SIGSEGV);
}

TEST_F(LauncherTest, TheChildHasOnlyTheEnvironmentItWasGiven) {
  Start(1, "exec env");
  EXPECT_THAT(Lines(2), HasSubstr("PATH=/usr/bin:/bin\n"));
  Await(Kind::kGone);
}

TEST_F(LauncherTest, AMissingProgramIsAnErrorThatNamesIt) {
  LaunchRequest request;
  request.gang = 4;
  request.argv = {"/no/such/program"};
  request.directory = "/";
  launcher_.Start(request, std::move(writer_));
  ASSERT_TRUE(*launcher_.Flush());
  const LaunchEvent failed = Await(Kind::kFailed);
  EXPECT_EQ(failed.gang, 4);
  EXPECT_THAT(failed.text, HasSubstr("/no/such/program"));
}

TEST_F(LauncherTest, TermIsEnoughForAProcessThatListens) {
  Start(1, "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done");
  Lines(1);
  launcher_.Stop(1, 60'000);
  ASSERT_TRUE(*launcher_.Flush());
  EXPECT_EQ(Await(Kind::kGone).exit_code, 7);
}

TEST_F(LauncherTest, KillFollowsForOneThatDoesNot) {
  Start(1, "trap '' TERM; echo up; while :; do sleep 0.01; done");
  Lines(1);
  launcher_.Stop(1, 50);
  ASSERT_TRUE(*launcher_.Flush());
  const LaunchEvent gone = Await(Kind::kGone);
  EXPECT_EQ(gone.signal, SIGKILL);
  EXPECT_TRUE(gone.sent_kill);
}

TEST_F(LauncherTest, AStoppedProcessIsKilledToo) {
  Start(1, "trap '' TERM; echo up; kill -STOP $$");
  Lines(1);
  launcher_.Stop(1, 50);
  ASSERT_TRUE(*launcher_.Flush());
  EXPECT_EQ(Await(Kind::kGone).signal, SIGKILL);
}

// What mpirun's ranks do (groups of their own), and worse (a session of its own).
TEST_F(LauncherTest, NothingOutlivesTheLeader) {
  Start(1, "sleep 1000 & echo $!; setsid sleep 1000 & echo $!; "
           "sh -c 'trap \"\" TERM HUP; kill -STOP $$' & echo $!; exit 0");
  const std::string lines = Lines(3);
  Await(Kind::kGone);
  std::size_t at = 0;
  for (int i = 0; i < 3; ++i) {
    const std::size_t end = lines.find('\n', at);
    const pid_t pid = static_cast<pid_t>(std::stoi(lines.substr(at, end - at)));
    for (const ProcessRow& row : ReadProcessTable()) EXPECT_NE(row.pid, pid) << "line " << i;
    at = end + 1;
  }
}

TEST_F(LauncherTest, KillEndsAGangAtOnce) {
  Start(1, "echo up; exec sleep 1000");
  Lines(1);
  launcher_.Kill(1);
  ASSERT_TRUE(*launcher_.Flush());
  EXPECT_EQ(Await(Kind::kGone).signal, SIGKILL);
}

TEST(LauncherEnd, ALostWorkerTakesItsGangsAlong) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  FileDescriptor reader(ends[0]), writer(ends[1]);
  {
    Launcher launcher = std::move(Launcher::Fork()).value();
    LaunchRequest request;
    request.gang = 1;
    request.argv = {"/bin/sh", "-c", "trap '' TERM HUP; echo up; while :; do sleep 0.01; done"};
    request.env = {"PATH=/usr/bin:/bin"};
    request.directory = "/";
    launcher.Start(request, std::move(writer));
    ASSERT_TRUE(*launcher.Flush());
    char text[3];
    ASSERT_EQ(::read(reader.get(), text, 3), 3);
  }  // the socket closes here, as it does when the worker is killed
  char c = 0;
  EXPECT_EQ(::read(reader.get(), &c, 1), 0) << "nobody has the other end any more";
}

}  // namespace
}  // namespace tutti::worker
