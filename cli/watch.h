#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/coordinator_client.h"
#include "cli/verbs.h"

namespace tutti::cli {

// Follows one experiment until it ends and returns the exit code that fits how it ended: 0
// completed, 1 otherwise, 130 after Ctrl-C, 124 after the deadline. While the coordinator is away
// it waits for it to come back (at the address that the state directory then names).
struct FollowOptions {
  bool show_progress = true;
  std::chrono::milliseconds timeout{0};  // 0: none
};
// `state_heard`: if not null, becomes the newest state that was heard.
int Follow(const Globals& globals, std::int64_t experiment, const FollowOptions& options,
           std::string* state_heard = nullptr);

}  // namespace tutti::cli
