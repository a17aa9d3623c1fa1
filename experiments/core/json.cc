#include "experiments/core/json.h"

#include <charconv>
#include <cmath>
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
const Json::Array& Json::AsArray() const {
  TUTTI_CHECK(is_array(), TypeName());
  return std::get<Array>(value_);
}
Json::Array& Json::AsArray() {
  TUTTI_CHECK(is_array(), TypeName());
  return std::get<Array>(value_);
}
const Json::Object& Json::AsObject() const {
  TUTTI_CHECK(is_object(), TypeName());
  return std::get<Object>(value_);
}
Json::Object& Json::AsObject() {
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

class Parser {
 public:
  Parser(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}

  Result<Json> Run() {
    TUTTI_ASSIGN_OR_RETURN(Json value, Value(0));
    SkipSpace();
    if (at_ != text_.size()) return Fail("text after the value");
    return value;
  }

 private:
  Error Fail(std::string_view what) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < at_ && i < text_.size(); ++i) {
      ++column;
      if (text_[i] == '\n') {
        ++line;
        column = 1;
      }
    }
    return InvalidArgument("JSON " + std::to_string(line) + ":" + std::to_string(column) + ": " +
                           std::string(what));
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' ||
                                  text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool Accept(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  Result<Json> Value(int depth) {
    if (depth > max_depth_) return Fail("nested too deeply");
    SkipSpace();
    if (at_ == text_.size()) return Fail("unexpected end");
    switch (text_[at_]) {
      case '{': return ParseObject(depth);
      case '[': return ParseArray(depth);
      case '"': {
        TUTTI_ASSIGN_OR_RETURN(std::string s, ParseString());
        return Json(std::move(s));
      }
      default: break;
    }
    if (Accept("true")) return Json(true);
    if (Accept("false")) return Json(false);
    if (Accept("null")) return Json();
    return ParseNumber();
  }

  Result<Json> ParseObject(int depth) {
    ++at_;
    Json::Object object;
    SkipSpace();
    if (Accept("}")) return Json(std::move(object));
    while (true) {
      SkipSpace();
      if (at_ == text_.size() || text_[at_] != '"') return Fail("expected a key in quotes");
      TUTTI_ASSIGN_OR_RETURN(std::string key, ParseString());
      for (const auto& member : object) {
        if (member.first == key) return Fail("duplicate key '" + key + "'");
      }
      SkipSpace();
      if (!Accept(":")) return Fail("expected ':'");
      TUTTI_ASSIGN_OR_RETURN(Json value, Value(depth + 1));
      object.emplace_back(std::move(key), std::move(value));
      SkipSpace();
      if (Accept("}")) return Json(std::move(object));
      if (!Accept(",")) return Fail("expected ',' or '}'");
    }
  }

  Result<Json> ParseArray(int depth) {
    ++at_;
    Json::Array array;
    SkipSpace();
    if (Accept("]")) return Json(std::move(array));
    while (true) {
      TUTTI_ASSIGN_OR_RETURN(Json value, Value(depth + 1));
      array.push_back(std::move(value));
      SkipSpace();
      if (Accept("]")) return Json(std::move(array));
      if (!Accept(",")) return Fail("expected ',' or ']'");
    }
  }

  static void AppendUtf8(std::uint32_t c, std::string& out) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }

  Result<std::uint32_t> ParseHex4() {
    if (text_.size() - at_ < 4) return Fail("truncated \\u escape");
    std::uint32_t code = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
    if (error != std::errc() || end != begin + 4) return Fail("bad \\u escape");
    at_ += 4;
    return code;
  }

  Result<std::string> ParseString() {
    ++at_;
    std::string out;
    while (true) {
      if (at_ == text_.size()) return Fail("unterminated string");
      const char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) return Fail("control character in a string");
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at_ == text_.size()) return Fail("unterminated escape");
      switch (text_[at_++]) {
        case '"': out += '"'; break;
        case '\\': out += '\\'; break;
        case '/': out += '/'; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u': {
          TUTTI_ASSIGN_OR_RETURN(std::uint32_t code, ParseHex4());
          if (code >= 0xD800 && code < 0xDC00) {
            if (!Accept("\\u")) return Fail("lone surrogate");
            TUTTI_ASSIGN_OR_RETURN(const std::uint32_t low, ParseHex4());
            if (low < 0xDC00 || low > 0xDFFF) return Fail("lone surrogate");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
          } else if (code >= 0xDC00 && code < 0xE000) {
            return Fail("lone surrogate");
          }
          AppendUtf8(code, out);
          break;
        }
        default: return Fail("unknown escape");
      }
    }
  }

  bool Digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start;
  }

  Result<Json> ParseNumber() {
    const std::size_t start = at_;
    Accept("-");
    const bool zero = Accept("0");
    if (!zero && !Digits()) return Fail("expected a value");
    if (zero && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      return Fail("leading zero");
    }
    bool integral = true;
    if (Accept(".")) {
      integral = false;
      if (!Digits()) return Fail("expected digits after '.'");
    }
    if (Accept("e") || Accept("E")) {
      integral = false;
      if (!Accept("+")) Accept("-");
      if (!Digits()) return Fail("expected digits in the exponent");
    }
    const char* begin = text_.data() + start;
    const char* end = text_.data() + at_;
    if (integral) {
      std::int64_t i = 0;
      if (std::from_chars(begin, end, i).ec == std::errc()) return Json(i);
    }
    double d = 0;
    if (std::from_chars(begin, end, d).ec != std::errc()) return Fail("number out of range");
    return Json(d);
  }

  std::string_view text_;
  int max_depth_;
  std::size_t at_ = 0;
};

}  // namespace

std::string Json::Dump(int indent) const {
  std::string out;
  DumpValue(*this, indent, 0, out);
  return out;
}

Result<Json> Json::Parse(std::string_view text, int max_depth) {
  return Parser(text, max_depth).Run();
}

}  // namespace tutti
