// Goal: the MPI communicator keeps the contract with several real ranks. Method: ctest starts this
// program under mpirun with 2 and 3 ranks; rank 0 prints the sum of the ranks' failures.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/worker/comm/conformance.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: mpirun -n N mpi_conformance N\n");
    return 2;
  }
  auto world = tutti::comm::Rendezvous::Join(std::atoi(argv[1]));
  if (!world) {
    std::fprintf(stderr, "%s\n", world.error().ToString().c_str());
    return 1;
  }
  auto comm = (*world)->HostCommunicator(std::chrono::seconds(20));
  if (!comm) {
    std::fprintf(stderr, "%s\n", comm.error().ToString().c_str());
    return 1;
  }
  std::int64_t failures = tutti::comm::RunConformance(**comm);
  if (!(*comm)->AllReduceSum({&failures, 1, tutti::comm::DataType::kInt64})) return 1;
  if ((*comm)->rank() == 0) {
    std::printf("%d ranks, %lld failures\n", (*comm)->size(), static_cast<long long>(failures));
  }
  comm->reset();
  return failures == 0 ? 0 : 1;
}
