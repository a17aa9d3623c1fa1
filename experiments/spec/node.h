#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"

// A document as a tree that knows where each value stands. Made from YAML (yaml_reader.h) or from
// JSON (NodeFromJson), changed by overrides and search spaces, read by the checks.

namespace tutti::spec {

struct Position {
  std::int32_t source = 0;  // index into Sources; 0 = the file or JSON document itself
  std::int32_t line = 0;    // from 1; 0 = none
  std::int32_t column = 0;  // from 1, in characters
};

struct Node {
  enum class Kind { kScalar, kList, kMap };
  struct Member;

  Kind kind = Kind::kScalar;
  Position at;
  Json scalar;                // kScalar: null, bool, integer, number or string
  std::vector<Node> items;    // kList
  std::vector<Member> members;  // kMap, in file order, keys unique

  bool is_null() const { return kind == Kind::kScalar && scalar.is_null(); }
  // "a map", "a list", "a string", …: for messages.
  std::string_view TypeName() const;
  // The value as the user sees it, cut to a short line: for messages.
  std::string Text() const;

  const Node* Find(std::string_view key) const;
  Node* Find(std::string_view key);
  bool Erase(std::string_view key);
  // Inserts or replaces.
  Node& Set(std::string key, Position key_at, Node value);

  // Dotted paths. At every level a key that itself holds dots is found too ("training.batch_size"
  // below hyperparameters). nullptr where a part is missing.
  const Node* FindPath(std::string_view dotted) const;
  Node* FindPath(std::string_view dotted);
  // Creates maps on the way and replaces values that stand in it.
  void SetPath(std::string_view dotted, Node value);
};

struct Node::Member {
  std::string key;
  Position key_at;
  Node value;
};

Node NodeFromJson(const Json& json, Position at = {});
Json JsonFromNode(const Node& node);

}  // namespace tutti::spec
