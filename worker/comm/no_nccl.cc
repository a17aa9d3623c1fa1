#include "worker/comm/bootstrap.h"

namespace tutti::comm {

Result<std::unique_ptr<Communicator>> MakeNccl(int, int, int cuda_device,
                                               std::chrono::milliseconds, const HostBroadcast&) {
  return FailedPrecondition("CUDA device " + std::to_string(cuda_device) +
                            " needs NCCL, and this tutti-trainer was built without it; rebuild "
                            "against a CUDA build of LibTorch");
}

}  // namespace tutti::comm
