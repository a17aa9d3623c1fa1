#pragma once

#include <vector>

#include "experiments/core/result.h"
#include "worker/agent/session.h"

namespace tutti::worker {

// All GPUs in NVML's order (PCI bus), through libnvidia-ml.so.1 loaded with dlopen, so that the
// worker starts on machines without a driver. kNotFound: no driver.
Result<std::vector<SlotDescription>> ListGpus();

}  // namespace tutti::worker
