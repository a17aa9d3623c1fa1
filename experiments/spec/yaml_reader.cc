#include "experiments/spec/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace tutti::spec {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 100'000;

// Leaves yaml-cpp's parser after something was reported that makes reading on useless; never
// leaves this file.
struct Stopped {};

struct Problem {
  Position at;
  std::string message;
};

// Builds a Node from the parser's events. A map's events alternate between keys and values.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::vector<std::string>& lines, std::int32_t source)
      : lines_(lines), source_(source) {}

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = At(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    CheckAnchor(mark, anchor);
    if (ExpectsKey()) {
      Fail(At(mark), "a key cannot be null; write it in quotes if it is a name");
      return PushBadKey();
    }
    Node node;
    node.at = At(mark);
    // An absent value has the position of whatever follows; that of its key says more.
    if (!open_.empty() && open_.back().node.kind == Node::Kind::kMap && IsAbsent(mark)) {
      node.at = open_.back().key_at;
    }
    Add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Fail(At(mark), "aliases (*name) are not allowed; write the value out");
    if (ExpectsKey()) return PushBadKey();
    Node node;
    node.at = At(mark);
    Add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckAnchor(mark, anchor);
    const bool plain = tag == "?" || tag.empty();
    const bool tagged = !plain && tag != "!";
    if (tagged) TagError(mark, tag);
    if (!plain && !tagged) CheckClosed(mark);
    if (ExpectsKey()) {
      if (plain && value == "<<") {
        Fail(At(mark), "merge keys (<<) are not allowed; write the fields out");
        return PushBadKey();
      }
      return PushKey(value, At(mark));
    }
    Node node;
    node.at = At(mark);
    // A tagged value is reported once; reading it as plain avoids a second message.
    node.scalar = plain || tagged ? PlainScalar(value) : Json(value);
    Add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, Node::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

  bool has_root() const { return has_root_; }
  Node TakeRoot() { return std::move(root_); }
  Position start() const { return start_; }
  void NextDocument() { has_root_ = false; }
  // Not reported at once: a syntax error may make nonsense of what came before it.
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  struct OpenNode {
    Node node;
    bool is_key = false;  // a map or list that stands where a key should: reported and dropped
    bool has_key = false;
    bool drop_value = false;  // the key was reported: a duplicate, or no name
    std::string key;
    Position key_at;
  };

  void Fail(Position at, std::string message) { problems_.push_back({at, std::move(message)}); }

  // yaml-cpp counts bytes from 0; people count characters from 1.
  Position At(const YAML::Mark& mark) const {
    Position at{source_, mark.line + 1, mark.column + 1};
    const auto index = static_cast<std::size_t>(std::max(mark.line, 0));
    if (index >= lines_.size()) return at;
    const std::string_view before =
        std::string_view(lines_[index]).substr(0, static_cast<std::size_t>(std::max(
                                                      mark.column, 0)));
    at.column -= static_cast<std::int32_t>(std::count_if(before.begin(), before.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    }));
    return at;
  }

  bool IsAbsent(const YAML::Mark& mark) const {
    const auto index = static_cast<std::size_t>(std::max(mark.line, 0));
    if (index >= lines_.size()) return true;
    const std::string_view line = lines_[index];
    const auto column = static_cast<std::size_t>(std::max(mark.column, 0));
    if (column >= line.size()) return true;
    return line[column] != '~' && line[column] != 'n' && line[column] != 'N';
  }

  bool ExpectsKey() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::kMap && !open_.back().has_key;
  }

  void PushBadKey() {
    open_.back().has_key = true;
    open_.back().drop_value = true;
  }

  void PushKey(std::string key, Position at) {
    OpenNode& map = open_.back();
    map.has_key = true;
    map.drop_value = map.node.Find(key) != nullptr;
    if (map.drop_value) {
      const auto first = std::find_if(map.node.members.begin(), map.node.members.end(),
                                      [&](const Node::Member& m) { return m.key == key; });
      Fail(at, "duplicate key '" + key + "'; it is already in line " +
                                std::to_string(first->key_at.line));
    }
    map.key = std::move(key);
    map.key_at = at;
  }

  void Add(Node node) {
    Count(node.at);
    if (open_.empty()) {
      root_ = std::move(node);
      has_root_ = true;
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == Node::Kind::kList) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (!parent.drop_value) {
      parent.node.members.push_back({std::move(parent.key), parent.key_at, std::move(node)});
    }
    parent.has_key = false;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    CheckAnchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) TagError(mark, tag);
    if (open_.size() >= kMaxDepth) {
      Fail(At(mark), "nested deeper than " + std::to_string(kMaxDepth) + " levels");
      throw Stopped{};
    }
    OpenNode open;
    open.node.kind = kind;
    open.node.at = At(mark);
    open.is_key = ExpectsKey();
    if (open.is_key) Fail(At(mark), "a key must be a name, not a map or list");
    open_.push_back(std::move(open));
  }

  void Close() {
    OpenNode closed = std::move(open_.back());
    open_.pop_back();
    if (closed.is_key) return PushBadKey();
    Add(std::move(closed.node));
  }

  void Count(Position at) {
    if (++nodes_ <= kMaxNodes) return;
    Fail(at, "more than " + std::to_string(kMaxNodes) + " values in one file");
    throw Stopped{};
  }

  // yaml-cpp takes the end of the file for a missing closing quote.
  void CheckClosed(const YAML::Mark& mark) {
    auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    auto i = static_cast<std::size_t>(std::max(mark.column, 0));
    if (line >= lines_.size() || i >= lines_[line].size()) return;
    const char quote = lines_[line][i];
    if (quote != '"' && quote != '\'') return;  // a block scalar
    for (++i; line < lines_.size(); ++line, i = 0) {
      for (; i < lines_[line].size(); ++i) {
        if (quote == '"' && lines_[line][i] == '\\') {
          ++i;
        } else if (lines_[line][i] == quote) {
          return;  // '' inside a '-quoted text is found again by the parser
        }
      }
    }
    Fail(At(mark), "YAML syntax: the quote is never closed");
    throw Stopped{};
  }

  void CheckAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    Fail(At(mark), "anchors (&name) are not allowed; write the value out");
  }

  void TagError(const YAML::Mark& mark, const std::string& tag) {
    Fail(At(mark), "tags (" + tag + ") are not allowed");
  }

  const std::vector<std::string>& lines_;
  std::int32_t source_;
  std::vector<Problem> problems_;
  std::vector<OpenNode> open_;
  Node root_;
  bool has_root_ = false;
  Position start_;
  std::size_t nodes_ = 0;
};

