#include <c10/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <memory>

#include "worker/trainer/device.h"

namespace tutti::trainer {
namespace {

class ImmediateStream : public SideStream {
 public:
  void Run(const std::function<void()>& enqueue) override { enqueue(); }
  void Join() override {}
};

class CudaSideStream : public SideStream {
 public:
  explicit CudaSideStream(c10::Device device)
      : stream_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, device.index())) {}

  void Run(const std::function<void()>& enqueue) override {
    started_.record(c10::cuda::getCurrentCUDAStream());
    started_.block(stream_);
    const c10::cuda::CUDAStreamGuard guard(stream_);
    enqueue();
  }
  void Join() override {
    finished_.record(stream_);
    finished_.block(c10::cuda::getCurrentCUDAStream());
  }

 private:
  c10::cuda::CUDAStream stream_;
  c10::cuda::CUDAEvent started_, finished_;
};

// From the runtime, not from ATen/cuda: its headers need those of cuBLAS, cuSPARSE and cuSOLVER.
cudaDeviceProp PropertiesOf(c10::Device device) {
  cudaDeviceProp properties;
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, device.index()));
  return properties;
}

}  // namespace

Result<c10::Device> OpenDevice(const std::string& kind, int local_index) {
  if (kind == "cpu") return c10::Device(c10::kCPU);
  if (kind != "cuda") return InvalidArgument("device is \"" + kind + "\"; expected cpu or cuda");
  const int count = c10::cuda::device_count();
  if (local_index >= count) {
    return FailedPrecondition("device cuda:" + std::to_string(local_index) + " was asked for, but " +
                              std::to_string(count) + " CUDA devices are visible");
  }
  c10::cuda::set_device(static_cast<c10::DeviceIndex>(local_index));
  return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(local_index));
}

std::string DeviceText(c10::Device device) {
  if (device.is_cpu()) return "cpu";
  return device.str() + " " + PropertiesOf(device).name;
}

bool DeviceMultipliesBf16(c10::Device device) {
  return PropertiesOf(device).major >= 8;  // Ampere and later
}

void Synchronize(c10::Device device) {
  if (!device.is_cpu()) c10::cuda::device_synchronize();
}

std::unique_ptr<SideStream> MakeSideStream(c10::Device device) {
  if (device.is_cpu()) return std::make_unique<ImmediateStream>();
  return std::make_unique<CudaSideStream>(device);
}

}  // namespace tutti::trainer
