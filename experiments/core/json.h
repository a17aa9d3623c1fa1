#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/core/result.h"

// A small JSON value: what canonical configurations, journal rows and record headers are made of.
//
// - Integers (int64) and doubles are different types, so that 128 stays 128 and 1e-3 stays 0.001.
//   AsDouble() accepts both.
// - Objects keep insertion order; operator== ignores it.
// - Non-finite doubles are written as the strings "NaN", "Infinity", "-Infinity"; AsDouble() of
//   such a string gives the number back.
// - Doubles are printed with the fewest digits that read back as the same value (to_chars).
// - The parser is strict (RFC 8259), refuses duplicate keys, and bounds depth and size.

namespace tutti {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}                                            // NOLINT: implicit
  Json(bool b) : value_(b) {}                                        // NOLINT: implicit
  Json(int i) : value_(static_cast<std::int64_t>(i)) {}              // NOLINT: implicit
  Json(std::int64_t i) : value_(i) {}                                // NOLINT: implicit
  Json(double d) : value_(d) {}                                      // NOLINT: implicit
  Json(const char* s) : value_(std::string(s)) {}                    // NOLINT: implicit
  Json(std::string s) : value_(std::move(s)) {}                      // NOLINT: implicit
  Json(std::string_view s) : value_(std::string(s)) {}               // NOLINT: implicit
  Json(Array a) : value_(std::move(a)) {}                            // NOLINT: implicit
  Json(Object o) : value_(std::move(o)) {}                           // NOLINT: implicit
  static Json MakeObject(std::initializer_list<Member> members = {}) {
    return Json(Object(members));
  }
  static Json MakeArray(std::initializer_list<Json> items = {}) { return Json(Array(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_double() const { return std::holds_alternative<double>(value_); }
  bool is_number() const { return is_int() || is_double(); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  // "null", "a bool", "an integer", "a number", "a string", "a list", "a map": for messages.
  std::string_view TypeName() const;

  // REQUIRES: the type fits (CHECK). For data from peers use the Get… functions below.
  bool AsBool() const;
  std::int64_t AsInt() const;
  double AsDouble() const;  // int, double, or one of the three non-finite strings
  const std::string& AsString() const;
  // Of a temporary the content itself, so that `for (x : Make().AsArray())` is safe.
  const Array& AsArray() const&;
  Array& AsArray() &;
  Array AsArray() && { return std::move(static_cast<Json&>(*this).AsArray()); }
  const Object& AsObject() const&;
  Object& AsObject() &;
  Object AsObject() && { return std::move(static_cast<Json&>(*this).AsObject()); }

  // Object access. Find: nullptr if this is no object or has no such key.
  const Json* Find(std::string_view key) const;
  Json* Find(std::string_view key);
  // Inserts or replaces; keeps the position of an existing key. Null becomes an object first.
  Json& Set(std::string key, Json value);
  bool Erase(std::string_view key);
  // REQUIRES: the key exists (CHECK).
  const Json& operator[](std::string_view key) const;

  // Dotted paths ("training.optimizer.lr"). FindPath: nullptr where a part is missing. SetPath
  // creates objects on the way and replaces non-objects that stand in it.
  const Json* FindPath(std::string_view dotted) const;
  void SetPath(std::string_view dotted, Json value);

  // Checked access for data from outside: an error names key, found type and expected type.
  Result<bool> GetBool(std::string_view key) const;
  Result<std::int64_t> GetInt(std::string_view key) const;
  Result<double> GetDouble(std::string_view key) const;
  Result<std::string> GetString(std::string_view key) const;

  // Array access. size() is 0 for scalars. REQUIRES: an array (CHECK).
  std::size_t size() const;
  void Append(Json value);  // null becomes an array first
  const Json& operator[](std::size_t i) const;

  // One line without spaces; `indent` > 0 breaks lines.
  std::string Dump(int indent = 0) const;
  // The whole text must be one value. Errors carry line:column.
  static Result<Json> Parse(std::string_view text, int max_depth = 64);

  // Same value: objects compare without order, 1 and 1.0 differ.
  friend bool operator==(const Json& a, const Json& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// "0.001", "NaN", "Infinity": the text Json uses for a double (no quotes).
std::string FormatDouble(double value);
// For people: "0.00754393", "1.5e-07", "4390032": six significant digits, whole numbers in full.
std::string ShortDouble(double value);

}  // namespace tutti
