#include "worker/agent/nvml.h"

#include <dlfcn.h>

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

}  // namespace

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
