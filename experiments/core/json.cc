#include "experiments/core/json.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace tutti {

std::string FormatDouble(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  TUTTI_CHECK(error == std::errc(), "to_chars of a double needs at most 32 characters");
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";  // stays a double when read
  return text;
}

std::string ShortDouble(double value) {
  char text[32];
  const bool whole = value == std::floor(value) && std::abs(value) < 1e12;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.6g", value);
  return text;
}

std::string_view Json::TypeName() const {
  if (is_null()) return "null";
  if (is_bool()) return "a bool";
  if (is_int()) return "an integer";
  if (is_double()) return "a number";
  if (is_string()) return "a string";
  return is_array() ? "a list" : "a map";
}

bool Json::AsBool() const {
  TUTTI_CHECK(is_bool(), TypeName());
  return std::get<bool>(value_);
}

std::int64_t Json::AsInt() const {
  TUTTI_CHECK(is_int(), TypeName());
  return std::get<std::int64_t>(value_);
}

double Json::AsDouble() const {
  if (is_int()) return static_cast<double>(std::get<std::int64_t>(value_));
  if (is_string()) {
    if (AsString() == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (AsString() == "Infinity") return std::numeric_limits<double>::infinity();
    if (AsString() == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  TUTTI_CHECK(is_double(), TypeName());
  return std::get<double>(value_);
}

const std::string& Json::AsString() const {
  TUTTI_CHECK(is_string(), TypeName());
  return std::get<std::string>(value_);
}
const Json::Array& Json::AsArray() const& {
  TUTTI_CHECK(is_array(), TypeName());
  return std::get<Array>(value_);
}
Json::Array& Json::AsArray() & {
  TUTTI_CHECK(is_array(), TypeName());
  return std::get<Array>(value_);
}
const Json::Object& Json::AsObject() const& {
  TUTTI_CHECK(is_object(), TypeName());
  return std::get<Object>(value_);
}
Json::Object& Json::AsObject() & {
  TUTTI_CHECK(is_object(), TypeName());
  return std::get<Object>(value_);
}

const Json* Json::Find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const auto& [k, v] : std::get<Object>(value_)) {
    if (k == key) return &v;
  }
  return nullptr;
}
Json* Json::Find(std::string_view key) {
  return const_cast<Json*>(static_cast<const Json*>(this)->Find(key));
}

Json& Json::Set(std::string key, Json value) {
  if (is_null()) value_ = Object{};
  if (Json* existing = Find(key)) {
    *existing = std::move(value);
    return *existing;
  }
  AsObject().emplace_back(std::move(key), std::move(value));
  return AsObject().back().second;
}

bool Json::Erase(std::string_view key) {
  return is_object() &&
         std::erase_if(std::get<Object>(value_), [&](const Member& m) { return m.first == key; }) >
             0;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = Find(key);
  TUTTI_CHECK(found != nullptr, std::string("no key ") + std::string(key));
  return *found;
}

const Json* Json::FindPath(std::string_view dotted) const {
  const Json* at = this;
  while (at != nullptr) {
    const auto dot = dotted.find('.');
    at = at->Find(dotted.substr(0, dot));
    if (dot == std::string_view::npos) return at;
    dotted.remove_prefix(dot + 1);
  }
  return nullptr;
}

void Json::SetPath(std::string_view dotted, Json value) {
  Json* at = this;
  while (true) {
    if (!at->is_object()) *at = Json(Object{});
    const auto dot = dotted.find('.');
    const std::string key(dotted.substr(0, dot));
    if (dot == std::string_view::npos) {
      at->Set(key, std::move(value));
      return;
    }
    Json* next = at->Find(key);
    at = next != nullptr ? next : &at->Set(key, Json(Object{}));
    dotted.remove_prefix(dot + 1);
  }
}

namespace {

Error WrongType(std::string_view key, const Json* found, std::string_view expected) {
  if (found == nullptr) return InvalidArgument("missing key '" + std::string(key) + "'");
  return InvalidArgument("key '" + std::string(key) + "' is " + std::string(found->TypeName()) +
                         ", expected " + std::string(expected));
}

}  // namespace

Result<bool> Json::GetBool(std::string_view key) const {
  const Json* v = Find(key);
  if (v == nullptr || !v->is_bool()) return WrongType(key, v, "a bool");
  return v->AsBool();
}
Result<std::int64_t> Json::GetInt(std::string_view key) const {
  const Json* v = Find(key);
  if (v == nullptr || !v->is_int()) return WrongType(key, v, "an integer");
  return v->AsInt();
}
Result<double> Json::GetDouble(std::string_view key) const {
  const Json* v = Find(key);
  const bool special = v != nullptr && v->is_string() &&
                       (v->AsString() == "NaN" || v->AsString() == "Infinity" ||
                        v->AsString() == "-Infinity");
  if (v == nullptr || !(v->is_number() || special)) return WrongType(key, v, "a number");
  return v->AsDouble();
}
Result<std::string> Json::GetString(std::string_view key) const {
  const Json* v = Find(key);
  if (v == nullptr || !v->is_string()) return WrongType(key, v, "a string");
  return v->AsString();
}

std::size_t Json::size() const {
  if (is_array()) return std::get<Array>(value_).size();
  return is_object() ? std::get<Object>(value_).size() : 0;
}
void Json::Append(Json value) {
  if (is_null()) value_ = Array{};
  AsArray().push_back(std::move(value));
}
const Json& Json::operator[](std::size_t i) const {
  TUTTI_CHECK(i < AsArray().size(), "index past the end of a JSON array");
  return AsArray()[i];
}

bool operator==(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const auto& [key, value] : a.AsObject()) {
      const Json* other = b.Find(key);
      if (other == nullptr || !(*other == value)) return false;
    }
    return true;
  }
  return a.value_ == b.value_;
}

namespace {

void DumpString(const std::string& text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    switch (ch) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c < 0x20) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += ch;
        }
    }
  }
  out += '"';
}

void NewLine(int indent, int depth, std::string& out) {
  if (indent <= 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent * depth), ' ');
}

void DumpValue(const Json& json, int indent, int depth, std::string& out) {
  if (json.is_null()) {
    out += "null";
  } else if (json.is_bool()) {
    out += json.AsBool() ? "true" : "false";
  } else if (json.is_int()) {
    out += std::to_string(json.AsInt());
  } else if (json.is_double()) {
    const double d = json.AsDouble();
    if (std::isfinite(d)) {
      out += FormatDouble(d);
    } else {
      DumpString(FormatDouble(d), out);
    }
  } else if (json.is_string()) {
    DumpString(json.AsString(), out);
  } else if (json.is_array()) {
    out += '[';
    bool first = true;
    for (const Json& item : json.AsArray()) {
      if (!first) out += ',';
      first = false;
      NewLine(indent, depth + 1, out);
      DumpValue(item, indent, depth + 1, out);
    }
    if (!first) NewLine(indent, depth, out);
    out += ']';
  } else {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : json.AsObject()) {
      if (!first) out += ',';
      first = false;
      NewLine(indent, depth + 1, out);
      DumpString(key, out);
      out += indent > 0 ? ": " : ":";
      DumpValue(value, indent, depth + 1, out);
    }
    if (!first) NewLine(indent, depth, out);
    out += '}';
  }
}

}  // namespace

std::string Json::Dump(int indent) const {
  std::string out;
  DumpValue(*this, indent, 0, out);
  return out;
}

}  // namespace tutti
