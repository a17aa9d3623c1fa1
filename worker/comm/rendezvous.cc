#include "worker/comm/bootstrap.h"

namespace tutti::comm {
namespace {

// A gang of one: no MPI is started, since loading it costs more than a small trial.
class Alone final : public Rendezvous {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int local_rank() const override { return 0; }
  Result<std::unique_ptr<Communicator>> HostCommunicator(std::chrono::milliseconds) override {
    return MakeSingle();
  }
  Result<std::unique_ptr<Communicator>> DeviceCommunicator(
      int cuda_device, std::chrono::milliseconds call_deadline) override {
    return MakeNccl(0, 1, cuda_device, call_deadline, [](void*, std::int64_t) -> Status {
      return Ok{};
    });
  }
};

}  // namespace

Result<std::unique_ptr<Rendezvous>> Rendezvous::Join(int world_size) {
  TUTTI_CHECK(world_size >= 1, "a gang has at least one rank");
  if (world_size == 1) return std::unique_ptr<Rendezvous>(std::make_unique<Alone>());
  return JoinMpi(world_size);
}

}  // namespace tutti::comm
