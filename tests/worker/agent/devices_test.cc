// Goal: slots, threads and command lines are what the flags and CUDA_VISIBLE_DEVICES say. Method:
// tables; no GPU is needed.

#include "worker/agent/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/agent/trainer_command.h"

namespace tutti::worker {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<SlotDescription> FourGpus() {
  std::vector<SlotDescription> gpus;
  for (const char* uuid : {"GPU-aa11", "GPU-aa22", "GPU-bb33", "GPU-cc44"}) {
    gpus.push_back({static_cast<int>(gpus.size()), "cuda", uuid, "card", 1});
  }
  return gpus;
}

struct VisibleCase {
  std::optional<std::string> visible;
  std::vector<std::string> uuids;
};
class Visible : public ::testing::TestWithParam<VisibleCase> {};
TEST_P(Visible, FollowsCudasRules) {
  std::vector<std::string> uuids;
  for (const auto& gpu : VisibleGpus(FourGpus(), GetParam().visible)) uuids.push_back(gpu.uuid);
  EXPECT_EQ(uuids, GetParam().uuids);
}
INSTANTIATE_TEST_SUITE_P(
    All, Visible,
    ::testing::Values(
        VisibleCase{std::nullopt, {"GPU-aa11", "GPU-aa22", "GPU-bb33", "GPU-cc44"}},
        VisibleCase{"", {}}, VisibleCase{"-1", {}}, VisibleCase{"2,0", {"GPU-bb33", "GPU-aa11"}},
        VisibleCase{" 1 , 3", {"GPU-aa22", "GPU-cc44"}},
        VisibleCase{"0,9,1", {"GPU-aa11"}},        // the list ends at the first unknown one
        VisibleCase{"GPU-b", {"GPU-bb33"}},        // a unique prefix
        VisibleCase{"GPU-a", {}}));                // not unique

TEST(Devices, CpuSlotsAreOnePerCoreUnlessTold) {
  const auto all = FindDevices(DeviceChoice::kCpu, 0, std::nullopt);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(static_cast<int>(all->slots.size()), all->cores);
  const auto three = FindDevices(DeviceChoice::kCpu, 3, std::nullopt);
  ASSERT_EQ(three->slots.size(), 3u);
  EXPECT_EQ(three->slots[2].index, 2);
  EXPECT_EQ(three->slots[2].kind, "cpu");
}

TEST(Devices, ThreadsDoNotFightOverCores) {
  EXPECT_EQ(ThreadsPerRank(2, 1, 2, 1), 1);
  EXPECT_EQ(ThreadsPerRank(2, 1, 1, 1), 2);
  EXPECT_EQ(ThreadsPerRank(16, 2, 4, 2), 4);
  EXPECT_EQ(ThreadsPerRank(2, 1, 8, 1), 1) << "at least one";
}

class TrainerCommandTest : public ::testing::Test {
 protected:
  TrainerCommandTest() {
    program_.trainer = "/bin/trainer";
    program_.entrypoint = "/bin/entrypoint";
    program_.mpirun = "/bin/mpirun";
    program_.socket = "/run/s";
    program_.directory = "/work";
    program_.base_env = {"PATH=/bin", "HOME=/h"};
    devices_.cores = 4;
    devices_.slots = FourGpus();
    order_.allocation = AllocationId(3);
  }
  DesiredAllocation order_;
  Devices devices_;
  TrainerProgram program_;
};

TEST_F(TrainerCommandTest, OneRankIsStartedDirectly) {
  order_.slots = {2};
  const auto command = TrainerCommand(order_, devices_, program_, true);
  ASSERT_TRUE(command.ok());
  EXPECT_THAT(command->argv,
              ElementsAre("/bin/trainer", "--socket", "/run/s", "--allocation", "3", "--world", "1",
                          "--threads", "1", "--device", "cpu", "--slots", "2"));
  EXPECT_THAT(command->env, ElementsAre("PATH=/bin", "HOME=/h", "OMP_NUM_THREADS=1",
                                        "GOMP_SPINCOUNT=3000", "CUDA_VISIBLE_DEVICES="));
}

TEST_F(TrainerCommandTest, SeveralRanksGoThroughMpirunAndSeeTheirGpus) {
  order_.slots = {1, 3};
  order_.world_size = 2;
  devices_.cuda = true;
  const auto command = TrainerCommand(order_, devices_, program_, false);
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->argv[0], "/bin/mpirun");
  EXPECT_EQ(command->argv[2], "2");
  EXPECT_THAT(command->argv, Contains("OMP_NUM_THREADS"));
  EXPECT_THAT(command->argv, Contains("GOMP_SPINCOUNT"));
  EXPECT_THAT(command->env, Contains("CUDA_VISIBLE_DEVICES=GPU-aa22,GPU-cc44"));
  EXPECT_THAT(command->env, Not(Contains(HasSubstr("RUN_AS_ROOT"))));
  EXPECT_THAT(TrainerCommand(order_, devices_, program_, true)->env,
              Contains("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"));
}

TEST_F(TrainerCommandTest, WrongOrdersAreRefusedWithTheReason) {
  EXPECT_THAT(TrainerCommand(order_, devices_, program_, true).error().message(),
              HasSubstr("0 slots for 1 ranks"));
  order_.slots = {4};
  EXPECT_THAT(TrainerCommand(order_, devices_, program_, true).error().message(),
              HasSubstr("wants slot 4; this node has 4"));
  order_.slots = {0, 1};
  order_.world_size = 2;
  program_.mpirun = "";
  EXPECT_THAT(TrainerCommand(order_, devices_, program_, true).error().message(),
              HasSubstr("needs mpirun"));
}

}  // namespace
}  // namespace tutti::worker
