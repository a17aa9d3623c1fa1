#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "experiments/core/ids.h"
#include "worker/agent/nvml.h"

// How much memory gangs need, for packing: on GPUs that of the GPU (NVML), else resident memory.

namespace tutti::worker {

// Rounded up to steps of an eighth of the largest power of two in it, and of 1 MiB at least, so
// that it rarely changes. 0 stays 0.
std::int64_t Quantised(std::int64_t bytes);

class MemoryWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kInterval{1000};

  // `gpu`: what is measured is the memory of GPUs.
  explicit MemoryWatch(bool gpu);
  ~MemoryWatch();

  // The gang's first process; its family is measured from now on. `gpus`: UUIDs of its GPUs.
  void OnStarted(AllocationId gang, pid_t leader, std::vector<std::string> gpus);
  // A result of one of its attempts: it has done all that it does (for an epoch, or at all), so
  // what is measured from now on says what it needs. `known_peak`: resident memory of processes
  // that have ended, or 0.
  void OnResult(AllocationId gang, std::int64_t known_peak, Time now);
  // Its processes are gone; what is known of it stays until Forget.
  void OnGone(AllocationId gang);
  void Forget(AllocationId gang) { gangs_.erase(gang); }

  // Looks at all processes if it is time to. Costs about 20 us per process of the machine.
  void Tick(Time now);

  // Quantised; 0: nothing is known.
  std::int64_t PeakOf(AllocationId gang) const;

 private:
  struct Gang {
    pid_t leader = 0;  // 0: gone
    std::vector<std::string> gpus;
    std::int64_t peak = 0;
    bool has_results = false;
    bool measured = false;  // since it has results
  };
  void Measure();
  std::int64_t GpuMemoryOf(AllocationId id, const Gang& gang, const std::vector<pid_t>& family,
                           const std::vector<GpuUse>& gpus) const;

  const std::unique_ptr<GpuMemory> gpu_;  // null: resident memory
  std::map<AllocationId, Gang> gangs_;
  Time next_;
};

}  // namespace tutti::worker
