#pragma once

#include <string_view>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// With which document an experiment that has ended may go on. Pure.

namespace tutti {

// `before` and `after` are canonical; `state` is COMPLETED, CANCELLED or ERROR. What may differ is
// how the experiment is run and what it is called, and with the searcher `single` how long it
// trains; a search would have decided otherwise. kInvalidArgument names the field that may not;
// kFailedPrecondition: in this state it can go on only to a greater length, or not at all.
Status CheckContinuation(const Json& before, const Json& after, std::string_view state);

}  // namespace tutti
