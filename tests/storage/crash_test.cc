// Goal: what was acknowledged is there after a kill -9 and after a full disk, and a transaction is
// there as a whole or not at all.
// Method: a child process writes and tells through a pipe what was acknowledged; it is killed in
// the middle, or its files may not grow any more (RLIMIT_FSIZE, to the store a full disk).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>

#include "storage/database.h"
#include "storage/run_store.h"
#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

// A child that writes epochs from report 1 on, each in a transaction with a journal entry, and
// sends each number after it was stored. It exits with the code of the first error.
class WritingChild {
 public:
  WritingChild(SampleStore& sample, rlim_t file_size) {
    int ends[2];
    if (pipe(ends) != 0) abort();
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      _exit(Run(sample, file_size, ends[1]));
    }
    close(ends[1]);
    fd_ = ends[0];
  }
  ~WritingChild() { close(fd_); }
  // The next acknowledged report, 0 at the end.
  std::int64_t Next() {
    std::int64_t seq = 0;
    ssize_t n = 0;
    do {
      n = read(fd_, &seq, sizeof seq);
    } while (n < 0 && errno == EINTR);
    return n == sizeof seq ? seq : 0;
  }
  void Kill() { kill(pid_, SIGKILL); }
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return status;
  }

 private:
  static int Run(SampleStore& sample, rlim_t file_size, int fd) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{file_size, file_size};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 99;
    for (std::int64_t seq = 1;; ++seq) {
      StoredReport report;
      report.attempt = AttemptId(1);
      report.fence = 1;
      report.seq = seq;
      report.record = Epoch(seq, 1.0, 2.0);
      JournalEntry entry;
      entry.event = Json::MakeObject({{"seq", seq}, {"text", std::string(3000, 'x')}});
      const Status written = sample.store().Write({report, entry});
      if (!written) {
        std::cerr << "the child's write: " << written.error().ToString() << "\n";
        return static_cast<int>(written.error().code());
      }
      if (write(fd, &seq, sizeof seq) != sizeof seq) return 98;
    }
  }
  pid_t pid_ = 0;
  int fd_ = -1;
};

// All that follows from `last` reports, and a database without damage.
void ExpectWhole(SampleStore& sample, std::int64_t acknowledged) {
  sample.Reopen();
  const auto positions = sample.store().LoadPositions();
  ASSERT_TRUE(positions);
  const std::int64_t last = positions->at(0).last_seq;
  EXPECT_GE(last, acknowledged);
  EXPECT_LE(last, acknowledged + 1);  // the one that was not acknowledged yet
  const std::string n = std::to_string(last);
  EXPECT_EQ(sample.Rows("SELECT (SELECT count(*) FROM epochs), (SELECT max(epoch) FROM epochs), "
                        "(SELECT count(*) FROM metrics) / 2, "
                        "(SELECT max(json_extract(event, '$.seq')) FROM journal)"),
            "[[" + n + "," + n + "," + n + "," + n + "]]");
  const auto db = Database::Open(sample.database(), Database::Mode::kReadWrite);
  ASSERT_TRUE(db);
  const auto check = (*db)->Prepare("PRAGMA integrity_check");
  ASSERT_TRUE(check);
  ASSERT_TRUE((*check)->Step());
  EXPECT_EQ((*check)->Text(0), "ok");
  ASSERT_TRUE(sample.Report(1, last + 1, Epoch(last + 1, 1.0, 2.0)));
}

class KilledAfter : public ::testing::TestWithParam<int> {};
TEST_P(KilledAfter, KeepsWhatWasAcknowledged) {
  SampleStore sample;
  sample.AddTrial();
  WritingChild child(sample, RLIM_INFINITY);
  std::int64_t acknowledged = 0;
  for (int i = 0; i < GetParam(); ++i) {
    acknowledged = child.Next();
    ASSERT_GT(acknowledged, 0);
  }
  child.Kill();
  while (const std::int64_t seq = child.Next()) acknowledged = seq;
  EXPECT_TRUE(WIFSIGNALED(child.Wait()));
  ExpectWhole(sample, acknowledged);
}
INSTANTIATE_TEST_SUITE_P(Reports, KilledAfter, ::testing::Values(1, 7, 40));

TEST(FullDisk, IsNamedAndLosesNothingThatWasAcknowledged) {
  SampleStore sample;
  sample.AddTrial();
  WritingChild child(sample, 1 << 20);
  std::int64_t acknowledged = 0;
  while (const std::int64_t seq = child.Next()) acknowledged = seq;
  const int status = child.Wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(ErrorCode::kResourceExhausted));
  EXPECT_GT(acknowledged, 0);
  ExpectWhole(sample, acknowledged);
}

TEST(FullDisk, AtTheStartSaysWhatToDo) {
  TemporaryDirectory directory;
  const pid_t pid = fork();
  if (pid == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8192, 8192};
    setrlimit(RLIMIT_FSIZE, &limit);
    OpenOptions options;
    options.path = directory / "tutti.db";
    const auto store = RunStore::Open(options);
    if (store) _exit(1);
    if (store.error().code() != ErrorCode::kResourceExhausted) _exit(2);
    _exit(store.error().ToString().find("free some space") == std::string::npos ? 3 : 0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace tutti::storage
