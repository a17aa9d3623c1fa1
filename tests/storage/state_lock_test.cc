// Goal: one coordinator per state directory, and never one whose locks do not hold.
// Method: two locks in one process (open-file-description locks exclude each other there too), a
// child that dies with the lock, and the numbers that Linux gives to network file systems.

#include "storage/state_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/file_system.h"
#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

TEST(StateLock, ASecondOneIsRefusedWithTheOwner) {
  TemporaryDirectory directory;
  const std::string state = directory / "state";
  {
    const auto lock = StateLock::Acquire(state);
    ASSERT_TRUE(lock) << lock.error().ToString();
    const auto second = StateLock::Acquire(state);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), ErrorCode::kFailedPrecondition);
    EXPECT_THAT(second.error().ToString(), HasSubstr("process " + std::to_string(getpid())));
    EXPECT_THAT(second.error().ToString(), HasSubstr(state));
  }
  EXPECT_TRUE(StateLock::Acquire(state));
}

TEST(StateLock, MovesWithItsObject) {
  TemporaryDirectory directory;
  auto first = StateLock::Acquire(directory.path());
  ASSERT_TRUE(first);
  {
    const StateLock moved = std::move(first).value();
    EXPECT_FALSE(StateLock::Acquire(directory.path()));
  }
  EXPECT_TRUE(StateLock::Acquire(directory.path()));
}

TEST(StateLock, IsFreeWhenItsProcessDies) {
  TemporaryDirectory directory;
  const pid_t pid = fork();
  if (pid == 0) {
    const auto lock = StateLock::Acquire(directory.path());
    _exit(lock ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(StateLock::Acquire(directory.path()));
}

TEST(StateLock, ItsFilesAreForTheirOwnerOnly) {
  TemporaryDirectory directory;
  const std::string state = directory / "state";
  const auto lock = StateLock::Acquire(state);
  ASSERT_TRUE(lock);
  struct stat info {};
  ASSERT_EQ(stat(state.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  ASSERT_EQ(stat((state + "/lock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(FileSystem, KnowsNetworkFileSystemsByTheirNumbers) {
  EXPECT_EQ(NetworkFileSystemOfMagic(0x6969), "nfs");
  EXPECT_TRUE(NetworkFileSystemOfMagic(0xFF534D42));  // cifs
  EXPECT_EQ(NetworkFileSystemOfMagic(0xEF53), std::nullopt);      // ext4
  EXPECT_EQ(NetworkFileSystemOfMagic(0x794C7630), std::nullopt);  // overlayfs
  EXPECT_TRUE(IsNetworkFuse("fuse.sshfs"));
  EXPECT_FALSE(IsNetworkFuse("fuse.fuse-overlayfs"));
}

}  // namespace
}  // namespace tutti::storage
