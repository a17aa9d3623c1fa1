#include "experiments/spec/shape.h"

#include <algorithm>
#include <utility>

#include "experiments/core/suggest.h"
#include "experiments/spec/model_check.h"
#include "experiments/spec/position.h"
#include "experiments/spec/value_check.h"

namespace tutti::spec {
namespace {

constexpr std::size_t kMaxItems = 10000;

class ShapeChecker : public ValueChecker {
 public:
  // `entrypoint`: the document is about a program, not about the built-in trainer.
  ShapeChecker(const Node& root, const PathBases& bases, bool entrypoint, Report& report)
      : ValueChecker(bases, entrypoint, report),
        root_(root),
        provenance_(Json::MakeObject()) {}

  ShapedDocument Run() {
    ShapedDocument result;
    if (root_.kind != Node::Kind::kMap) {
      Fail(root_.at, "", "the file is " + std::string(root_.TypeName()) +
                             ", expected a map with name, data, model, training, ...");
    } else {
      result.canonical = CheckMap(&root_, "", root_.at);
    }
    result.provenance = std::move(provenance_);
    result.ok = ok_;
    return result;
  }

 private:
  Json CheckMap(const Node* node, const std::string& path, Position where) {
    return CheckFields(node, path, SubFields(path), where);
  }

  Json CheckFields(const Node* node, const std::string& path,
                   const std::vector<const Field*>& fields, Position where) {
    if (node != nullptr) CheckKeys(*node, path, fields);
    Json object = Json::MakeObject();
    for (const Field* field : fields) {
      if (IsOtherField(*field, fields) || BelongsElsewhere(*field, node)) continue;
      const Node* child = nullptr;
      Position key_at = where;
      for (std::size_t i = 0; node != nullptr && i < node->members.size(); ++i) {
        const Node::Member& member = node->members[i];
        if (member.key != field->name() || member.value.is_null()) continue;
        child = &member.value;
        key_at = member.key_at;
      }
      Json value;
      if (child == nullptr) {
        if (FillIn(*field, where, value)) object.Set(std::string(field->name()), std::move(value));
      } else if (Applies(*field)) {
        object.Set(std::string(field->name()), CheckValue(*field, *child, key_at));
        if (field->kind != FieldKind::kMap) Note(field->path, child->at.source);
      } else {
        CheckUnused(*field, *child);
        if (FillIn(*field, where, value)) object.Set(std::string(field->name()), std::move(value));
      }
    }
    return object;
  }

  // Of several fields with one path, the one that applies counts; if none does, the first.
  bool IsOtherField(const Field& field, const std::vector<const Field*>& fields) const {
    if (Applies(field)) return false;
    for (const Field* other : fields) {
      if (other->path != field.path || other == &field) continue;
      if (other < &field || Applies(*other)) return true;
    }
    return false;
  }

  // Sections of the built-in trainer beside an entrypoint, and the other way round.
  bool BelongsElsewhere(const Field& field, const Node* node) {
    if (field.trainer == Trainer::kAny) return false;
    if ((field.trainer == Trainer::kProgram) == entrypoint_) return false;
    const Node* written = node == nullptr ? nullptr : node->Find(field.name());
    if (written == nullptr || written->is_null()) return true;
    if (entrypoint_) {
      Fail(PositionOf(root_, field.path), field.path,
           field.path + " belongs to the built-in trainer, but the file has an entrypoint: leave "
                        "it out; the program gets what stands in hyperparameters");
    } else if (field.path == "environment") {
      report_.Warning(PositionOf(root_, field.path), field.path,
                      "field 'environment' has no meaning here and is ignored: without an "
                      "entrypoint no program of yours runs, and Tutti runs no containers");
    } else {
      Fail(PositionOf(root_, field.path), field.path,
           field.path + " needs an entrypoint: the program that trains");
    }
    return true;
  }

  void CheckKeys(const Node& node, const std::string& path,
                 const std::vector<const Field*>& fields) {
    std::vector<std::string> names;
    for (const Field* field : fields) names.emplace_back(field->name());
    for (const Node::Member& member : node.members) {
      if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
      const std::string full = Shown(path.empty() ? member.key : path + "." + member.key);
      if (const ForeignField* foreign = FindForeignField(full)) {
        const std::string message = "field '" + full + "' " + foreign->reason;
        if (foreign->severity == Severity::kWarning) {
          report_.Warning(member.key_at, full, message);
        } else {
          Fail(member.key_at, full, message);
        }
        continue;
      }
      const std::string in = path.empty() ? "" : " in '" + Shown(path) + "'";
      Fail(member.key_at, full, "unknown field '" + member.key + "'" + in +
                                    DidYouMean(member.key, names));
    }
  }

