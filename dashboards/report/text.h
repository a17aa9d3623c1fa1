#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Text of a page: escaping, and numbers as people read them.

namespace tutti::report {

// For XML and HTML text and attributes: & < > " ' become entities, characters that XML 1.0 forbids
// and bytes that are no UTF-8 become U+FFFD.
std::string Escape(std::string_view text);

// "0.8595"; the sign is kept only if a digit other than 0 follows. "–" for what is not finite.
std::string Fixed(double value, int decimals);

// A metric: four decimals below 10, fewer above, three significant digits where four decimals
// would hide the number (0 < |v| < 0.0001). "–" for what is not finite.
std::string FormatMetric(double value);
std::string FormatMetric(const std::optional<double>& value);

// "225,034".
std::string FormatCount(std::int64_t value);

// "2.6 MiB".
std::string FormatBytes(std::int64_t bytes);

// A coordinate in a drawing: at most one decimal ("12", "12.5", "-0.3"); "0" for what is not
// finite.
std::string Coordinate(double value);

// At most `width` characters (UTF-8 code points), the middle replaced by "…" where it is longer.
std::string Shorten(std::string_view text, std::size_t width);

// Code points.
std::size_t TextLength(std::string_view text);

}  // namespace tutti::report
