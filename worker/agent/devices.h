#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/agent/session.h"

// What this machine offers: slots (GPUs, else shares of the CPU) and cores.

namespace tutti::worker {

enum class DeviceChoice { kAuto, kCpu, kCuda };
inline constexpr EnumTable<DeviceChoice, 3> kDeviceChoiceNames{
    {{{DeviceChoice::kAuto, "auto"}, {DeviceChoice::kCpu, "cpu"}, {DeviceChoice::kCuda, "cuda"}}}};

struct Devices {
  int cores = 1;  // that this process may use (sched_getaffinity)
  std::vector<SlotDescription> slots;
  // For slot i on a GPU: what CUDA_VISIBLE_DEVICES must say for it (its UUID).
  bool cuda = false;
};

// kAuto takes the GPUs if NVML finds any, else CPU slots. `slots` 0: one per GPU, or one per core.
// `visible`: the value of CUDA_VISIBLE_DEVICES, if it is set; indices and UUIDs (or their unique
// prefixes), the list ends at the first entry that names no GPU, as in CUDA.
// kNotFound: kCuda without a GPU or without its driver; kInvalidArgument: more slots than GPUs.
Result<Devices> FindDevices(DeviceChoice choice, int slots,
                            const std::optional<std::string>& visible);

// Chosen from `gpus` (in NVML order) by a CUDA_VISIBLE_DEVICES value; pure.
std::vector<SlotDescription> VisibleGpus(const std::vector<SlotDescription>& gpus,
                                         const std::optional<std::string>& visible);

// Threads for each rank of a gang, so that full slots do not fight over cores:
// max(1, cores * gang_slots / total_slots / ranks).
int ThreadsPerRank(int cores, int gang_slots, int total_slots, int ranks);

}  // namespace tutti::worker
