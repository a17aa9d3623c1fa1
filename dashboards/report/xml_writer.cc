#include "dashboards/report/xml_writer.h"

#include <utility>

#include "dashboards/report/text.h"
#include "experiments/core/check.h"

namespace tutti::report {

void XmlWriter::Start(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const Attribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    out_ += ' ';
    out_ += attribute.name;
    out_ += "=\"";
    out_ += Escape(attribute.value);
    out_ += '"';
  }
}

void XmlWriter::Open(std::string_view tag, Attributes attributes) {
  Start(tag, attributes);
  out_ += '>';
  open_.emplace_back(tag);
}

void XmlWriter::Close() {
  TUTTI_CHECK(!open_.empty(), "Close() without Open()");
  out_ += "</" + open_.back() + ">";
  open_.pop_back();
}

void XmlWriter::Leaf(std::string_view tag, Attributes attributes, std::string_view text) {
  Start(tag, attributes);
  if (text.empty()) {
    out_ += "/>";
    return;
  }
  out_ += '>';
  out_ += Escape(text);
  out_ += "</";
  out_ += tag;
  out_ += '>';
}

void XmlWriter::Titled(std::string_view tag, Attributes attributes, std::string_view title) {
  if (title.empty()) {
    Leaf(tag, attributes);
    return;
  }
  Open(tag, attributes);
  Leaf("title", {}, title);
  Close();
}

void XmlWriter::Text(std::string_view text) { out_ += Escape(text); }

std::string XmlWriter::Take() {
  TUTTI_CHECK(open_.empty(), open_.empty() ? "" : "not closed: " + open_.back());
  return std::move(out_);
}

}  // namespace tutti::report
