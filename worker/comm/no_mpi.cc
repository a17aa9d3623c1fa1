#include "worker/comm/bootstrap.h"

namespace tutti::comm {

Result<std::unique_ptr<Rendezvous>> JoinMpi(int world_size) {
  return FailedPrecondition("a gang of " + std::to_string(world_size) +
                            " ranks needs MPI, and this tutti-trainer was built without it "
                            "(TUTTI_TRAINER_ONLY); rebuild with Open MPI installed");
}

}  // namespace tutti::comm
