#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiments/spec/field_table.h"

// What the parts of the field table are written with.

namespace tutti::spec {

// Each builder returns a field of one kind; the rest is set by name where it is not the usual.
inline Field Make(FieldKind kind, std::string path, std::string doc) {
  Field field;
  field.path = std::move(path);
  field.kind = kind;
  field.doc = std::move(doc);
  return field;
}

struct Range {
  double min = 0;
  double max = 0;
  bool above_min = false;
  bool below_max = false;
};

inline Field Map(std::string path, std::string doc) {
  return Make(FieldKind::kMap, std::move(path), std::move(doc));
}
inline Field Number(FieldKind kind, std::string path, Json value, Range range, std::string doc) {
  Field field = Make(kind, std::move(path), std::move(doc));
  field.default_value = std::move(value);
  field.min = range.min;
  field.max = range.max;
  field.above_min = range.above_min;
  field.below_max = range.below_max;
  return field;
}
inline Field Int(std::string path, Json value, Range range, std::string doc) {
  return Number(FieldKind::kInt, std::move(path), std::move(value), range, std::move(doc));
}
inline Field Float(std::string path, Json value, Range range, std::string doc) {
  return Number(FieldKind::kNumber, std::move(path), std::move(value), range, std::move(doc));
}
inline Field Plain(FieldKind kind, std::string path, Json value, std::string doc) {
  Field field = Make(kind, std::move(path), std::move(doc));
  field.default_value = std::move(value);
  return field;
}
inline Field Enum(std::string path, Json value, std::vector<std::string> choices,
           std::vector<std::string> later, std::string doc) {
  Field field = Plain(FieldKind::kEnum, std::move(path), std::move(value), std::move(doc));
  field.choices = std::move(choices);
  field.later = std::move(later);
  return field;
}

inline Field Required(Field field) {
  field.need = Need::kRequired;
  field.default_value = Json();
  return field;
}
inline Field Optional(Field field) {
  field.need = Need::kOptional;
  field.default_value = Json();
  return field;
}
inline Field Varies(Field field) {
  field.varies = true;
  return field;
}
inline Field Unit(std::string unit, Field field) {
  field.unit = std::move(unit);
  return field;
}
inline Field OnlyIf(std::string path, std::vector<std::string> values, Field field) {
  field.only_if = std::move(path);
  field.only_values = std::move(values);
  return field;
}
inline Field Filled(Field field) {
  field.always_filled = true;
  return field;
}
inline Field OrWord(std::string word, Field field) {
  field.word = std::move(word);
  return field;
}
inline Field ShortFor(std::string sub_field, Field field) {
  field.short_for = std::move(sub_field);
  return field;
}

inline constexpr double kMaxCount = 1e9;
inline constexpr double kMaxSeed = 9007199254740992.0;  // 2^53: exact in every JSON reader
// The parts, in the order of the table.
void AddData(std::vector<Field>& t);
void AddTraining(std::vector<Field>& t);
void AddSearch(std::vector<Field>& t);

}  // namespace tutti::spec
