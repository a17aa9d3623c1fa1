#include "experiments/spec/value_check.h"

#include <algorithm>
#include <cmath>

#include "experiments/core/suggest.h"
#include "experiments/spec/position.h"

namespace tutti::spec {
namespace {

// Items of the list are names or numbers of things, none twice.
bool Distinct(const Field& field) {
  return field.kind == FieldKind::kEnumList ||
         (field.kind == FieldKind::kIntList && !field.repeats);
}

}  // namespace

std::string ValueChecker::Shown(const std::string& path) const {
  constexpr std::string_view kPart = "data.options.parts.";
  if (item_.empty() || !path.starts_with(item_of_)) return path;
  if (item_of_ == "data" && path.starts_with(kPart)) {
    return item_ + "." + path.substr(kPart.size());
  }
  return item_ + path.substr(item_of_.size());
}

void ValueChecker::Fail(Position at, std::string_view path, std::string message) {
  ok_ = false;
  report_.Error(at, path, std::move(message));
}

void ValueChecker::FailValue(const Field& field, const Node& node,
                             const std::string& suggestion) {
  const bool is_item = in_list_;
  Fail(node.at, field.path,
       Shown(field.path) + (is_item ? " holds " : " is ") + node.Text() + ", expected " +
           (is_item ? ItemExpectation(field) : Expectation(field)) + suggestion);
}

Json ValueChecker::CheckText(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::kScalar || !node.scalar.is_string()) {
    const bool is_scalar = node.kind == Node::Kind::kScalar;
    FailValue(field, node, is_scalar ? "; put it in quotes if it is meant as text" : "");
    return {};
  }
  const std::string& text = node.scalar.AsString();
  if (text.empty() && field.need == Need::kRequired) {
    Fail(node.at, field.path, Shown(field.path) + " is empty");
  }
  if (field.kind != FieldKind::kPath || text.empty()) return text;
  if (text[0] == '~') {
    Fail(node.at, field.path, Shown(field.path) + " is '" + text +
                                  "': ~ is not expanded; write the directory out");
  }
  return JoinPath(node.at.source == 0 ? bases_.file : bases_.overrides, text);
}

Json ValueChecker::CheckNumber(const Field& field, const Node& node, bool integer) {
  const Json& value = node.scalar;
  const bool fits = node.kind == Node::Kind::kScalar &&
                    (integer ? value.is_int() : value.is_number());
  if (!fits) {
    const bool is_text = node.kind == Node::Kind::kScalar && value.is_string();
    FailValue(field, node,
              is_text && !field.word.empty() ? Suggestion(value.AsString(), {field.word}) : "");
    return {};
  }
  const double number = value.AsDouble();
  if (!std::isfinite(number) || number < field.min || number > field.max ||
      (field.above_min && number == field.min) || (field.below_max && number == field.max)) {
    FailValue(field, node);
  }
  return integer ? value : Json(number);
}

Json ValueChecker::CheckChoice(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::kScalar || !node.scalar.is_string()) {
    FailValue(field, node);
    return {};
  }
  const std::string& text = node.scalar.AsString();
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), text) != names.end();
  };
  if (has(field.choices) || (field.open && entrypoint_ && !text.empty())) return text;
  if (has(field.later)) {
    Fail(node.at, field.path, Shown(field.path) + " '" + text +
                                  "' is not available in this version; available: " +
                                  Expectation(field));
  } else if (const std::string* reason = FindForeignChoice(field.path, text)) {
    Fail(node.at, field.path, Shown(field.path) + " '" + text + "' " + *reason);
  } else {
    FailValue(field, node, Suggestion(text, field.choices));
  }
  return text;
}

Json ValueChecker::CheckList(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::kList ||
      (field.kind == FieldKind::kTwoNumbers && node.items.size() != 2)) {
    FailValue(field, node);
    return {};
  }
  Json list = Json::MakeArray();
  in_list_ = true;
  for (const Node& item : node.items) {
    Json value;
    switch (field.kind) {
      case FieldKind::kEnumList: value = CheckChoice(field, item); break;
      case FieldKind::kCommand:
      case FieldKind::kStringList: value = CheckText(field, item); break;
      default: value = CheckNumber(field, item, field.kind == FieldKind::kIntList);
    }
    if (Distinct(field) &&
        std::find(list.AsArray().begin(), list.AsArray().end(), value) !=
            list.AsArray().end()) {
      Fail(item.at, field.path, Shown(field.path) + " holds " + item.Text() + " twice");
    }
    list.Append(std::move(value));
  }
  in_list_ = false;
  return list;
}

Json ValueChecker::CheckTextMap(const Field& field, const Node& node) {
  Json map = Json::MakeObject();
  if (node.kind != Node::Kind::kMap) {
    FailValue(field, node);
    return map;
  }
  for (const Node::Member& member : node.members) {
    const bool is_text = member.value.kind == Node::Kind::kScalar &&
                         member.value.scalar.is_string() &&
                         (field.empty_items || !member.value.scalar.AsString().empty());
    if (!is_text) {
      Fail(member.value.at, field.path,
           Shown(field.path) + "." + member.key + " is " + member.value.Text() +
               ", expected a string; put it in quotes if it is meant as text");
    }
    map.Set(member.key, is_text ? member.value.scalar : Json());
  }
  return map;
}

Json ValueChecker::CheckCommand(const Field& field, const Node& node) {
  if (node.kind == Node::Kind::kScalar && node.scalar.is_string() &&
      !node.scalar.AsString().empty()) {
    return Json::MakeArray({"/bin/sh", "-c", node.scalar});
  }
  if (node.kind != Node::Kind::kList || node.items.empty()) {
    FailValue(field, node);
    return {};
  }
  Json command = CheckList(field, node);
  if (!command[0].is_string()) return command;
  const std::string& program = command[0].AsString();
  if (program.empty()) {
    Fail(node.items[0].at, field.path, field.path + " starts with an empty program");
  }
  // A bare name is searched in PATH, where the worker runs.
  if (program.find('/') == std::string::npos) return command;
  const std::string& base =
      node.items[0].at.source == 0 ? bases_.file : bases_.overrides;
  Json placed = Json::MakeArray({JoinPath(base, program)});
  for (std::size_t i = 1; i < command.size(); ++i) placed.Append(command[i]);
  return placed;
}

}  // namespace tutti::spec
