#pragma once

#include "coordinator/engine/placement.h"

// Taking gangs from experiments that matter less.

namespace tutti::engine {

// Tells gangs to checkpoint so that one of the experiment's trials fits, and claims their slots.
// First of those with a larger number as priority: the set that loses the fewest slots, then the
// fewest gangs, then the least important and youngest. Else, if the experiment is below its share
// by a whole gang, of the richest one of its own priority that is above by what it would lose.
// False: nothing that may be taken makes enough room.
bool MakeRoom(Pass& pass, Experiment& experiment);

}  // namespace tutti::engine
