#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "experiments/core/result.h"

// What the trainer asks of an accelerator, beyond tensor operations. cpu_only.cc or cuda.cc, chosen
// by CMake.

namespace tutti::trainer {

// "cpu" or "cuda" with the local index of this rank's GPU.
Result<c10::Device> OpenDevice(const std::string& kind, int local_index);
// "cpu", "cuda:0 NVIDIA H200": for the started record.
std::string DeviceText(c10::Device device);
bool DeviceMultipliesBf16(c10::Device device);
// Waits until everything enqueued on the device is done; no-op on a CPU.
void Synchronize(c10::Device device);

// Work beside the device's current stream: gradient buckets are summed there while backward goes
// on. On a CPU everything runs at once.
class SideStream {
 public:
  virtual ~SideStream() = default;
  // Runs `enqueue` with the side stream current; it starts after what is enqueued on the main one.
  virtual void Run(const std::function<void()>& enqueue) = 0;
  // The main stream waits for the side stream.
  virtual void Join() = 0;
};
std::unique_ptr<SideStream> MakeSideStream(c10::Device device);

}  // namespace tutti::trainer
