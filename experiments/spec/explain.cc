#include <algorithm>

#include "experiments/core/suggest.h"
#include "experiments/models/graph.h"
#include "experiments/models/layer_item.h"
#include "experiments/spec/field_table.h"
#include "experiments/spec/search_spaces.h"
#include "experiments/spec/searcher_kinds.h"
#include "experiments/spec/shape.h"
#include "experiments/spec/spec.h"

namespace tutti::spec {
namespace {

// " (name: cosine or plateau)": when a sub-field applies.
std::string OnlyText(const Field& field) {
  if (field.only_if.empty()) return "";
  std::string text;
  for (const std::string& value : field.only_values) text += (text.empty() ? "" : " or ") + value;
  return " (" + std::string(FindField(field.only_if)->name()) + ": " + text + ")";
}

void AddSubFields(std::string_view path, std::string& text) {
  const std::vector<const Field*> fields = SubFields(path);
  if (fields.empty()) return;
  std::size_t width = 0;
  for (const Field* field : fields) width = std::max(width, field->name().size());
  text += path.empty() ? "Sections and fields of an experiment file:\n" : "\nFields:\n";
  for (const Field* field : fields) {
    std::string name(field->name());
    name.resize(width + 2, ' ');
    text += "  " + name + field->doc + OnlyText(*field) + "\n";
  }
}

std::string DefaultText(const Field& field) {
  switch (field.need) {
    case Need::kRequired: return "required";
    case Need::kOptional: return "none";
    case Need::kDefault:
      if (field.kind == FieldKind::kMap && field.default_value.is_null()) return "of its fields";
      return field.default_value.Dump();
  }
  return "";
}

void AddFieldText(const Field& field, std::string& text) {
  text += "  " + field.doc + "\n\n";
  text += "  type:    " + Expectation(field) + "\n";
  text += "  default: " + DefaultText(field) + "\n";
  if (!field.unit.empty()) text += "  unit:    " + field.unit + "\n";
  if (!field.short_for.empty()) {
    text += "  short:   a bare value stands for {" + field.short_for + ": value}\n";
  }
  if (!field.only_if.empty()) {
    std::string values;
    for (const std::string& value : field.only_values) {
      values += (values.empty() ? "" : " or ") + value;
    }
    text += "  applies: only if " + field.only_if + " is " + values + "\n";
  }
  if (field.varies) text += "  may be varied by hyperparameters\n";
}

void AddModelText(std::string& text) {
  text += "\nPresets:\n";
  for (const Preset& preset : Presets()) {
    text += "  " + preset.name + "  " + preset.doc + "\n";
    for (const PresetParameter& parameter : preset.parameters) {
      text += "    " + parameter.name + " = " + parameter.default_value.Dump() + "  " +
              parameter.doc + "\n";
    }
  }
}

void AddLayersText(std::string& text) {
  text += "\nLayers (a lone value is the first parameter; `name: features` may be given to any):\n";
  for (const std::string& kind : LayerKinds()) text += "  " + LayerKindSignature(kind) + "\n";
}

void AddSpacesText(std::string& text) {
  text += "\nSearch spaces (a bare value is const):\n";
  for (const SpaceTypeInfo& info : SpaceTypes()) {
    text += "  {type: " + std::string(kSpaceTypeNames.Name(info.type));
    for (const SpaceKey& key : info.required) text += ", " + key.name + ": ...";
    for (const SpaceKey& key : info.optional) text += ", [" + key.name + ": ...]";
    text += "}\n      " + info.doc + "\n";
  }
}

}  // namespace

Result<std::string> Explain(std::string_view path) {
  std::string text;
  if (path.empty()) {
    AddSubFields("", text);
    return text;
  }
  for (const Alias& alias : HyperparameterAliases()) {
    if (alias.name == path) path = alias.path;
  }
  const Field* field = FindField(path);
  if (field == nullptr) {
    const std::string name(path);
    if (const ForeignField* foreign = FindForeignField(path)) {
      return NotFound("field '" + name + "' " + foreign->reason);
    }
    std::vector<std::string> names;
    for (const Field& known : Fields()) names.push_back(known.path);
    std::string suggestion = Suggestion(path, names);
    // "lr" is far from "training.optimizer.lr", but it is what people type.
    for (const Field& known : Fields()) {
      if (suggestion.empty() && known.name() == path) {
        suggestion = "; did you mean '" + known.path + "'?";
      }
    }
    return NotFound("unknown field '" + name + "'" +
                    (suggestion.empty() ? "; `tutti explain` lists all sections" : suggestion));
  }
  text = field->path + "\n";
  for (const Field& known : Fields()) {
    if (known.path == field->path) AddFieldText(known, text);
  }
  AddSubFields(path, text);
  if (field->kind == FieldKind::kModel) {
    AddModelText(text);
    AddLayersText(text);
  }
  if (field->kind == FieldKind::kSpaces) AddSpacesText(text);
  return text;
}

Result<std::string> DescribeSearcher(std::string_view name) {
  std::string text;
  std::vector<std::string> names;
  for (const SearcherKind& kind : SearcherKinds()) {
    std::string shown = kind.name;
    shown.resize(std::max<std::size_t>(15, shown.size()), ' ');
    text += shown + kind.doc + "\n";
    names.push_back(kind.name);
  }
  if (name.empty()) return text;
  const SearcherKind* kind = FindSearcherKind(name);
  if (kind == nullptr) {
    return NotFound("there is no searcher '" + std::string(name) + "'" + DidYouMean(name, names) +
                    " (`tutti describe searcher` says what they are)");
  }
  text = kind->name + ": " + kind->doc + "\n\nFields of searcher (its default, what it is):\n";
  for (const Field* field : SubFields("searcher")) {
    const auto& only = field->only_values;
    const bool has = field->only_if.empty() ||
                     std::find(only.begin(), only.end(), kind->name) != only.end();
    // What is for older files, or not for people to write.
    if (!has || field->name() == "name" || field->name() == "max_length" ||
        field->name() == "observations") {
      continue;
    }
    const bool needed = field->name() == "max_trials" ? kind->needs_max_trials
                                                      : field->doc.ends_with("needs it.");
    if (field->name() == "max_trials" && !kind->needs_max_trials) continue;
    std::string shown = "  " + std::string(field->name());
    shown.resize(std::max<std::size_t>(26, shown.size()), ' ');
    std::string value = needed ? "required" : DefaultText(*field);
    value.resize(std::max<std::size_t>(18, value.size() + 1), ' ');
    text += shown + value + field->doc + "\n";
  }
  return text + "\n`tutti explain searcher.FIELD` says more.\n";
}

}  // namespace tutti::spec
