// Goal: the NCCL communicator does what the contract in worker/comm/communicator.h says, in a world
// of one on one GPU. Method: every call is made twice with the same bytes, by the communicator for
// one rank over host memory and by NCCL over device memory, and the results must be the same bytes;
// a call must also keep its place in the current CUDA stream. Needs a GPU, so ctest does not know
// it: tests/gpu/run.sh runs it. Prints each failed expectation and a closing line; exit 1 if any
// failed.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include "worker/comm/communicator.h"
#include "worker/comm/data_type.h"

namespace tutti::comm {
namespace {

int expectations = 0;
int failures = 0;

void Expect(bool holds, const std::string& what) {
  ++expectations;
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "nccl_conformance: FAILED: %s\n", what.c_str());
}

bool Succeeded(const Status& status, const std::string& what) {
  Expect(status.ok(), what + (status.ok() ? "" : ": " + status.error().ToString()));
  return status.ok();
}

bool Succeeded(cudaError_t code, const std::string& what) {
  Expect(code == cudaSuccess, what + ": " + cudaGetErrorString(code));
  return code == cudaSuccess;
}

// Device memory that lives as long as the object; null if the device has none left.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) {
    if (!Succeeded(cudaMalloc(&data_, bytes), "cudaMalloc")) data_ = nullptr;
  }
  ~DeviceMemory() { cudaFree(data_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
};

using Bytes = std::vector<unsigned char>;

// Small positive numbers of each type, so that no pattern is a NaN (whose sum may change its bits).
Bytes Pattern(DataType type, std::int64_t count) {
  Bytes bytes(SizeInBytes({nullptr, count, type}));
  for (std::int64_t i = 0; i < count; ++i) {
    unsigned char* at = bytes.data() + static_cast<std::size_t>(i) * ElementSize(type);
    const float small = static_cast<float>(i % 251 + 1) / 16.0F;
    const double wide = static_cast<double>(i % 65521) + 1.0 / 3.0;
    const std::int64_t whole = i * 0x100000001LL - 7;
    switch (type) {
      case DataType::kFloat32: std::memcpy(at, &small, sizeof small); break;
      case DataType::kFloat64: std::memcpy(at, &wide, sizeof wide); break;
      case DataType::kInt64: std::memcpy(at, &whole, sizeof whole); break;
      case DataType::kUint8: *at = static_cast<unsigned char>(i % 256); break;
      // The upper half of a float's bits (little-endian) is a bfloat16.
      case DataType::kBFloat16:
        std::memcpy(at, reinterpret_cast<const unsigned char*>(&small) + 2, 2);
        break;
    }
  }
  return bytes;
}

Bytes Read(const DeviceMemory& memory, std::size_t bytes) {
  Bytes host(bytes, 0xEE);
  Succeeded(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  Succeeded(cudaMemcpy(host.data(), memory.data(), bytes, cudaMemcpyDeviceToHost), "read back");
  return host;
}

struct Case {
  DataType type;
  const char* name;
  bool can_sum;
};
constexpr Case kCases[] = {{DataType::kFloat32, "float32", true},
                           {DataType::kFloat64, "float64", true},
                           {DataType::kBFloat16, "bfloat16", true},
                           {DataType::kInt64, "int64", true},
                           {DataType::kUint8, "uint8", false}};

void CompareWithSingle(Communicator& nccl, const Case& c, std::int64_t count) {
  const std::string of = " of " + std::to_string(count) + " " + c.name;
  const Bytes sent = Pattern(c.type, count);
  const auto single = MakeSingle();
  Bytes host = sent;
  Bytes host_gathered(sent.size(), 0xEE);
  DeviceMemory device(sent.size()), gathered(sent.size());
  if (device.data() == nullptr || gathered.data() == nullptr) return;
  Succeeded(cudaMemcpy(device.data(), sent.data(), sent.size(), cudaMemcpyHostToDevice), "upload");
  const Buffer on_host{host.data(), count, c.type};
  const Buffer on_device{device.data(), count, c.type};

  if (c.can_sum) {
    Succeeded(single->AllReduceSum(on_host), "single's sum" + of);
    Succeeded(nccl.AllReduceSum(on_device), "sum" + of);
    Expect(Read(device, sent.size()) == host, "sum" + of + " gives other bytes than single");
  }
  Succeeded(single->Broadcast(on_host, 0), "single's broadcast" + of);
  Succeeded(nccl.Broadcast(on_device, 0), "broadcast" + of);
  Expect(Read(device, sent.size()) == host, "broadcast" + of + " gives other bytes than single");

  Succeeded(cudaMemset(gathered.data(), 0xEE, sent.size()), "cudaMemset");
  Succeeded(single->AllGather(on_host, host_gathered.data()), "single's gather" + of);
  Succeeded(nccl.AllGather(on_device, gathered.data()), "gather" + of);
  Expect(Read(gathered, sent.size()) == host_gathered, "gather" + of + " differs from single's");
}

// Long fills are enqueued on a stream that is not the default one; the gather behind them must see
// the last. Barrier must not return before all are done.
void KeepsItsPlaceInTheStream(Communicator& nccl) {
  constexpr std::size_t kBytes = std::size_t{256} << 20U;
  DeviceMemory from(kBytes), to(kBytes);
  if (from.data() == nullptr || to.data() == nullptr) return;
  Succeeded(cudaMemset(from.data(), 0x11, kBytes), "cudaMemset");
  Succeeded(cudaMemset(to.data(), 0x22, kBytes), "cudaMemset");
  Succeeded(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
  const c10::cuda::CUDAStreamGuard guard(c10::cuda::getStreamFromPool());
  const cudaStream_t stream = c10::cuda::getCurrentCUDAStream().stream();
  for (int value : {0x33, 0x44, 0x55}) {
    Succeeded(cudaMemsetAsync(from.data(), value, kBytes, stream), "cudaMemsetAsync");
  }
  Succeeded(nccl.AllGather({from.data(), static_cast<std::int64_t>(kBytes), DataType::kUint8},
                           to.data()),
            "gather on another stream");
  Succeeded(nccl.Barrier(), "barrier on another stream");
  Expect(cudaStreamQuery(stream) == cudaSuccess, "barrier came back before the stream was done");
  const Bytes seen = Read(to, kBytes);
  Expect(std::all_of(seen.begin(), seen.end(), [](unsigned char b) { return b == 0x55; }),
         "the gather did not see what was enqueued before it");
}

int Run() {
  auto rendezvous = Rendezvous::Join(1);
  if (!rendezvous.ok()) {
    std::fprintf(stderr, "nccl_conformance: %s\n", rendezvous.error().ToString().c_str());
    return 1;
  }
  auto nccl = (*rendezvous)->DeviceCommunicator(0, std::chrono::seconds(60));
  if (!nccl.ok()) {
    std::fprintf(stderr, "nccl_conformance: no communicator: %s\n",
                 nccl.error().ToString().c_str());
    return 1;
  }
  Expect((*nccl)->rank() == 0 && (*nccl)->size() == 1, "rank 0 of 1");
  Succeeded((*nccl)->Barrier(), "first barrier");
  for (const Case& c : kCases) {
    for (const std::int64_t count : {1, 3, 1000, 225'034, 16'777'216}) {
      CompareWithSingle(**nccl, c, count);
    }
  }
  KeepsItsPlaceInTheStream(**nccl);
  Succeeded((*nccl)->Barrier(), "last barrier");
  std::printf("nccl_conformance: %d expectations, %d failed\n", expectations, failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tutti::comm

int main() { return tutti::comm::Run(); }
