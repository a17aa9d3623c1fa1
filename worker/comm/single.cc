#include <cstdio>
#include <cstring>

#include <unistd.h>

#include "worker/comm/communicator.h"
#include "worker/comm/data_type.h"
#include "worker/comm/watchdog.h"

namespace tutti::comm {
namespace {

class Single final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  Status Barrier() override { return Ok{}; }
  Status Broadcast(Buffer, int root) override {
    TUTTI_CHECK(root == 0, "the only rank is 0");
    return Ok{};
  }
  Status AllReduceSum(Buffer) override { return Ok{}; }
  Status AllGather(Buffer send, void* recv) override {
    if (send.data != recv) std::memmove(recv, send.data, SizeInBytes(send));
    return Ok{};
  }
  void Abort(const std::string& why) override {
    std::fprintf(stderr, "tutti-trainer: %s\n", why.c_str());
    _exit(kWatchdogExitCode);
  }
};

}  // namespace

std::unique_ptr<Communicator> MakeSingle() { return std::make_unique<Single>(); }

}  // namespace tutti::comm
