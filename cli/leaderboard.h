#pragma once

#include <cstdint>
#include <string>

#include "cli/database.h"

namespace tutti::cli {

// The leaderboard of one experiment for people: a line per configuration (n, mean and standard
// deviation over its replicates, best first), and with `trials` a line per trial.
Result<std::string> LeaderboardText(Database& database, std::int64_t experiment, bool trials,
                                    int max_width);

}  // namespace tutti::cli
