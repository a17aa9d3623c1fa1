#pragma once

#include <cstdint>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"
#include "experiments/core/result.h"

namespace tutti::v1 {
class DesiredState;
class Hello;
class NodeReport;
}  // namespace tutti::v1

// The session's messages and the engine's types. Pure.

namespace tutti {

// kInvalidArgument: a name that is not [A-Za-z0-9._-]{1,128}, no slots or more than 1024, a slot
// index twice.
Result<engine::NodeJoined> ToNodeJoined(const v1::Hello& hello, NodeId node, std::int64_t at_ms);
engine::NodeReported ToNodeReported(const v1::NodeReport& report, NodeId node,
                                    std::int64_t at_ms);
v1::DesiredState ToProto(const engine::SetDesired& desired, std::int64_t incarnation);

// A coordinator that shuts down asks every attempt to checkpoint and stop.
void AskAllToCheckpoint(v1::DesiredState& desired);

}  // namespace tutti
