// Goal: what packing is told of a gang's memory is what its processes have really held, from the
// first result on, and changes rarely. Method: child processes that hold a known amount; time is
// handed in.
#include "worker/agent/memory_watch.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <vector>

namespace tutti::worker {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

// A process that has touched this many bytes, and a child of its own with as many.
class Holder {
 public:
  explicit Holder(std::int64_t bytes) {
    int ready[2];
    if (pipe(ready) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      setpgid(0, 0);
      const pid_t child = fork();
      std::vector<char> held(static_cast<std::size_t>(bytes));
      std::memset(held.data(), 1, held.size());
      const bool said = write(ready[1], child == 0 ? "c" : "p", 1) == 1;
      while (said) pause();
      _exit(0);
    }
    setpgid(pid_, pid_);
    close(ready[1]);
    char one = 0;
    while (heard_ < 2 && read(ready[0], &one, 1) == 1) ++heard_;
    close(ready[0]);
  }
  ~Holder() { Kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  bool holds() const { return heard_ == 2; }
  pid_t pid() const { return pid_; }
  void Kill() {
    if (pid_ <= 0) return;
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  int heard_ = 0;
};

const AllocationId kGang(7);

MemoryWatch::Time Start(MemoryWatch& watch, const Holder& holder) {
  watch.OnStarted(kGang, holder.pid(), {});
  return std::chrono::steady_clock::now();
}

TEST(Quantised, RoundsUpToAnEighthOfThePowerOfTwo) {
  EXPECT_EQ(Quantised(0), 0);
  EXPECT_EQ(Quantised(1), kMiB);
  EXPECT_EQ(Quantised(5 * kMiB), 5 * kMiB);
  EXPECT_EQ(Quantised(5 * kMiB + 1), 6 * kMiB);
  EXPECT_EQ(Quantised(256 * kMiB), 256 * kMiB);
  EXPECT_EQ(Quantised(256 * kMiB + 1), 288 * kMiB);
  EXPECT_EQ(Quantised(1100 * kMiB), 1152 * kMiB);
}

TEST(MemoryWatch, CountsTheWholeFamilyFromTheFirstResultOn) {
  const Holder holder(48 * kMiB);
  ASSERT_TRUE(holder.holds());
  MemoryWatch watch(false);
  const auto start = Start(watch, holder);
  watch.Tick(start);
  EXPECT_EQ(watch.PeakOf(kGang), 0) << "it may not have begun to do what it does";
  watch.OnResult(kGang, 0, start);
  watch.Tick(start + MemoryWatch::kInterval);
  EXPECT_GE(watch.PeakOf(kGang), 96 * kMiB);
  EXPECT_LE(watch.PeakOf(kGang), 160 * kMiB);
  EXPECT_EQ(watch.PeakOf(AllocationId(8)), 0);
}

TEST(MemoryWatch, AResultIsFollowedByALookWithinATenthOfASecond) {
  const Holder holder(16 * kMiB);
  ASSERT_TRUE(holder.holds());
  MemoryWatch watch(false);
  const auto start = Start(watch, holder);
  watch.Tick(start);
  watch.OnResult(kGang, 0, start + std::chrono::milliseconds(50));
  watch.Tick(start + std::chrono::milliseconds(99));
  EXPECT_EQ(watch.PeakOf(kGang), 0);
  watch.Tick(start + std::chrono::milliseconds(100));
  EXPECT_GE(watch.PeakOf(kGang), 32 * kMiB);
}

TEST(MemoryWatch, WhatIsKnownOutlivesTheProcesses) {
  Holder holder(16 * kMiB);
  ASSERT_TRUE(holder.holds());
  MemoryWatch watch(false);
  const auto start = Start(watch, holder);
  watch.OnResult(kGang, 0, start);
  watch.Tick(start + MemoryWatch::kInterval);
  const std::int64_t peak = watch.PeakOf(kGang);
  EXPECT_GE(peak, 32 * kMiB);
  holder.Kill();
  watch.OnGone(kGang);
  watch.Tick(start + 3 * MemoryWatch::kInterval);
  EXPECT_EQ(watch.PeakOf(kGang), peak);
  watch.Forget(kGang);
  EXPECT_EQ(watch.PeakOf(kGang), 0);
}

TEST(MemoryWatch, APeakThatAProgramLeftBehindCounts) {
  MemoryWatch watch(false);
  watch.OnStarted(kGang, getpid(), {});
  watch.OnResult(kGang, 3'000 * kMiB, std::chrono::steady_clock::now());
  EXPECT_EQ(watch.PeakOf(kGang), 3'072 * kMiB);
  watch.OnResult(kGang, 10 * kMiB, std::chrono::steady_clock::now());
  EXPECT_EQ(watch.PeakOf(kGang), 3'072 * kMiB);
}

}  // namespace
}  // namespace tutti::worker
