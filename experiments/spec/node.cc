#include "experiments/spec/node.h"

#include <algorithm>
#include <utility>

namespace tutti::spec {

std::string_view Node::TypeName() const {
  if (kind == Kind::kMap) return "a map";
  if (kind == Kind::kList) return "a list";
  return scalar.TypeName();
}

std::string Node::Text() const {
  constexpr std::size_t kLongest = 40;
  std::string text;
  if (kind != Kind::kScalar) {
    text = JsonFromNode(*this).Dump();
  } else if (scalar.is_string()) {
    text = "'" + scalar.AsString() + "'";
  } else {
    text = scalar.is_double() ? FormatDouble(scalar.AsDouble()) : scalar.Dump();
  }
  if (text.size() > kLongest) {
    std::size_t cut = kLongest - 3;
    // Never inside a UTF-8 sequence.
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text = text.substr(0, cut) + "...";
  }
  return text;
}

const Node* Node::Find(std::string_view key) const {
  if (kind != Kind::kMap) return nullptr;
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Node* Node::Find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).Find(key));  // the tree itself is not const here
}

bool Node::Erase(std::string_view key) {
  return std::erase_if(members, [&](const Member& member) { return member.key == key; }) > 0;
}

Node& Node::Set(std::string key, Position key_at, Node value) {
  if (Node* found = Find(key)) {
    *found = std::move(value);
    return *found;
  }
  members.push_back({std::move(key), key_at, std::move(value)});
  return members.back().value;
}

const Node* Node::FindPath(std::string_view dotted) const {
  if (const Node* whole = Find(dotted)) return whole;
  for (std::size_t dot = dotted.find('.'); dot != std::string_view::npos;
       dot = dotted.find('.', dot + 1)) {
    const Node* child = Find(dotted.substr(0, dot));
    if (child == nullptr) continue;
    if (const Node* found = child->FindPath(dotted.substr(dot + 1))) return found;
  }
  return nullptr;
}

Node* Node::FindPath(std::string_view dotted) {
  return const_cast<Node*>(std::as_const(*this).FindPath(dotted));  // as in Find
}

void Node::SetPath(std::string_view dotted, Node value) {
  if (kind != Kind::kMap) {
    kind = Kind::kMap;
    scalar = Json();
    items.clear();
    members.clear();
  }
  const Position at_value = value.at;
  if (Node* whole = Find(dotted)) {
    *whole = std::move(value);
    return;
  }
  const std::size_t dot = dotted.find('.');
  if (dot == std::string_view::npos) {
    Set(std::string(dotted), at_value, std::move(value));
    return;
  }
  const std::string head(dotted.substr(0, dot));
  Node* child = Find(head);
  if (child == nullptr) {
    Node map;
    map.kind = Kind::kMap;
    map.at = at_value;
    child = &Set(head, at_value, std::move(map));
  }
  child->SetPath(dotted.substr(dot + 1), std::move(value));
}

Node NodeFromJson(const Json& json, Position at) {
  Node node;
  node.at = at;
  if (json.is_object()) {
    node.kind = Node::Kind::kMap;
    for (const auto& [key, value] : json.AsObject()) {
      node.members.push_back({key, at, NodeFromJson(value, at)});
    }
  } else if (json.is_array()) {
    node.kind = Node::Kind::kList;
    for (const Json& item : json.AsArray()) node.items.push_back(NodeFromJson(item, at));
  } else {
    node.scalar = json;
  }
  return node;
}

Json JsonFromNode(const Node& node) {
  if (node.kind == Node::Kind::kMap) {
    Json object = Json::MakeObject();
    for (const Node::Member& member : node.members) {
      object.Set(member.key, JsonFromNode(member.value));
    }
    return object;
  }
  if (node.kind == Node::Kind::kList) {
    Json array = Json::MakeArray();
    for (const Node& item : node.items) array.Append(JsonFromNode(item));
    return array;
  }
  return node.scalar;
}

}  // namespace tutti::spec
