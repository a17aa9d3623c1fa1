#include <algorithm>
#include <cctype>
#include <string_view>

#include "dashboards/report/html.h"
#include "experiments/core/sha256.h"

namespace tutti::report {
namespace {

constexpr std::string_view kMark = " data-q=\"";
constexpr std::string_view kDigestMark = "<!-- sha256 ";
constexpr std::string_view kIdentityOpen =
    "<script type=\"application/json\" id=\"tutti-report\">";
constexpr std::string_view kIdentityClose = "</script>";

// The end of the element that starts at `begin` (its '<'), one past its last character; npos if it
// is cut off. Our sourced elements hold text and a <title>, never an element of their own name.
std::size_t ElementEnd(const std::string& html, std::size_t begin) {
  std::size_t name_end = begin + 1;
  while (name_end < html.size() && std::isalnum(static_cast<unsigned char>(html[name_end])) != 0) {
    ++name_end;
  }
  const std::size_t tag_end = html.find('>', name_end);  // values never hold a bare '>'
  if (tag_end == std::string::npos) return std::string::npos;
  if (html[tag_end - 1] == '/') return tag_end + 1;
  const std::string close = "</" + html.substr(begin + 1, name_end - begin - 1) + ">";
  const std::size_t end = html.find(close, tag_end);
  return end == std::string::npos ? std::string::npos : end + close.size();
}

std::string AttributeOf(const std::string& markup, std::string_view name) {
  const std::string mark = " " + std::string(name) + "=\"";
  const std::size_t begin = markup.find(mark);
  if (begin == std::string::npos) return "";
  const std::size_t value = begin + mark.size();
  return markup.substr(value, markup.find('"', value) - value);
}

// Digits, perhaps with a fraction, an exponent and thousands' commas, count as one number.
std::size_t CountNumbers(const std::string& text) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
    ++n;
    while (i + 1 < text.size() &&
           (std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '.' ||
            text[i + 1] == ',')) {
      ++i;
    }
  }
  return n;
}

}  // namespace

std::string SourcedElement::Shown() const {
  std::string text;
  bool in_tag = false;
  for (const char c : markup) {
    if (c == '<') in_tag = true;
    if (!in_tag) text += c;
    if (c == '>') in_tag = false;
  }
  return text.empty() ? "drawn" : text;
}

std::size_t SourcedElement::Numbers() const {
  const std::string path = AttributeOf(markup, "d");
  if (path.empty()) return std::max<std::size_t>(CountNumbers(Shown()), 1);
  std::size_t points = 0;
  for (const char c : path) points += c == 'M' || c == 'L' || c == 'H' ? 1 : 0;
  return points;
}

std::vector<SourcedElement> SourcedElements(const std::string& html) {
  std::vector<SourcedElement> found;
  for (std::size_t at = html.find(kMark); at != std::string::npos;
       at = html.find(kMark, at + kMark.size())) {
    const std::size_t begin = html.rfind('<', at);
    if (begin == std::string::npos) continue;
    const std::size_t end = ElementEnd(html, begin);
    if (end == std::string::npos) continue;
    SourcedElement element;
    element.markup = html.substr(begin, end - begin);
    element.source = AttributeOf(element.markup, "data-q");
    found.push_back(std::move(element));
  }
  return found;
}

Result<PageIdentity> ReadIdentity(const std::string& html) {
  const Error foreign =
      InvalidArgument("this is no page written by `tutti report`: its identity is missing");
  const std::size_t open = html.find(kIdentityOpen);
  if (open == std::string::npos) return foreign;
  const std::size_t begin = open + kIdentityOpen.size();
  const std::size_t end = html.find(kIdentityClose, begin);
  if (end == std::string::npos) return foreign;
  auto json = Json::Parse(html.substr(begin, end - begin));
  if (!json) return json.error().Wrap("the page's identity is damaged");
  PageIdentity identity;
  TUTTI_ASSIGN_OR_RETURN(identity.experiment, json->GetInt("experiment"));
  TUTTI_ASSIGN_OR_RETURN(identity.trial, json->GetInt("trial"));
  TUTTI_ASSIGN_OR_RETURN(identity.version, json->GetString("tutti"));
  const std::size_t digest = html.rfind(kDigestMark);
  identity.unchanged = digest != std::string::npos &&
                       html.substr(digest) == std::string(kDigestMark) +
                                                  Sha256Hex(html.substr(0, digest)) + " -->\n";
  return identity;
}

}  // namespace tutti::report
