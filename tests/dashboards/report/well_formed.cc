#include "tests/dashboards/report/well_formed.h"

#include <cctype>
#include <set>
#include <vector>

namespace tutti::report {
namespace {

bool IsName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == ':';
}

class Reader {
 public:
  explicit Reader(const std::string& xml) : xml_(xml) {}

  std::string Read() {
    while (at_ < xml_.size()) {
      const bool fine = xml_[at_] == '<' ? Tag() : Text();
      if (!fine) return wrong_ + " at " + std::to_string(at_) + ": " + xml_.substr(at_, 60);
    }
    if (!open_.empty()) return "not closed: " + open_.back();
    if (roots_ != 1) return std::to_string(roots_) + " root elements";
    return "";
  }

 private:
  bool Wrong(const std::string& what) {
    wrong_ = what;
    return false;
  }

  bool Character() {
    const auto c = static_cast<unsigned char>(xml_[at_]);
    if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') return Wrong("control character");
    if (c != '&') {
      ++at_;
      return true;
    }
    for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (xml_.compare(at_, std::string(entity).size(), entity) == 0) {
        at_ += std::string(entity).size();
        return true;
      }
    }
    return Wrong("bare '&'");
  }

  bool Text() {
    if (open_.empty() && std::isspace(static_cast<unsigned char>(xml_[at_])) == 0) {
      return Wrong("text outside of the root element");
    }
    return Character();
  }

  std::string Name() {
    const std::size_t begin = at_;
    while (at_ < xml_.size() && IsName(xml_[at_])) ++at_;
    return xml_.substr(begin, at_ - begin);
  }

  bool Tag() {
    ++at_;
    if (at_ < xml_.size() && xml_[at_] == '/') {
      ++at_;
      const std::string name = Name();
      if (open_.empty() || open_.back() != name) return Wrong("</" + name + "> does not nest");
      open_.pop_back();
      return at_ < xml_.size() && xml_[at_++] == '>' ? true : Wrong("no '>'");
    }
    const std::string name = Name();
    if (name.empty()) return Wrong("no element name");
    if (open_.empty()) ++roots_;
    std::set<std::string> seen;
    while (at_ < xml_.size() && xml_[at_] == ' ') {
      ++at_;
      const std::string attribute = Name();
      if (!seen.insert(attribute).second) return Wrong("attribute twice: " + attribute);
      if (xml_.compare(at_, 2, "=\"") != 0) return Wrong("attribute without quotes");
      at_ += 2;
      while (at_ < xml_.size() && xml_[at_] != '"') {
        if (xml_[at_] == '<') return Wrong("'<' in an attribute");
        if (!Character()) return false;
      }
      ++at_;
    }
    if (xml_.compare(at_, 2, "/>") == 0) {
      at_ += 2;
      return true;
    }
    if (at_ >= xml_.size() || xml_[at_] != '>') return Wrong("no '>'");
    ++at_;
    open_.push_back(name);
    return true;
  }

  const std::string& xml_;
  std::size_t at_ = 0;
  int roots_ = 0;
  std::vector<std::string> open_;
  std::string wrong_;
};

}  // namespace

std::string WhatIsNotWellFormed(const std::string& xml) { return Reader(xml).Read(); }

}  // namespace tutti::report
