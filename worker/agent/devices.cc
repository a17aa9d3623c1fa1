#include "worker/agent/devices.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <thread>

#include "worker/agent/nvml.h"

namespace tutti::worker {
namespace {

int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  // More than 1024 processors: the fixed-size set is too small.
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// That processes here may use: the machine's, or the limit of our cgroup. 0: unknown.
std::int64_t MachineMemory() {
  const std::int64_t pages = ::sysconf(_SC_PHYS_PAGES);
  std::int64_t bytes = pages > 0 ? pages * ::sysconf(_SC_PAGESIZE) : 0;
  for (const char* file : {"/sys/fs/cgroup/memory.max",
                           "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream in(file);
    std::int64_t limit = 0;
    if (in >> limit && limit > 0 && (bytes == 0 || limit < bytes)) bytes = limit;
  }
  return bytes;
}

const SlotDescription* FindGpu(const std::vector<SlotDescription>& gpus, std::string_view item) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), index);
  if (error == std::errc() && end == item.data() + item.size()) {
    return index < gpus.size() ? &gpus[index] : nullptr;
  }
  const SlotDescription* found = nullptr;
  for (const SlotDescription& gpu : gpus) {
    if (item.empty() || !gpu.uuid.starts_with(item)) continue;
    if (found != nullptr) return nullptr;  // not unique
    found = &gpu;
  }
  return found;
}

}  // namespace

std::vector<SlotDescription> VisibleGpus(const std::vector<SlotDescription>& gpus,
                                         const std::optional<std::string>& visible) {
  if (!visible) return gpus;
  std::vector<SlotDescription> chosen;
  std::string_view rest(*visible);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    std::string_view item = rest.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    const SlotDescription* gpu = FindGpu(gpus, item);
    if (gpu == nullptr) break;
    chosen.push_back(*gpu);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return chosen;
}

int ThreadsPerRank(int cores, int gang_slots, int total_slots, int ranks) {
  return std::max(1, cores * gang_slots / std::max(1, total_slots) / std::max(1, ranks));
}

Result<Devices> FindDevices(DeviceChoice choice, int slots,
                            const std::optional<std::string>& visible) {
  Devices devices;
  devices.cores = UsableCores();
  if (choice != DeviceChoice::kCpu) {
    auto gpus = ListGpus();
    if (!gpus && choice == DeviceChoice::kCuda) return gpus.error().Wrap("--device cuda");
    if (gpus) devices.slots = VisibleGpus(*gpus, visible);
    if (devices.slots.empty() && choice == DeviceChoice::kCuda) {
      return NotFound("--device cuda: no GPU is visible" +
                      (visible ? " (CUDA_VISIBLE_DEVICES=" + *visible + ")" : std::string()));
    }
    devices.cuda = !devices.slots.empty();
  }
  if (devices.cuda) {
    if (slots > static_cast<int>(devices.slots.size())) {
      return InvalidArgument("--slots " + std::to_string(slots) + ": this machine has " +
                             std::to_string(devices.slots.size()) +
                             " visible GPUs; use fewer, or --device cpu");
    }
    if (slots > 0) devices.slots.resize(static_cast<std::size_t>(slots));
  } else {
    devices.slots.resize(static_cast<std::size_t>(slots > 0 ? slots : devices.cores));
    const std::int64_t share =
        MachineMemory() / static_cast<std::int64_t>(devices.slots.size());
    for (SlotDescription& slot : devices.slots) {
      slot.kind = "cpu";
      slot.memory_bytes = share;
    }
  }
  for (std::size_t i = 0; i < devices.slots.size(); ++i) {
    devices.slots[i].index = static_cast<int>(i);
  }
  return devices;
}

}  // namespace tutti::worker
