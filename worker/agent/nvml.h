#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/agent/session.h"

namespace tutti::worker {

// All GPUs in NVML's order (PCI bus), through libnvidia-ml.so.1 loaded with dlopen, so that the
// worker starts on machines without a driver. kNotFound: no driver.
Result<std::vector<SlotDescription>> ListGpus();

// Memory of one GPU that is in use now, in bytes.
struct GpuUse {
  std::string uuid;
  std::int64_t used = 0;                      // by all
  std::map<pid_t, std::int64_t> by_process;  // as far as the driver tells
};

// Asks the driver again and again. Keeps the library loaded.
class GpuMemory {
 public:
  GpuMemory();
  ~GpuMemory();
  GpuMemory(const GpuMemory&) = delete;
  GpuMemory& operator=(const GpuMemory&) = delete;

  // Empty without a driver, or if it does not answer.
  std::vector<GpuUse> InUse() const;

 private:
  void* library_ = nullptr;
};

}  // namespace tutti::worker
