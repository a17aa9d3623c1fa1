#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "worker/comm/communicator.h"

// What CMake chooses by file: mpi.cc or no_mpi.cc, nccl.cc or no_nccl.cc.

namespace tutti::comm {

// Starts MPI and checks that its world has world_size ranks. no_mpi.cc: kFailedPrecondition.
Result<std::unique_ptr<Rendezvous>> JoinMpi(int world_size);

// Sends `bytes` bytes of host memory from rank 0 to all ranks; in place on the others.
using HostBroadcast = std::function<Status(void* data, std::int64_t bytes)>;

// A communicator over device memory of CUDA device `cuda_device`; rank 0's NCCL id reaches the
// others through `broadcast`. no_nccl.cc: kFailedPrecondition.
Result<std::unique_ptr<Communicator>> MakeNccl(int rank, int size, int cuda_device,
                                               std::chrono::milliseconds call_deadline,
                                               const HostBroadcast& broadcast);

}  // namespace tutti::comm
