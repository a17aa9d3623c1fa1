#include "worker/agent/nvml.h"

#include <dlfcn.h>

#include <algorithm>
#include <string>

namespace tutti::worker {
namespace {

// The few declarations of nvml.h that are used; its ABI is stable (functions are versioned by
// name). nvmlReturn_t: 0 is success. Buffer sizes: NVML_DEVICE_UUID_V2_BUFFER_SIZE and
// NVML_DEVICE_NAME_V2_BUFFER_SIZE are 96.
using NvmlDevice = void*;
struct NvmlMemory {
  unsigned long long total, free, used;
};
using InitFunction = int (*)();
using ShutdownFunction = int (*)();
using CountFunction = int (*)(unsigned int*);
using HandleFunction = int (*)(unsigned int, NvmlDevice*);
using TextFunction = int (*)(NvmlDevice, char*, unsigned int);
using MemoryFunction = int (*)(NvmlDevice, NvmlMemory*);
struct NvmlProcess {  // nvmlProcessInfo_v2_t, of the functions that end in _v3
  unsigned int pid;
  unsigned long long used;  // all ones: not available
  unsigned int gpu_instance, compute_instance;
};
using ProcessFunction = int (*)(NvmlDevice, unsigned int*, NvmlProcess*);

template <class Function>
Function Symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

Result<std::vector<SlotDescription>> ListWith(void* library) {
  const auto count_of = Symbol<CountFunction>(library, "nvmlDeviceGetCount_v2");
  const auto handle_of = Symbol<HandleFunction>(library, "nvmlDeviceGetHandleByIndex_v2");
  const auto uuid_of = Symbol<TextFunction>(library, "nvmlDeviceGetUUID");
  const auto name_of = Symbol<TextFunction>(library, "nvmlDeviceGetName");
  const auto memory_of = Symbol<MemoryFunction>(library, "nvmlDeviceGetMemoryInfo");
  if (!count_of || !handle_of || !uuid_of || !name_of || !memory_of) {
    return NotFound("libnvidia-ml.so.1 lacks a function; the driver is too old");
  }
  unsigned int count = 0;
  if (const int error = count_of(&count); error != 0) {
    return Internal("nvmlDeviceGetCount_v2 failed with " + std::to_string(error));
  }
  std::vector<SlotDescription> gpus;
  for (unsigned int i = 0; i < count; ++i) {
    NvmlDevice device = nullptr;
    char uuid[96] = {}, name[96] = {};
    NvmlMemory memory{};
    if (handle_of(i, &device) != 0 || uuid_of(device, uuid, sizeof(uuid)) != 0) {
      return Internal("GPU " + std::to_string(i) + " does not answer NVML");
    }
    // Name and memory are for display; some virtual GPUs do not tell.
    name_of(device, name, sizeof(name));
    memory_of(device, &memory);
    gpus.push_back({static_cast<int>(i), "cuda", uuid, name,
                    static_cast<std::int64_t>(memory.total)});
  }
  return gpus;
}

void AddProcesses(ProcessFunction processes_of, NvmlDevice device, GpuUse& use) {
  if (processes_of == nullptr) return;
  std::vector<NvmlProcess> processes(256);
  auto count = static_cast<unsigned int>(processes.size());
  if (processes_of(device, &count, processes.data()) != 0) return;
  processes.resize(std::min<std::size_t>(count, processes.size()));
  for (const NvmlProcess& process : processes) {
    if (process.used == ~0ULL) continue;
    use.by_process[static_cast<pid_t>(process.pid)] += static_cast<std::int64_t>(process.used);
  }
}

}  // namespace

GpuMemory::GpuMemory() {
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return;
  const auto init = Symbol<InitFunction>(library, "nvmlInit_v2");
  if (init != nullptr && init() == 0) {
    library_ = library;
  } else {
    ::dlclose(library);
  }
}

GpuMemory::~GpuMemory() {
  if (library_ == nullptr) return;
  if (const auto shutdown = Symbol<ShutdownFunction>(library_, "nvmlShutdown")) shutdown();
  ::dlclose(library_);
}

std::vector<GpuUse> GpuMemory::InUse() const {
  std::vector<GpuUse> gpus;
  if (library_ == nullptr) return gpus;
  const auto count_of = Symbol<CountFunction>(library_, "nvmlDeviceGetCount_v2");
  const auto handle_of = Symbol<HandleFunction>(library_, "nvmlDeviceGetHandleByIndex_v2");
  const auto uuid_of = Symbol<TextFunction>(library_, "nvmlDeviceGetUUID");
  const auto memory_of = Symbol<MemoryFunction>(library_, "nvmlDeviceGetMemoryInfo");
  const auto compute_of =
      Symbol<ProcessFunction>(library_, "nvmlDeviceGetComputeRunningProcesses_v3");
  unsigned int count = 0;
  if (!count_of || !handle_of || !uuid_of || !memory_of || count_of(&count) != 0) return gpus;
  for (unsigned int i = 0; i < count; ++i) {
    NvmlDevice device = nullptr;
    char uuid[96] = {};
    NvmlMemory memory{};
    if (handle_of(i, &device) != 0 || uuid_of(device, uuid, sizeof(uuid)) != 0 ||
        memory_of(device, &memory) != 0) {
      continue;
    }
    GpuUse use{uuid, static_cast<std::int64_t>(memory.used), {}};
    AddProcesses(compute_of, device, use);
    gpus.push_back(std::move(use));
  }
  return gpus;
}

Result<std::vector<SlotDescription>> ListGpus() {
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return NotFound("no NVIDIA driver on this machine (libnvidia-ml.so.1 cannot be loaded)");
  }
  const auto init = Symbol<InitFunction>(library, "nvmlInit_v2");
  const auto shutdown = Symbol<ShutdownFunction>(library, "nvmlShutdown");
  if (!init || !shutdown || init() != 0) {
    ::dlclose(library);
    return NotFound("the NVIDIA driver does not start (nvmlInit_v2)");
  }
  auto gpus = ListWith(library);
  shutdown();
  ::dlclose(library);
  return gpus;
}

}  // namespace tutti::worker
