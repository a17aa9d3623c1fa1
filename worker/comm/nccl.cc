#include <cstdio>
#include <cstring>
#include <utility>

#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#include <nccl.h>
#include <unistd.h>

#include "worker/comm/bootstrap.h"
#include "worker/comm/data_type.h"
#include "worker/comm/watchdog.h"

namespace tutti::comm {
namespace {

// Every NCCL and CUDA call goes through one of these two.
Status Checked(ncclResult_t code, const char* call) {
  if (code == ncclSuccess) return Ok{};
  return Internal(std::string(call) + " failed: " + ncclGetErrorString(code));
}
Status Checked(cudaError_t code, const char* call) {
  if (code == cudaSuccess) return Ok{};
  return Internal(std::string(call) + " failed: " + cudaGetErrorString(code));
}

ncclDataType_t TypeOf(DataType type) {
  switch (type) {
    case DataType::kFloat32: return ncclFloat32;
    case DataType::kFloat64: return ncclFloat64;
    case DataType::kBFloat16: return ncclBfloat16;
    case DataType::kInt64: return ncclInt64;
    case DataType::kUint8: return ncclUint8;
  }
  CheckFailed(__FILE__, __LINE__, "DataType", "value outside the enum");
}

class NcclCommunicator final : public Communicator {
 public:
  NcclCommunicator(ncclComm_t comm, int rank, int size, int device,
                   std::chrono::milliseconds deadline)
      : comm_(comm), rank_(rank), size_(size), device_(device), watchdog_(deadline) {}
  ~NcclCommunicator() override { ncclCommDestroy(comm_); }
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  // A one-element allreduce and a wait for the stream: when it returns, every rank has come here
  // and all earlier work of this rank's stream is done.
  Status Barrier() override {
    const Watchdog::Scope scope(watchdog_, "NCCL barrier");
    if (barrier_ == nullptr) {
      TUTTI_RETURN_IF_ERROR(Checked(cudaMalloc(&barrier_, sizeof(float)), "cudaMalloc"));
      TUTTI_RETURN_IF_ERROR(Checked(cudaMemset(barrier_, 0, sizeof(float)), "cudaMemset"));
    }
    TUTTI_RETURN_IF_ERROR(AllReduceSum({barrier_, 1, DataType::kFloat32}));
    TUTTI_RETURN_IF_ERROR(Checked(cudaStreamSynchronize(stream()), "cudaStreamSynchronize"));
    ncclResult_t async = ncclSuccess;
    TUTTI_RETURN_IF_ERROR(
        Checked(ncclCommGetAsyncError(comm_, &async), "ncclCommGetAsyncError"));
    return Checked(async, "an earlier NCCL call");
  }

  Status Broadcast(Buffer b, int root) override {
    return Checked(ncclBroadcast(b.data, b.data, static_cast<std::size_t>(b.count),
                                 TypeOf(b.type), root, comm_, stream()),
                   "ncclBroadcast");
  }

  Status AllReduceSum(Buffer b) override {
    return Checked(ncclAllReduce(b.data, b.data, static_cast<std::size_t>(b.count),
                                 TypeOf(b.type), ncclSum, comm_, stream()),
                   "ncclAllReduce");
  }

  Status AllGather(Buffer send, void* recv) override {
    return Checked(ncclAllGather(send.data, recv, static_cast<std::size_t>(send.count),
                                 TypeOf(send.type), comm_, stream()),
                   "ncclAllGather");
  }

  void Abort(const std::string& why) override {
    std::fprintf(stderr, "tutti-trainer: rank %d: %s\n", rank_, why.c_str());
    std::fflush(stderr);
    ncclCommAbort(comm_);
    _exit(kWatchdogExitCode);
  }

 private:
  cudaStream_t stream() const {
    return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device_)).stream();
  }

  ncclComm_t comm_;
  const int rank_;
  const int size_;
  const int device_;
  void* barrier_ = nullptr;  // device memory, one float; freed with the process's context
  Watchdog watchdog_;
};

}  // namespace

Result<std::unique_ptr<Communicator>> MakeNccl(int rank, int size, int cuda_device,
                                               std::chrono::milliseconds call_deadline,
                                               const HostBroadcast& broadcast) {
  TUTTI_RETURN_IF_ERROR(Checked(cudaSetDevice(cuda_device), "cudaSetDevice"));
  ncclUniqueId id;
  std::memset(&id, 0, sizeof id);
  if (rank == 0) TUTTI_RETURN_IF_ERROR(Checked(ncclGetUniqueId(&id), "ncclGetUniqueId"));
  TUTTI_RETURN_IF_ERROR(broadcast(&id, sizeof id));
  ncclComm_t comm = nullptr;
  TUTTI_RETURN_IF_ERROR(Checked(ncclCommInitRank(&comm, size, id, rank), "ncclCommInitRank"));
  return std::unique_ptr<Communicator>(
      std::make_unique<NcclCommunicator>(comm, rank, size, cuda_device, call_deadline));
}

}  // namespace tutti::comm
