#include "worker/trainer/precision.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "worker/trainer/device.h"

namespace tutti::trainer {
namespace {

bool CpuMultipliesBf16() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  // Leaf 7: subleaf 0 EDX bit 22 AMX-BF16, subleaf 1 EAX bit 5 AVX512_BF16 (Intel SDM vol. 2A).
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const bool amx = (d & (1u << 22)) != 0;
  const bool avx512 = (b & (1u << 16)) != 0;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0) return amx;
  return amx || (avx512 && (a & (1u << 5)) != 0);
#else
  return false;
#endif
}

}  // namespace

Result<ResolvedPrecision> ResolvePrecision(Precision precision, at::Device device) {
  switch (precision) {
    case Precision::kFp32: return ResolvedPrecision{at::kFloat, at::kFloat, "fp32"};
    case Precision::kFp64: return ResolvedPrecision{at::kDouble, at::kDouble, "fp64"};
    case Precision::kBf16: return ResolvedPrecision{at::kFloat, at::kBFloat16, "bf16"};
    case Precision::kFp16:
      return InvalidArgument(
          "training.precision is fp16, which needs loss scaling that this trainer does not have; "
          "use bf16, fp32 or auto");
    case Precision::kAuto: break;
  }
  const bool fast = device.is_cpu() ? CpuMultipliesBf16() : DeviceMultipliesBf16(device);
  return ResolvePrecision(fast ? Precision::kBf16 : Precision::kFp32, device);
}

}  // namespace tutti::trainer