  // What stands for a field that is not there; false: nothing.
  bool FillIn(const Field& field, Position where, Json& value) {
    if (!Applies(field) && !field.always_filled) return false;
    if (field.need == Need::kRequired) {
      if (!ConditionIsKnown(field)) return false;  // the mistake there is enough
      Fail(where, field.path,
           "missing field '" + Shown(field.path) + "', expected " + Expectation(field));
      return false;
    }
    if (field.need == Need::kOptional) return false;
    if (field.kind == FieldKind::kMap && field.default_value.is_null()) {
      value = CheckMap(nullptr, field.path, where);
      return true;
    }
    value = field.kind == FieldKind::kPartOptions ? CheckMap(nullptr, "data.options", where)
                                                  : field.default_value;
    if (field.kind != FieldKind::kSpaces) provenance_.Set(field.path, "default");
    return true;
  }

  Json CheckValue(const Field& field, const Node& node, Position key_at) {
    const bool is_text = node.kind == Node::Kind::kScalar && node.scalar.is_string();
    if (!field.word.empty() && is_text && node.scalar.AsString() == field.word) {
      if (field.kind == FieldKind::kMap) Note(field.path, node.at.source);
      return field.word;
    }
    switch (field.kind) {
      case FieldKind::kMap: return CheckSection(field, node, key_at);
      case FieldKind::kString:
      case FieldKind::kPath: return CheckText(field, node);
      case FieldKind::kInt:
      case FieldKind::kNumber: return CheckNumber(field, node, field.kind == FieldKind::kInt);
      case FieldKind::kBool:
        if (node.kind != Node::Kind::kScalar || !node.scalar.is_bool()) FailValue(field, node);
        return JsonFromNode(node);
      case FieldKind::kEnum: return CheckChoice(field, node);
      case FieldKind::kEnumList:
      case FieldKind::kIntList:
      case FieldKind::kNumberList:
      case FieldKind::kStringList:
      case FieldKind::kTwoNumbers: return CheckList(field, node);
      case FieldKind::kTextMap: return CheckTextMap(field, node);
      case FieldKind::kCommand: return CheckCommand(field, node);
      case FieldKind::kItems: return CheckItems(field, node);
      case FieldKind::kAnyMap:
        if (node.kind != Node::Kind::kMap) FailValue(field, node);
        return JsonFromNode(node);
      case FieldKind::kParts: return CheckParts(field, node);
      case FieldKind::kPartOptions:
        if (node.kind != Node::Kind::kMap) FailValue(field, node);
        return CheckMap(node.kind == Node::Kind::kMap ? &node : nullptr, "data.options", key_at);
      case FieldKind::kModel:
        if (!CheckModelShape(node, key_at, report_)) ok_ = false;
        return JsonFromNode(node);
      case FieldKind::kSpaces:
        if (node.kind != Node::Kind::kMap) FailValue(field, node);
        return Json::MakeObject();
    }
    return {};
  }

  Json CheckSection(const Field& field, const Node& node, Position key_at) {
    if (node.kind == Node::Kind::kMap) return CheckMap(&node, field.path, key_at);
    if (!field.short_for.empty() && node.kind == Node::Kind::kScalar &&
        StandsFor(node.scalar, FindField(field.path + "." + field.short_for)->kind)) {
      Node map;
      map.kind = Node::Kind::kMap;
      map.at = node.at;
      map.members.push_back({field.short_for, node.at, node});
      return CheckMap(&map, field.path, key_at);
    }
    if (item_.empty()) {
      FailValue(field, node);
    } else {
      Fail(node.at, field.path,
           item_ + " is " + node.Text() + ", expected " + ItemExpectation(field));
    }
    return {};
  }

  static bool StandsFor(const Json& value, FieldKind kind) {
    if (kind == FieldKind::kInt) return value.is_int();
    return kind == FieldKind::kNumber ? value.is_number() : value.is_string();
  }

