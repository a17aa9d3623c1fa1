#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Two archives with the same calls, so that one list of fields per struct (snapshot.cc) serves for
// writing and for reading and the two cannot drift apart:
//
//   template <class A> void Fields(A& a, Like<Node> auto& node) { a("id", node.id); … }
//
// A field that came with engine version n is listed with a.Since(n, …): in an older snapshot it is
// missing and keeps its default.

namespace tutti::engine {

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

// Structs have a Fields overload and are written as objects; everything else has Put and Take.
class SnapshotWriter {
 public:
  template <class T>
  void operator()(std::string_view key, const T& value) {
    json_.Set(std::string(key), Put(value));
  }
  template <class E, std::size_t N>
  void operator()(std::string_view key, const EnumTable<E, N>& names, const E& value) {
    json_.Set(std::string(key), names.Name(value));
  }
  template <class T>
  void Since(std::int64_t, std::string_view key, const T& value) {
    (*this)(key, value);
  }
  Json Take() { return std::move(json_); }

 private:
  template <class T>
  static Json Put(const T& value) {
    SnapshotWriter writer;
    Fields(writer, value);
    return writer.Take();
  }
  static Json Put(const bool& value) { return value; }
  static Json Put(const std::int64_t& value) { return value; }
  static Json Put(const std::uint64_t& value) { return static_cast<std::int64_t>(value); }
  static Json Put(const double& value) { return value; }
  static Json Put(const std::string& value) { return value; }
  static Json Put(const Json& value) { return value; }
  template <class Tag>
  static Json Put(const Id<Tag>& id) {
    return id.value;
  }
  template <class T>
  static Json Put(const std::optional<T>& value) {
    return value ? Put(*value) : Json();
  }
  template <class T>
  static Json Put(const std::vector<T>& list) {
    return List(list, [](const T& item) { return Put(item); });
  }
  template <class T>
  static Json Put(const std::set<T>& list) {
    return List(list, [](const T& item) { return Put(item); });
  }
  template <class K, class V>
  static Json Put(const std::map<K, V>& map) {
    return List(map, [](const std::pair<const K, V>& entry) {
      return Json::MakeArray({Put(entry.first), Put(entry.second)});
    });
  }
  template <class Range, class Function>
  static Json List(const Range& range, Function put) {
    Json json = Json::MakeArray();
    for (const auto& item : range) json.Append(put(item));
    return json;
  }

  Json json_ = Json::MakeObject();
};

// Keeps the first error; values after it are not meaningful.
class SnapshotReader {
 public:
  // version: of the engine that wrote it.
  SnapshotReader(const Json& json, std::int64_t version) : json_(json), version_(version) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (const Json* member = Member(key)) Check(key, Take(*member, value));
  }
  template <class E, std::size_t N>
  void operator()(std::string_view key, const EnumTable<E, N>& names, E& value) {
    const Json* member = Member(key);
    if (member == nullptr) return;
    const std::optional<E> parsed =
        member->is_string() ? names.Parse(member->AsString()) : std::nullopt;
    if (parsed) {
      value = *parsed;
    } else {
      Check(key, DataLoss("is " + member->Dump() + ", must be " + names.Choices()));
    }
  }
  template <class T>
  void Since(std::int64_t version, std::string_view key, T& value) {
    if (version_ >= version) (*this)(key, value);
  }
  Status status() const { return error_ ? Status(*error_) : Status(Ok{}); }

 private:
  const Json* Member(std::string_view key) {
    const Json* member = json_.Find(key);
    if (member == nullptr) Check(key, DataLoss("is missing"));
    return member;
  }
  void Check(std::string_view key, const Status& status) {
    if (!status.ok() && !error_) error_ = status.error().Wrap(std::string(key));
  }
  static Error Wrong(const Json& json, std::string_view expected) {
    return DataLoss("is " + std::string(json.TypeName()) + ", must be " + std::string(expected));
  }

  template <class T>
  Status Take(const Json& json, T& value) {
    if (!json.is_object()) return Wrong(json, "a map");
    SnapshotReader reader(json, version_);
    Fields(reader, value);
    return reader.status();
  }
  Status Take(const Json& json, bool& value) {
    if (!json.is_bool()) return Wrong(json, "a bool");
    value = json.AsBool();
    return Ok{};
  }
  Status Take(const Json& json, std::int64_t& value) {
    if (!json.is_int()) return Wrong(json, "an integer");
    value = json.AsInt();
    return Ok{};
  }
  Status Take(const Json& json, std::uint64_t& value) {
    if (!json.is_int()) return Wrong(json, "an integer");
    value = static_cast<std::uint64_t>(json.AsInt());
    return Ok{};
  }
  Status Take(const Json& json, double& value) {
    TUTTI_ASSIGN_OR_RETURN(value, Json::MakeObject({{"value", json}}).GetDouble("value"));
    return Ok{};
  }
  Status Take(const Json& json, std::string& value) {
    if (!json.is_string()) return Wrong(json, "a string");
    value = json.AsString();
    return Ok{};
  }
  Status Take(const Json& json, Json& value) {
    value = json;
    return Ok{};
  }
  template <class Tag>
  Status Take(const Json& json, Id<Tag>& id) {
    return Take(json, id.value);
  }
  template <class T>
  Status Take(const Json& json, std::optional<T>& value) {
    if (json.is_null()) return Ok{};
    return Take(json, value.emplace());
  }
  template <class T>
  Status Take(const Json& json, std::vector<T>& list) {
    if (!json.is_array()) return Wrong(json, "a list");
    for (const Json& item : json.AsArray()) TUTTI_RETURN_IF_ERROR(Take(item, list.emplace_back()));
    return Ok{};
  }
  template <class T>
  Status Take(const Json& json, std::set<T>& list) {
    if (!json.is_array()) return Wrong(json, "a list");
    for (const Json& item : json.AsArray()) {
      T value;
      TUTTI_RETURN_IF_ERROR(Take(item, value));
      list.insert(std::move(value));
    }
    return Ok{};
  }
  template <class K, class V>
  Status Take(const Json& json, std::map<K, V>& map) {
    if (!json.is_array()) return Wrong(json, "a list");
    for (const Json& item : json.AsArray()) {
      if (!item.is_array() || item.size() != 2) return Wrong(item, "a pair");
      K key{};
      TUTTI_RETURN_IF_ERROR(Take(item[0], key));
      TUTTI_RETURN_IF_ERROR(Take(item[1], map[key]));
    }
    return Ok{};
  }

  const Json& json_;
  std::int64_t version_;
  std::optional<Error> error_;
};

}  // namespace tutti::engine
