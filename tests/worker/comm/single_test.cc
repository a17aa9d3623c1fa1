// Goal: the size-1 communicator keeps the contract and needs no MPI; the watchdog fires only when
// a call outlasts its deadline. Method: the conformance suite in this process; a watchdog with a
// short deadline and a recorded expiry instead of the end of the process.
#include <chrono>
#include <future>

#include <gtest/gtest.h>

#include "tests/worker/comm/conformance.h"
#include "worker/comm/watchdog.h"

namespace tutti::comm {
namespace {

TEST(Single, KeepsTheContract) {
  auto comm = MakeSingle();
  EXPECT_EQ(RunConformance(*comm), 0);
}

TEST(Single, JoinsAWorldOfOneWithoutMpi) {
  auto world = Rendezvous::Join(1);
  ASSERT_TRUE(world.ok());
  EXPECT_EQ((*world)->size(), 1);
  auto comm = (*world)->HostCommunicator(std::chrono::seconds(1));
  ASSERT_TRUE(comm.ok());
  EXPECT_EQ(RunConformance(**comm), 0);
}

TEST(Single, DeviceCommunicatorWithoutNcclSaysWhatToDo) {
  auto world = Rendezvous::Join(1);
  ASSERT_TRUE(world.ok());
  auto comm = (*world)->DeviceCommunicator(0, std::chrono::seconds(1));
  if (comm.ok()) GTEST_SKIP() << "SKIPPED: this build has NCCL and a CUDA device";
  EXPECT_FALSE(comm.error().ToString().empty());
}

TEST(Watchdog, NamesTheCallThatHangs) {
  std::promise<std::string> expired;
  Watchdog watchdog(std::chrono::milliseconds(30),
                    [&](const std::string& call) { expired.set_value(call); });
  const Watchdog::Scope scope(watchdog, "MPI_Allreduce");
  EXPECT_EQ(expired.get_future().get(), "MPI_Allreduce");
}

TEST(Watchdog, StaysSilentWhenCallsReturn) {
  int expiries = 0;
  {
    Watchdog watchdog(std::chrono::milliseconds(500), [&](const std::string&) { ++expiries; });
    for (int i = 0; i < 1000; ++i) const Watchdog::Scope scope(watchdog, "call");
  }
  EXPECT_EQ(expiries, 0);
}

}  // namespace
}  // namespace tutti::comm
