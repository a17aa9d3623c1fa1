#include "worker/trainer/device.h"

namespace tutti::trainer {
namespace {

class ImmediateStream : public SideStream {
 public:
  void Run(const std::function<void()>& enqueue) override { enqueue(); }
  void Join() override {}
};

}  // namespace

Result<c10::Device> OpenDevice(const std::string& kind, int) {
  if (kind == "cpu") return c10::Device(c10::kCPU);
  return FailedPrecondition("device is \"" + kind +
                            "\", but this tutti-trainer was built with a CPU build of torch; install a "
                            "CUDA build of torch and build again, or use cpu");
}

std::string DeviceText(c10::Device) { return "cpu"; }
bool DeviceMultipliesBf16(c10::Device) { return false; }
void Synchronize(c10::Device) {}
std::unique_ptr<SideStream> MakeSideStream(c10::Device) {
  return std::make_unique<ImmediateStream>();
}

}  // namespace tutti::trainer
