#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// Well-formed XML (and the HTML that is XML too), one element after the other. Names are ours;
// values and text may be anything and are escaped.

namespace tutti::report {

struct Attribute {
  std::string_view name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

class XmlWriter {
 public:
  // <tag name="value" …>; attributes with an empty value are left out.
  void Open(std::string_view tag, Attributes attributes = {});
  void Close();
  // <tag …>text</tag>, or <tag …/> if there is no text.
  void Leaf(std::string_view tag, Attributes attributes, std::string_view text = {});
  // A drawn thing with a tooltip: <tag …><title>title</title></tag>.
  void Titled(std::string_view tag, Attributes attributes, std::string_view title);
  void Text(std::string_view text);
  // REQUIRES: well-formed itself.
  void Raw(std::string_view markup) { out_ += markup; }

  // REQUIRES: every element is closed.
  std::string Take();

 private:
  void Start(std::string_view tag, Attributes attributes);
  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace tutti::report
