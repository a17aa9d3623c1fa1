#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "experiments/core/result.h"

// How long a program of an `entrypoint` may take: the only variables of an experiment's `environment`
// that begin with TUTTI_, all others are set by the worker. See docs/records.md.

namespace tutti {

inline constexpr std::string_view kProgressLimit = "TUTTI_PROGRESS_LIMIT";  // without a word from it
inline constexpr std::string_view kStopGrace = "TUTTI_STOP_GRACE";  // from an order to stop to TERM
inline constexpr std::string_view kTermGrace = "TUTTI_TERM_GRACE";  // from TERM to KILL
inline constexpr std::array kProgramLimits{kProgressLimit, kStopGrace, kTermGrace};

// Whole seconds, 1 to 604800 (a week). kInvalidArgument: anything else.
Result<std::int64_t> ParseProgramLimit(std::string_view text);

}  // namespace tutti
