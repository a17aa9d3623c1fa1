// Goal: the client finds the right cluster, and says how to start one when there is none. Method:
// temporary state directories with hand-written files, environment variables set per test.
#include "cli/state_directory.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/exit_code.h"

namespace tutti::cli {
namespace {

class StateDirectory : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/tutti-state-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    unsetenv("TUTTI_STATE");
    unsetenv("TUTTI_COORDINATOR");
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  void WriteCoordinator(std::int64_t pid) {
    ASSERT_TRUE(WriteFileAtomically(dir_ + "/coordinator.json",
                                    "{\"address\":\"127.0.0.1:4711\",\"pid\":" +
                                        std::to_string(pid) + "}")
                    .ok());
  }
  std::string dir_;
};

TEST_F(StateDirectory, FlagWinsOverEnvironmentOverHome) {
  setenv("TUTTI_STATE", "/from/environment", 1);
  EXPECT_EQ(*ResolveStateDirectory("/from/flag"), "/from/flag");
  EXPECT_EQ(*ResolveStateDirectory(""), "/from/environment");
  unsetenv("TUTTI_STATE");
  setenv("HOME", "/home/x", 1);
  EXPECT_EQ(*ResolveStateDirectory(""), "/home/x/.local/share/tutti");
}

TEST_F(StateDirectory, FindsALiveCoordinator) {
  WriteCoordinator(getpid());
  ASSERT_TRUE(FindCoordinator(dir_).has_value());
  EXPECT_EQ(*ResolveCoordinator("", dir_), "127.0.0.1:4711");
  EXPECT_EQ(*ResolveCoordinator("other:1", dir_), "other:1");
}

TEST_F(StateDirectory, IgnoresTheFileOfADeadCoordinator) {
  WriteCoordinator(0x7ffffff0);  // above any pid_max
  EXPECT_FALSE(FindCoordinator(dir_).has_value());
}

TEST_F(StateDirectory, IgnoresADamagedFile) {
  ASSERT_TRUE(WriteFileAtomically(dir_ + "/coordinator.json", "{\"address\":").ok());
  EXPECT_FALSE(FindCoordinator(dir_).has_value());
}

TEST_F(StateDirectory, NoCoordinatorSaysHowToStartOneAndIsExitFive) {
  const auto address = ResolveCoordinator("", dir_);
  ASSERT_FALSE(address.ok());
  EXPECT_EQ(ExitCodeOf(address.error().code()), kExitUnreachable);
  EXPECT_NE(address.error().ToString().find("tutti up"), std::string::npos);
}

TEST_F(StateDirectory, ReadFileBoundsSizeAndRefusesDirectories) {
  ASSERT_TRUE(WriteFileAtomically(dir_ + "/f", "12345").ok());
  EXPECT_EQ(*ReadFile(dir_ + "/f", 5), "12345");
  EXPECT_FALSE(ReadFile(dir_ + "/f", 4).ok());
  EXPECT_FALSE(ReadFile(dir_, 100).ok());
  EXPECT_EQ(ReadFile(dir_ + "/none", 100).error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tutti::cli
