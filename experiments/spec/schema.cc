#include <cmath>

#include "experiments/models/graph.h"
#include "experiments/spec/field_table.h"
#include "experiments/spec/search_spaces.h"
#include "experiments/spec/spec.h"

// JSON Schema (draft 2020-12) from the field table.

namespace tutti::spec {
namespace {

Json TypeSchema(const char* type) { return Json::MakeObject({{"type", type}}); }

Json StringList(const std::vector<std::string>& names) {
  Json list = Json::MakeArray();
  for (const std::string& name : names) list.Append(name);
  return list;
}

Json NumberSchema(const Field& field, const char* type) {
  Json schema = TypeSchema(type);
  if (std::isfinite(field.min)) schema.Set(field.above_min ? "exclusiveMinimum" : "minimum",
                                           field.min);
  if (std::isfinite(field.max)) schema.Set(field.below_max ? "exclusiveMaximum" : "maximum",
                                           field.max);
  return schema;
}

Json ListSchema(Json items) {
  Json schema = TypeSchema("array");
  schema.Set("items", std::move(items));
  return schema;
}

Json ChoiceSchema(const Field& field) {
  return Json::MakeObject({{"enum", StringList(field.choices)}});
}

Json ModelSchema() {
  Json forms = Json::MakeArray();
  for (const Preset& preset : Presets()) {
    Json properties =
        Json::MakeObject({{"preset", Json::MakeObject({{"const", preset.name}})}});
    for (const PresetParameter& parameter : preset.parameters) {
      Json schema = TypeSchema(parameter.default_value.is_int() ? "integer" : "number");
      schema.Set("minimum", parameter.minval);
      schema.Set("maximum", parameter.maxval);
      schema.Set("default", parameter.default_value);
      schema.Set("description", parameter.doc);
      properties.Set(parameter.name, std::move(schema));
    }
    forms.Append(Json::MakeObject({{"type", "object"},
                                   {"description", preset.doc},
                                   {"properties", std::move(properties)},
                                   {"required", Json::MakeArray({"preset"})},
                                   {"additionalProperties", false}}));
  }
  Json layers = ListSchema(Json::MakeObject({{"type", Json::MakeArray({"string", "object"})}}));
  layers.Set("minItems", 1);
  forms.Append(Json::MakeObject({{"type", "object"},
                                 {"properties", Json::MakeObject({{"layers", std::move(layers)}})},
                                 {"required", Json::MakeArray({"layers"})},
                                 {"additionalProperties", false}}));
  return Json::MakeObject({{"oneOf", std::move(forms)}});
}

// A value, a space of some type, or a group of both.
Json SpacesSchema() {
  Json forms = Json::MakeArray();
  for (const SpaceTypeInfo& info : SpaceTypes()) {
    Json properties = Json::MakeObject(
        {{"type", Json::MakeObject({{"const", kSpaceTypeNames.Name(info.type)}})}});
    for (const auto* keys : {&info.required, &info.optional}) {
      for (const SpaceKey& key : *keys) {
        properties.Set(key.name, Json::MakeObject({{"description", key.doc}}));
      }
    }
    if (info.type == SpaceType::kLogUniform) {
      for (const char* name : {"min", "max"}) properties.Set(name, TypeSchema("number"));
    }
    forms.Append(Json::MakeObject({{"type", "object"},
                                   {"description", info.doc},
                                   {"properties", std::move(properties)},
                                   {"required", Json::MakeArray({"type"})},
                                   {"additionalProperties", false}}));
  }
  forms.Append(Json::MakeObject(
      {{"type", "object"},
       {"not", Json::MakeObject({{"required", Json::MakeArray({"type"})}})},
       {"additionalProperties", Json::MakeObject({{"$ref", "#/$defs/space"}})}}));
  forms.Append(Json::MakeObject(
      {{"type", Json::MakeArray({"number", "string", "boolean", "array", "null"})}}));
  return Json::MakeObject({{"anyOf", std::move(forms)}});
}

Json MapSchema(const std::string& path);

Json ItemsSchema(const Field& field) {
  Json item = MapSchema(field.path);
  if (field.short_for.empty()) return ListSchema(std::move(item));
  return ListSchema(
      Json::MakeObject({{"anyOf", Json::MakeArray({std::move(item), TypeSchema("string")})}}));
}

Json ValueSchema(const Field& field) {
  switch (field.kind) {
    case FieldKind::kMap: return MapSchema(field.path);
    case FieldKind::kString:
    case FieldKind::kPath: return TypeSchema("string");
    case FieldKind::kInt: return NumberSchema(field, "integer");
    case FieldKind::kNumber: return NumberSchema(field, "number");
    case FieldKind::kBool: return TypeSchema("boolean");
    case FieldKind::kEnum:
      if (!field.open) return ChoiceSchema(field);
      return Json::MakeObject({{"type", "string"}, {"examples", StringList(field.choices)}});
    case FieldKind::kEnumList: return ListSchema(ChoiceSchema(field));
    case FieldKind::kIntList: return ListSchema(NumberSchema(field, "integer"));
    case FieldKind::kNumberList: return ListSchema(NumberSchema(field, "number"));
    case FieldKind::kStringList: return ListSchema(TypeSchema("string"));
    case FieldKind::kTextMap:
      return Json::MakeObject({{"type", "object"}, {"additionalProperties", TypeSchema("string")}});
    case FieldKind::kAnyMap: return TypeSchema("object");
    case FieldKind::kItems: return ItemsSchema(field);
    case FieldKind::kCommand: {
      Json list = ListSchema(TypeSchema("string"));
      list.Set("minItems", 1);
      return Json::MakeObject(
          {{"anyOf", Json::MakeArray({std::move(list), TypeSchema("string")})}});
    }
    case FieldKind::kParts: {
      Json schema = ListSchema(MapSchema(field.path));
      schema.Set("minItems", 1);
      return schema;
    }
    case FieldKind::kPartOptions:
      return Json::MakeObject({{"$ref", "#/properties/data/properties/options"}});
    case FieldKind::kTwoNumbers: {
      Json schema = ListSchema(NumberSchema(field, "number"));
      schema.Set("minItems", 2);
      schema.Set("maxItems", 2);
      return schema;
    }
    case FieldKind::kModel: return ModelSchema();
    case FieldKind::kSpaces:
      return Json::MakeObject({{"type", "object"},
                               {"additionalProperties",
                                Json::MakeObject({{"$ref", "#/$defs/space"}})}});
  }
  return {};
}

// The value, one of its short forms, or null for the default.
Json FieldSchema(const Field& field) {
  Json forms = Json::MakeArray({ValueSchema(field)});
  if (!field.word.empty()) forms.Append(Json::MakeObject({{"const", field.word}}));
  if (!field.short_for.empty() && field.kind == FieldKind::kMap) {
    const FieldKind kind = FindField(field.path + "." + field.short_for)->kind;
    forms.Append(TypeSchema(kind == FieldKind::kInt      ? "integer"
                            : kind == FieldKind::kNumber ? "number"
                                                         : "string"));
  }
  if (field.need != Need::kRequired) forms.Append(TypeSchema("null"));
  Json schema = forms.size() == 1 ? forms[0] : Json::MakeObject({{"anyOf", std::move(forms)}});
  std::string doc = field.doc;
  if (!field.unit.empty()) doc += " Unit: " + field.unit + ".";
  schema.Set("description", doc);
  if (!field.default_value.is_null()) schema.Set("default", field.default_value);
  return schema;
}

Json MapSchema(const std::string& path) {
  Json properties = Json::MakeObject();
  Json required = Json::MakeArray();
  for (const Field* field : SubFields(path)) {
    const std::string name(field->name());
    Json value = FieldSchema(*field);
    if (const Json* other = properties.Find(name)) {
      // A path that is another field with another data set.
      value = Json::MakeObject({{"anyOf", Json::MakeArray({*other, value})},
                                {"description", (*other)["description"].AsString() + " / " +
                                                    value["description"].AsString()}});
    }
    properties.Set(name, std::move(value));
    // What the search space or the searcher may give instead is not required of the text.
    const bool always = field->only_if.empty() && field->trainer == Trainer::kAny;
    if (field->need == Need::kRequired && !field->varies && always) {
      required.Append(std::string(field->name()));
    }
  }
  Json schema = TypeSchema("object");
  schema.Set("properties", std::move(properties));
  if (required.size() > 0) schema.Set("required", std::move(required));
  // Sections of Determined that are accepted with a warning stand at the top.
  schema.Set("additionalProperties", path.empty());
  return schema;
}

}  // namespace

Json JsonSchema() {
  Json schema = Json::MakeObject({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                                  {"title", "Tutti experiment"}});
  const Json root = MapSchema("");
  for (const auto& [key, value] : root.AsObject()) schema.Set(key, value);
  schema.Set("$defs", Json::MakeObject({{"space", SpacesSchema()}}));
  return schema;
}

}  // namespace tutti::spec
