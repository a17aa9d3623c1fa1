#include "experiments/spec/position.h"

#include <algorithm>

#include "experiments/core/suggest.h"

namespace tutti::spec {

Position PositionOf(const Node& root, std::string_view path) {
  Position at = root.at;
  const Node* node = &root;
  while (!path.empty()) {
    const std::size_t end = path.find_first_of(".[");
    const auto found = std::find_if(
        node->members.begin(), node->members.end(),
        [&](const Node::Member& member) { return member.key == path.substr(0, end); });
    if (found == node->members.end()) break;
    node = &found->value;
    at = node->kind == Node::Kind::kMap ? found->key_at : node->at;
    if (end == std::string_view::npos) break;
    const bool indexed = path[end] == '[';
    path.remove_prefix(end + 1);
    if (!indexed) continue;
    std::size_t index = 0;
    for (; !path.empty() && path.front() != ']'; path.remove_prefix(1)) {
      index = index * 10 + static_cast<std::size_t>(path.front() - '0');
    }
    if (index >= node->items.size()) break;
    node = &node->items[index];
    at = node->at;
    path.remove_prefix(std::min<std::size_t>(path.size(), 2));  // "]."
  }
  return at;
}

std::string JoinPath(std::string_view base, std::string_view path) {
  std::string whole(path);
  if (!path.starts_with('/')) {
    if (base.empty()) return whole;
    whole = std::string(base) + "/" + whole;
  }
  std::vector<std::string_view> parts;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  std::string joined;
  for (const std::string_view part : parts) joined += "/" + std::string(part);
  return joined.empty() ? "/" : joined;
}

std::string Suggestion(std::string_view text, const std::vector<std::string>& names) {
  const std::string closest = ClosestName(text, names);
  return closest.empty() ? "" : "; did you mean '" + closest + "'?";
}

}  // namespace tutti::spec
