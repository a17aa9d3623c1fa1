#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"

// How the readers of canonical documents read.

namespace tutti {

// Reads fields by dotted path and remembers the first problem, so that the readers below stay
// plain lists of fields.
class DocumentReader {
 public:
  explicit DocumentReader(const Json& document) : document_(document) {}

  const Json* Optional(std::string_view path) const {
    const Json* found = document_.FindPath(path);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  bool Has(std::string_view path) const { return Optional(path) != nullptr; }
  const Json* Required(std::string_view path, bool (Json::*is)() const, std::string_view type) {
    return Typed(Optional(path), path, is, type, true);
  }
  void Read(std::string_view path, std::string& out) {
    if (const Json* json = Required(path, &Json::is_string, "a string")) out = json->AsString();
  }
  void Read(std::string_view path, std::int64_t& out) {
    if (const Json* json = Required(path, &Json::is_int, "an integer")) out = json->AsInt();
  }
  void Read(std::string_view path, double& out) {
    if (const Json* json = Required(path, &Json::is_number, "a number")) out = json->AsDouble();
  }
  void Read(std::string_view path, bool& out) {
    if (const Json* json = Required(path, &Json::is_bool, "a bool")) out = json->AsBool();
  }
  void Read(std::string_view path, std::optional<double>& out) {
    if (const Json* json = Typed(Optional(path), path, &Json::is_number, "a number", false)) {
      out = json->AsDouble();
    }
  }
  void Read(std::string_view path, std::optional<std::int64_t>& out) {
    if (const Json* json = Typed(Optional(path), path, &Json::is_int, "an integer", false)) {
      out = json->AsInt();
    }
  }
  void Read(std::string_view path, std::vector<std::string>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of strings");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_string()) return Fail(path, "expected a list of strings");
      out.push_back((*list)[i].AsString());
    }
  }
  void Read(std::string_view path, std::vector<double>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of numbers");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_number()) return Fail(path, "expected a list of numbers");
      out.push_back((*list)[i].AsDouble());
    }
  }
  void Read(std::string_view path, std::vector<std::int64_t>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of integers");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_int()) return Fail(path, "expected a list of integers");
      out.push_back((*list)[i].AsInt());
    }
  }
  // A field that came with a later version: `out` stays as it is where the document has none.
  template <class T>
  void ReadIf(std::string_view path, T& out) {
    if (Has(path)) Read(path, out);
  }
  void ReadIf(std::string_view path, std::map<std::string, std::string>& out) {
    const Json* map = Typed(Optional(path), path, &Json::is_object, "a map of strings", false);
    if (map == nullptr) return;
    for (const auto& [key, value] : map->AsObject()) {
      if (!value.is_string()) return Fail(path, "expected a map of strings");
      out[key] = value.AsString();
    }
  }
  // A string out of an enum's table.
  template <class E, std::size_t N>
  void Read(std::string_view path, const EnumTable<E, N>& names, E& out) {
    std::string text;
    Read(path, text);
    if (failed()) return;
    if (const auto value = names.Parse(text)) {
      out = *value;
    } else {
      Fail(path, "is '" + text + "', expected " + names.Choices());
    }
  }

  void Fail(std::string_view path, const std::string& what) {
    if (message_.empty()) message_ = "canonical configuration: " + std::string(path) + " " + what;
  }
  bool failed() const { return !message_.empty(); }
  const std::string& message() const { return message_; }

 private:
  const Json* Typed(const Json* found, std::string_view path, bool (Json::*is)() const,
                    std::string_view type, bool required) {
    if (found == nullptr) {
      if (required) Fail(path, "is missing, expected " + std::string(type));
      return nullptr;
    }
    if ((found->*is)()) return found;
    Fail(path, "is " + std::string(found->TypeName()) + ", expected " + std::string(type));
    return nullptr;
  }

  const Json& document_;
  std::string message_;
};

}  // namespace tutti
