// Goal: what mpirun hands its launch agent becomes exactly the daemon's command, for the right part
// of a gang, or is refused. Method: the pure functions with arguments as Open MPI 4.1 gives them.

#include "worker/agent/remote_exec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/agent/trainer_command.h"

namespace tutti::worker {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RemoteExec, EveryPartHasAHostOfItsOwn) {
  EXPECT_EQ(HostOfPart(1), "198.18.0.1");
  EXPECT_EQ(HostOfPart(256), "198.18.1.0");
  EXPECT_EQ(HostOfPart(65'535), "198.18.255.255");
  for (const int part : {1, 2, 255, 256, 257, 1000, 65'535}) {
    const auto back = PartOfHost(HostOfPart(part));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, part);
  }
}

TEST(RemoteExec, OtherHostsStandForNoPart) {
  for (const char* host : {"", "localhost", "198.18.0.0", "198.18.0.256", "198.18.1", "198.18.0.1 ",
                           "198.18.00.1", "198.19.0.1", "198.18.0.-1", "198.18.256.0"}) {
    EXPECT_FALSE(PartOfHost(host)) << host;
  }
}

TEST(RemoteExec, TheDaemonsCommandIsTakenApartAsAShellWould) {
  const auto words = DaemonCommand({" orted", "-mca", "ess", "\"env\"", "-mca", "orte_hnp_uri",
                                    "\"4.0;tcp://192.0.2.2:1\"", "--daemonize", "-mca", "x",
                                    "'a b'", "c\\ d", "\"e\\\"f\""});
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, ElementsAre("orted", "-mca", "ess", "env", "-mca", "orte_hnp_uri",
                                  "4.0;tcp://192.0.2.2:1", "-mca", "x", "a b", "c d", "e\"f"));
}

TEST(RemoteExec, APathBeforeTheDaemonsNameIsDroppedSinceTheOtherNodeHasItsOwn) {
  const auto words = DaemonCommand({"/opt/openmpi/bin/orted", "-mca"});
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, ElementsAre("orted", "-mca"));
}

TEST(RemoteExec, AnythingButTheDaemonIsRefused) {
  EXPECT_FALSE(DaemonCommand({}));
  EXPECT_FALSE(DaemonCommand({"--daemonize"}));
  EXPECT_FALSE(DaemonCommand({"sh", "-c", "orted"}));
  EXPECT_FALSE(DaemonCommand({"orted", "\"unclosed"}));
}

// Two nodes: ranks 0 and 1 here, rank 2 on another.
struct OverTwoNodes : ::testing::Test {
  OverTwoNodes() {
    order.allocation = AllocationId(7);
    order.slots = {0, 1};
    order.world_size = 3;
    order.parts = {{1, "a", {0, 1}}, {2, "b", {4}}};
    for (int i = 0; i < 8; ++i) devices.slots.push_back({i, "cpu", "", "", 0});
    devices.cores = 16;
    program.trainer = "/bin/tutti-trainer";
    program.mpirun = "/bin/mpirun";
    program.orted = "/bin/orted";
    program.agent = "/bin/tutti-worker";
    program.socket = "/run/here.sock";
    program.directory = "/work";
    program.base_env = {"PATH=/bin"};
  }
  DesiredAllocation order;
  Devices devices;
  TrainerProgram program;
};

TEST_F(OverTwoNodes, TheLeaderStartsMpirunWithTheWorkerAsItsLaunchAgent) {
  const auto request = TrainerCommand(order, devices, program, false);
  ASSERT_TRUE(request) << request.error().ToString();
  EXPECT_THAT(request->argv,
              AllOf(Contains("localhost:2,198.18.0.1:1"),
                    Contains("/bin/tutti-worker remote-exec"), Contains("/bin/tutti-trainer"),
                    Not(Contains("--socket")), Not(Contains("-x"))));
  EXPECT_THAT(request->env, AllOf(Contains("TUTTI_SOCKET=/run/here.sock"),
                                  Contains("TUTTI_ALLOCATION=7")));
}

TEST_F(OverTwoNodes, TheOtherNodeStartsItsDaemonWithItsOwnEnvironment) {
  order.slots = {4};
  order.first_rank = 2;
  order.leader = false;
  const auto request = DaemonLaunch(order, devices, program, true, {"orted", "-mca", "ess", "env"});
  ASSERT_TRUE(request) << request.error().ToString();
  EXPECT_THAT(request->argv, ElementsAre("/bin/orted", "-mca", "ess", "env"));
  EXPECT_THAT(request->env, AllOf(Contains("TUTTI_SOCKET=/run/here.sock"),
                                  Contains("OMPI_ALLOW_RUN_AS_ROOT=1"),
                                  Contains("OMP_NUM_THREADS=2")));
}

TEST_F(OverTwoNodes, AMalformedGangOrDaemonIsRefusedWithTheReason) {
  EXPECT_FALSE(DaemonLaunch(order, devices, program, false, {"sh"}));
  EXPECT_FALSE(DaemonLaunch(order, devices, program, false, {}));
  EXPECT_FALSE(DaemonLaunch(order, devices, program, false,
                            {"orted", std::string(100'000, 'x')}));
  program.agent.clear();
  const auto no_agent = TrainerCommand(order, devices, program, false);
  ASSERT_FALSE(no_agent);
  order.world_size = 4;
  const auto wrong = TrainerCommand(order, devices, program, false);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().ToString(), HasSubstr("3 slots for 4 ranks"));
}

}  // namespace
}  // namespace tutti::worker