  // A list of maps. A bare value stands for a map with only the field's short form.
  Json CheckItems(const Field& field, const Node& node) {
    Json list = Json::MakeArray();
    if (node.kind != Node::Kind::kList || node.items.size() > kMaxItems) {
      FailValue(field, node);
      return list;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      ShapeChecker item(root_, bases_, entrypoint_, report_);
      item.item_of_ = field.path;
      item.item_ = field.path + "[" + std::to_string(i) + "]";
      list.Append(item.CheckSection(field, node.items[i], node.items[i].at));
      ok_ = ok_ && item.ok();
    }
    return list;
  }

  // Each part is checked as if it were a document's `data`, under its own name.
  Json CheckParts(const Field& field, const Node& node) {
    Json list = Json::MakeArray();
    if (node.kind != Node::Kind::kList || node.items.empty()) {
      FailValue(field, node);
      return list;
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Node document;
      document.kind = Node::Kind::kMap;
      document.Set("data", node.items[i].at, node.items[i]);
      ShapeChecker part(document, bases_, entrypoint_, report_);
      part.item_of_ = "data";
      part.item_ = field.path + "[" + std::to_string(i) + "]";
      list.Append(part.CheckPart(node.items[i]));
      ok_ = ok_ && part.ok();
    }
    return list;
  }

  Json CheckPart(const Node& node) {
    if (node.kind != Node::Kind::kMap) {
      Fail(node.at, "data.options.parts",
           item_ + " is " + node.Text() + ", expected a map with dataset");
      return {};
    }
    std::vector<const Field*> fields;
    for (const Field* own : SubFields("data.options.parts")) {
      const Field* same = FindField("data." + std::string(own->name()));
      const bool special =
          own->kind == FieldKind::kPartOptions || own->need == Need::kOptional;
      fields.push_back(same != nullptr && !special ? same : own);
    }
    const Node* dataset = node.Find("dataset");
    if (dataset != nullptr && dataset->scalar == Json("concat")) {
      Fail(dataset->at, "data.options.parts",
           item_ + ".dataset is 'concat', expected a single data set; put its parts into this "
                     "list");
      return {};
    }
    return CheckFields(&node, "data", fields, node.at);
  }

  // True if the field has no condition or its condition holds. A condition on a field that is
  // itself wrong counts as met, so that one mistake is one message.
  bool Applies(const Field& field) const {
    if (field.only_if.empty()) return true;
    const std::string value = Condition(field);
    if (!ConditionIsKnown(field)) return !value.empty();
    return std::find(field.only_values.begin(), field.only_values.end(), value) !=
           field.only_values.end();
  }

  bool ConditionIsKnown(const Field& field) const {
    if (field.only_if.empty()) return true;
    const auto& choices = FindField(field.only_if)->choices;
    return std::find(choices.begin(), choices.end(), Condition(field)) != choices.end();
  }

  std::string Condition(const Field& field) const {
    const Node* node = root_.FindPath(field.only_if);
    if (node != nullptr && node->kind == Node::Kind::kScalar && node->scalar.is_string()) {
      return node->scalar.AsString();
    }
    const Json& fallback = FindField(field.only_if)->default_value;
    return fallback.is_string() ? fallback.AsString() : "";
  }

  void CheckUnused(const Field& field, const Node& node) {
    Json filled;
    if (field.always_filled && FillIn(field, node.at, filled) && JsonFromNode(node) == filled) {
      return;
    }
    const std::string value = Condition(field);
    std::string only;
    for (const Field* same : SubFields(field.path.substr(0, field.path.rfind('.')))) {
      if (same->path != field.path) continue;
      for (const std::string& name : same->only_values) only += (only.empty() ? "" : " or ") + name;
    }
    Fail(node.at, field.path,
         Shown(field.path) + " applies only if " + Shown(field.only_if) + " is " + only +
             (value.empty() ? ", which is not given" : ", but it is " + value));
  }

  void Note(const std::string& path, std::int32_t source) {
    if (path != "hyperparameters") provenance_.Set(path, source == 0 ? "file" : "set");
  }

  const Node& root_;
  Json provenance_;
};

}  // namespace

ShapedDocument CheckShape(const Node& root, const PathBases& bases, Report& report) {
  const Node* program = root.Find("entrypoint");
  const bool entrypoint = program != nullptr && !program->is_null();
  return ShapeChecker(root, bases, entrypoint, report).Run();
}

}  // namespace tutti::spec
