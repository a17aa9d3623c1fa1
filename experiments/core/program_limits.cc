#include "experiments/core/program_limits.h"

#include <charconv>
#include <string>

namespace tutti {

Result<std::int64_t> ParseProgramLimit(std::string_view text) {
  constexpr std::int64_t kMostSeconds = 604'800;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 1 ||
      seconds > kMostSeconds) {
    return InvalidArgument("is '" + std::string(text) + "', expected whole seconds from 1 to " +
                           std::to_string(kMostSeconds));
  }
  return seconds;
}

}  // namespace tutti
