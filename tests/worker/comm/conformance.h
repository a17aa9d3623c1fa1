#pragma once

#include "worker/comm/communicator.h"

namespace tutti::comm {

// What every Communicator must do, whatever its size. Returns the number of failed expectations of
// this rank and prints each to stderr. Runs on host memory.
int RunConformance(Communicator& communicator);

}  // namespace tutti::comm