// Length of the UTF-8 sequence at the front of `text`, 0 if it is broken or a control character
// that YAML does not allow.
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 ? (first != 0x7F) : (first == '\t' || first == '\n' || first == '\r');
  }
  const std::size_t length = first >= 0xF5 ? 0 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3
                             : first >= 0xC2 ? 2 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

// Reports the first character that is no text; yaml-cpp would replace or accept it silently.
bool IsText(const std::vector<std::string>& lines, std::int32_t source, Report& report) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view rest = lines[i];
    for (std::int32_t column = 1; !rest.empty(); ++column) {
      const std::size_t length = CharacterLength(rest);
      if (length == 0) {
        report.Error({source, static_cast<std::int32_t>(i + 1), column}, "",
                     "not text: broken UTF-8 or a control character");
        return false;
      }
      rest.remove_prefix(length);
    }
  }
  return true;
}

// yaml-cpp's words are those of its author's state machine; the frequent ones get better ones.
void ReportSyntax(const YAML::Exception& error, const std::vector<std::string>& lines,
                  std::int32_t source, Report& report) {
  Position at{source, std::max(error.mark.line, 0) + 1, std::max(error.mark.column, 0) + 1};
  std::string message = error.msg;
  if (message == "end of map not found" || message == "end of sequence not found") {
    message += "; the indentation of this line fits nothing above it";
  } else if (message == "end of map flow not found") {
    message = "a '{' above is not closed by '}' or needs a comma before this";
  } else if (message == "end of sequence flow not found") {
    message = "a '[' above is not closed by ']' or needs a comma before this";
  }
  const auto index = static_cast<std::size_t>(at.line - 1);
  const std::size_t text =
      index < lines.size() ? lines[index].find_first_not_of(" \t") : std::string::npos;
  const std::size_t tab = index < lines.size() ? lines[index].find('\t') : std::string::npos;
  if (tab != std::string::npos && tab < text) {
    at.column = static_cast<std::int32_t>(tab) + 1;
    message = "a tab in the indentation; use spaces";
  }
  report.Error(at, "", "YAML syntax: " + message);
}

bool IsDocumentMarker(const std::string& line) {
  return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t');
}

// The lines of each document: `---` at the start of a line always begins one. What stands before
// the first marker (comments) belongs to the first document.
void FindSlices(const std::vector<std::string>& lines, std::vector<YamlDocument>& documents) {
  for (std::size_t i = 0; i < documents.size(); ++i) {
    int line = documents[i].first_line;
    while (line > 1 && !IsDocumentMarker(lines[static_cast<std::size_t>(line - 1)])) --line;
    documents[i].first_line = i == 0 ? 1 : line;
  }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    documents[i].last_line = i + 1 < documents.size() ? documents[i + 1].first_line - 1
                                                      : static_cast<int>(lines.size());
  }
}

}  // namespace

std::vector<YamlDocument> ReadYaml(std::string_view text, std::int32_t source, Report& report) {
  if (text.size() > kMaxBytes) {
    report.Error({source, 1, 1}, "", "the file has " + std::to_string(text.size()) +
                                         " bytes; at most 1 MiB is read");
    return {};
  }
  const std::vector<std::string> lines = SplitLines(text);
  if (!IsText(lines, source, report)) return {};
  std::vector<YamlDocument> documents;
  TreeBuilder builder(lines, source);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      if (!builder.has_root()) continue;
      Node root = builder.TakeRoot();
      builder.NextDocument();
      if (root.is_null()) continue;
      documents.push_back({std::move(root), builder.start().line, 0});
      documents.back().first_line = documents.back().root.at.line;
    }
  } catch (const YAML::Exception& error) {
    ReportSyntax(error, lines, source, report);
    return {};
  } catch (const Stopped&) {
    report.Error(builder.problems().back().at, "", builder.problems().back().message);
    return {};
  }
  for (const Problem& problem : builder.problems()) report.Error(problem.at, "", problem.message);
  FindSlices(lines, documents);
  return documents;
}

}  // namespace tutti::spec
