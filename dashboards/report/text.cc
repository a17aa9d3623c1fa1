#include "dashboards/report/text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace tutti::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kDash = "–";

// Bytes of the UTF-8 sequence that starts here; 0 if it is none, or one that XML forbids.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 || first == '\n' || first == '\t' || first == '\r' ? 1 : 0;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first > 0xF4 || text.size() < length) return 0;
  std::uint32_t point = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  const bool forbidden = surrogate || point > 0x10FFFF || (point & 0xFFFE) == 0xFFFE;
  return point < kSmallest[length] || forbidden ? 0 : length;
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    switch (text[0]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += length == 0 ? kReplacement : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string Fixed(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kDash);
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  std::string text = buffer;
  if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string FormatMetric(double value) {
  const double size = std::fabs(value);
  if (size != 0 && size < 0.0001) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.2e", value);
    return buffer;
  }
  if (size >= 1e9 && std::isfinite(value)) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.3e", value);
    return buffer;
  }
  return Fixed(value, size < 10 ? 4 : size < 100 ? 2 : size < 1000 ? 1 : 0);
}

std::string FormatMetric(const std::optional<double>& value) {
  return value ? FormatMetric(*value) : std::string(kDash);
}

std::string FormatCount(std::int64_t value) {
  std::string text = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string FormatBytes(std::int64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return Fixed(size, unit == 0 ? 0 : 1) + " " + kUnits[unit];
}

std::string Coordinate(double value) {
  if (!std::isfinite(value)) return "0";
  std::string text = Fixed(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::size_t TextLength(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return n;
}

std::string Shorten(std::string_view text, std::size_t width) {
  if (TextLength(text) <= width) return std::string(text);
  const std::size_t head = width * 2 / 3;
  const std::size_t tail = width > head + 1 ? width - head - 1 : 0;
  const auto starts = [&](std::size_t i) {
    return i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
  };
  std::size_t begin = 0;
  for (std::size_t n = 0; n < head && begin < text.size(); ++n) {
    do ++begin;
    while (!starts(begin));
  }
  std::size_t end = text.size();
  for (std::size_t n = 0; n < tail && end > begin; ++n) {
    do --end;
    while (end > begin && !starts(end));
  }
  return std::string(text.substr(0, begin)) + "…" + std::string(text.substr(end));
}

}  // namespace tutti::report
