#include "worker/agent/memory_watch.h"

#include <algorithm>
#include <bit>

#include "worker/agent/nvml.h"
#include "worker/process/process_table.h"

namespace tutti::worker {

std::int64_t Quantised(std::int64_t bytes) {
  if (bytes <= 0) return 0;
  const std::int64_t power =
      static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(bytes)));
  const std::int64_t step = std::max<std::int64_t>(power / 8, std::int64_t{1} << 20);
  return (bytes + step - 1) / step * step;
}

MemoryWatch::MemoryWatch(bool gpu) : gpu_(gpu ? std::make_unique<GpuMemory>() : nullptr) {}
MemoryWatch::~MemoryWatch() = default;

void MemoryWatch::OnStarted(AllocationId id, pid_t leader, std::vector<std::string> gpus) {
  Gang gang;
  gang.leader = leader;
  gang.gpus = std::move(gpus);
  gangs_[id] = std::move(gang);
}

void MemoryWatch::OnResult(AllocationId id, std::int64_t known_peak, Time now) {
  const auto it = gangs_.find(id);
  if (it == gangs_.end()) return;
  Gang& gang = it->second;
  if (gpu_ == nullptr && known_peak > 0) {
    gang.peak = std::max(gang.peak, known_peak);
    gang.measured = true;
  }
  if (gang.has_results) return;
  gang.has_results = true;
  // Soon, but not for each of a thousand short gangs.
  next_ = std::min(next_, std::max(now, next_ - kInterval + std::chrono::milliseconds(100)));
}

void MemoryWatch::OnGone(AllocationId id) {
  const auto it = gangs_.find(id);
  if (it != gangs_.end()) it->second.leader = 0;
}

void MemoryWatch::Tick(Time now) {
  if (gangs_.empty() || now < next_) return;
  next_ = now + kInterval;
  Measure();
}

void MemoryWatch::Measure() {
  const std::vector<ProcessRow> table = ReadProcessTable();
  const std::vector<GpuUse> gpus = gpu_ != nullptr ? gpu_->InUse() : std::vector<GpuUse>();
  for (auto& [id, gang] : gangs_) {
    if (gang.leader == 0) continue;
    const std::vector<pid_t> family = FamilyOf(table, gang.leader);
    std::int64_t used = 0;
    if (gpu_ != nullptr) {
      used = GpuMemoryOf(id, gang, family, gpus);
    } else {
      for (const pid_t pid : family) used += PeakMemoryOf(pid);
    }
    gang.peak = std::max(gang.peak, used);
    gang.measured = gang.measured || gang.has_results;
  }
}

// Of the GPU on which it has most.
std::int64_t MemoryWatch::GpuMemoryOf(AllocationId id, const Gang& gang,
                                      const std::vector<pid_t>& family,
                                      const std::vector<GpuUse>& gpus) const {
  std::int64_t most = 0;
  for (const GpuUse& gpu : gpus) {
    if (std::count(gang.gpus.begin(), gang.gpus.end(), gpu.uuid) == 0) continue;
    std::int64_t own = 0;
    for (const pid_t pid : family) {
      const auto use = gpu.by_process.find(pid);
      if (use != gpu.by_process.end()) own += use->second;
    }
    // In a container the driver may not name our processes: a gang that has the GPU to itself has
    // all that is in use.
    const bool alone = std::none_of(gangs_.begin(), gangs_.end(), [&](const auto& other) {
      return other.first != id && other.second.leader != 0 &&
             std::count(other.second.gpus.begin(), other.second.gpus.end(), gpu.uuid) > 0;
    });
    if (own == 0 && alone) own = gpu.used;
    most = std::max(most, own);
  }
  return most;
}

std::int64_t MemoryWatch::PeakOf(AllocationId gang) const {
  const auto it = gangs_.find(gang);
  return it == gangs_.end() || !it->second.measured ? 0 : Quantised(it->second.peak);
}

}  // namespace tutti::worker
