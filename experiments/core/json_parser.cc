#include <charconv>
#include <cstdint>

#include "experiments/core/json.h"

namespace tutti {
namespace {

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

Result<Json> Json::Parse(std::string_view text, int max_depth) {
  return Parser(text, max_depth).Run();
}

}  // namespace tutti
