#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "experiments/core/result.h"

// How the ranks of a gang talk: six calls that every backend implements (single: one rank, mpi:
// host memory, nccl: device memory). A gang fails as a whole: after any error or a call that
// outlasts its deadline the watchdog ends the process (exit code 75), and the worker stops the
// other ranks.

namespace tutti::comm {

enum class DataType { kFloat32, kFloat64, kBFloat16, kInt64, kUint8 };

// Memory owned by the caller, contiguous. Host memory for single and mpi; for nccl device memory,
// and the call is enqueued on the current CUDA stream (it returns before it is done).
struct Buffer {
  void* data = nullptr;
  std::int64_t count = 0;  // elements
  DataType type = DataType::kFloat32;
};

class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  virtual Status Barrier() = 0;
  // Every rank gets root's content. REQUIRES: equal count and type on all ranks.
  virtual Status Broadcast(Buffer buffer, int root) = 0;
  // In place: every rank gets the elementwise sum over ranks, the same bits on every rank.
  // kFloat32, kFloat64, kBFloat16 (nccl only) and kInt64.
  virtual Status AllReduceSum(Buffer buffer) = 0;
  // recv has size() * send.count elements; rank r's part stands at r * send.count.
  virtual Status AllGather(Buffer send, void* recv) = 0;
  // Ends the whole gang at once; does not return.
  [[noreturn]] virtual void Abort(const std::string& why) = 0;
};

// One rank: every call is a no-op or a copy.
std::unique_ptr<Communicator> MakeSingle();

// How ranks find each other. Owns MPI's life: initialised once per process, finalised at its end.
class Rendezvous {
 public:
  // world_size 1: needs no MPI and starts none. Else MPI_Init (no_mpi.cc: an error that says this
  // build has no MPI) and a check that MPI's world has world_size ranks.
  static Result<std::unique_ptr<Rendezvous>> Join(int world_size);
  virtual ~Rendezvous() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  // Among the gang's ranks on this node, from 0: the number of its device.
  virtual int local_rank() const = 0;
  // Host-memory communicator over all ranks.
  virtual Result<std::unique_ptr<Communicator>> HostCommunicator(
      std::chrono::milliseconds call_deadline) = 0;
  // Device-memory communicator: NCCL, its unique id sent by MPI_Bcast. no_nccl.cc: an error.
  virtual Result<std::unique_ptr<Communicator>> DeviceCommunicator(
      int cuda_device, std::chrono::milliseconds call_deadline) = 0;
};

}  // namespace tutti::comm
