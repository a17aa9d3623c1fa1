#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>

#include "experiments/spec/yaml_reader.h"

namespace tutti::spec {
namespace {

bool AllIn(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool IsFloat(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t exponent = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent);
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (!power.empty() && (power[0] == '-' || power[0] == '+')) power.remove_prefix(1);
    if (!AllIn(power, "0123456789")) return false;
  }
  const std::size_t dot = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, dot);
  const std::string_view rest =
      dot == std::string_view::npos ? std::string_view() : mantissa.substr(dot + 1);
  if (whole.empty() && rest.empty()) return false;
  return (whole.empty() || AllIn(whole, "0123456789")) &&
         (rest.empty() || AllIn(rest, "0123456789"));
}

// An integer of the core schema, or nothing; one that does not fit 64 bits is left to the floats.
bool ParseInteger(std::string_view text, std::int64_t& value) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0o")) {
    base = text[1] == 'x' ? 16 : 8;
    text.remove_prefix(2);
    if (text.empty() || text[0] == '-' || text[0] == '+') return false;
  } else if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

Json PlainScalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  std::int64_t integer = 0;
  if (ParseInteger(text, integer)) return integer;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == "+.inf") return kInfinity;
  if (text == "-.inf" || text == "-.Inf" || text == "-.INF") return -kInfinity;
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (!IsFloat(text)) return text;
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc::result_out_of_range) {
    // Too large or too small: from_chars leaves the value alone. The exponent's sign says which.
    const bool tiny = digits.find("e-") != std::string_view::npos ||
                      digits.find("E-") != std::string_view::npos;
    return tiny ? 0.0 : (digits.starts_with('-') ? -kInfinity : kInfinity);
  }
  return number;
}

}  // namespace tutti::spec
