#include "experiments/spec/search_spaces.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "experiments/core/suggest.h"
#include "experiments/spec/shape.h"

namespace tutti::spec {
namespace {

constexpr std::size_t kMaxValues = 1000;
constexpr double kMaxGridCount = 100000;

const SpaceTypeInfo& InfoOf(SpaceType type) {
  const auto& types = SpaceTypes();
  return *std::find_if(types.begin(), types.end(),
                       [&](const SpaceTypeInfo& info) { return info.type == type; });
}

std::vector<std::string> TypeNames() {
  std::vector<std::string> names;
  for (const auto& [type, name] : kSpaceTypeNames.rows) names.emplace_back(name);
  return names;
}

std::vector<std::string> VaryingPaths() {
  std::vector<std::string> paths;
  for (const Alias& alias : HyperparameterAliases()) paths.emplace_back(alias.name);
  for (const Field& field : Fields()) {
    if (field.varies) paths.push_back(field.path);
  }
  return paths;
}

// Reads one space; every problem is reported under the space's path.
class SpaceReader {
 public:
  SpaceReader(const Node& node, SpaceUse& use, Report& report)
      : node_(node), use_(use), report_(report) {}

  bool Run() {
    const auto type = kSpaceTypeNames.Parse(node_.Find("type")->scalar.AsString());
    use_.type = *type;
    use_.canonical = Json::MakeObject({{"type", kSpaceTypeNames.Name(*type)}});
    if (!CheckKeys() || !ReadWhen()) return false;
    switch (*type) {
      case SpaceType::kConst: return ReadConst();
      case SpaceType::kCategorical: return ReadCategorical();
      default: return ReadBounds();
    }
  }

 private:
  bool Fail(Position at, const std::string& message) {
    report_.Error(at, "hyperparameters." + use_.path, message);
    return false;
  }

  const Node* FindKey(std::string_view name) const {
    const Node* found = node_.Find(name);
    // loguniform's bounds are called min and max; its canonical form has the others' names.
    if (found == nullptr && use_.type == SpaceType::kLogUniform && name.ends_with("val")) {
      found = node_.Find(name.substr(0, 3));
    }
    return found;
  }

  bool CheckKeys() {
    const SpaceTypeInfo& info = InfoOf(use_.type);
    const std::string type(kSpaceTypeNames.Name(use_.type));
    std::vector<std::string> names{"type", "when"};
    bool ok = true;
    for (const SpaceKey& key : info.required) {
      names.push_back(key.name);
      if (FindKey(key.name) == nullptr) {
        ok = Fail(use_.key_at, "space '" + use_.path + "' of type " + type + " needs " + key.name +
                                   ": " + key.doc);
      }
    }
    for (const SpaceKey& key : info.optional) names.push_back(key.name);
    if (use_.type == SpaceType::kLogUniform) names.insert(names.end(), {"min", "max"});
    for (const Node::Member& member : node_.members) {
      if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
      const std::string message = "unknown field '" + member.key + "' in a space of type " + type +
                                  Suggestion(member.key, names);
      ok = Fail(member.key_at, message);
    }
    return ok;
  }

  // when: {path: value} or {path: [values]}
  bool ReadWhen() {
    const Node* when = node_.Find("when");
    if (when == nullptr || when->is_null()) return true;
    if (when->kind != Node::Kind::kMap || when->members.empty()) {
      return Fail(when->at, "when of '" + use_.path + "' is " + when->Text() +
                                ", expected a map of another hyperparameter to its values, for "
                                "example {model.preset: cnn3}");
    }
    for (const Node::Member& member : when->members) {
      SpaceWhen condition{member.key, member.key_at, {member.value}};
      if (member.value.kind == Node::Kind::kList) condition.values = member.value.items;
      if (condition.values.empty() || condition.values.size() > kMaxValues) {
        return Fail(member.value.at, "when of '" + use_.path + "' gives '" + member.key +
                                         "' no values, expected a value or a list of them");
      }
      use_.when.push_back(std::move(condition));
    }
    return true;
  }

  bool ReadConst() {
    const Node& value = *node_.Find("val");
    use_.canonical.Set("val", JsonFromNode(value));
    use_.samples = {value};
    use_.grid_points = 1;
    return true;
  }

  bool ReadCategorical() {
    const Node& vals = *node_.Find("vals");
    if (vals.kind != Node::Kind::kList || vals.items.empty() || vals.items.size() > kMaxValues) {
      return Fail(vals.at, "vals of '" + use_.path + "' is " + vals.Text() +
                               ", expected a list of 1 to " + std::to_string(kMaxValues) +
                               " values");
    }
    Json list = Json::MakeArray();
    for (const Node& value : vals.items) {
      const Json json = JsonFromNode(value);
      if (std::find(list.AsArray().begin(), list.AsArray().end(), json) != list.AsArray().end()) {
        return Fail(value.at, "vals of '" + use_.path + "' holds " + value.Text() + " twice");
      }
      list.Append(json);
    }
    use_.canonical.Set("vals", std::move(list));
    use_.samples = vals.items;
    use_.grid_points = static_cast<std::int64_t>(vals.items.size());
    return true;
  }

  std::optional<double> ReadNumber(std::string_view key, bool integer) {
    const Node& node = *FindKey(key);
    const bool fits = node.kind == Node::Kind::kScalar &&
                      (integer ? node.scalar.is_int() : node.scalar.is_number()) &&
                      std::isfinite(node.scalar.AsDouble());
    if (fits) return node.scalar.AsDouble();
    Fail(node.at, std::string(key) + " of '" + use_.path + "' is " + node.Text() + ", expected " +
                      (integer ? "an integer" : "a finite number"));
    return std::nullopt;
  }

  bool ReadBounds() {
    const bool integer = use_.type == SpaceType::kInt;
    const auto low = ReadNumber("minval", integer);
    const auto high = ReadNumber("maxval", integer);
    std::optional<double> base = 10.0;
    if (use_.type == SpaceType::kLog && node_.Find("base") != nullptr) {
      base = ReadNumber("base", false);
    }
    if (!low || !high || !base) return false;
    const Node& low_node = *FindKey("minval");
    const Node& high_node = *FindKey("maxval");
    if (*low > *high) {
      return Fail(low_node.at, "minval of '" + use_.path + "' is " + low_node.Text() +
                                   ", above its maxval " + high_node.Text());
    }
    if (*base <= 1) {
      return Fail(node_.Find("base")->at, "base of '" + use_.path + "' is " +
                                              node_.Find("base")->Text() +
                                              ", expected a number above 1");
    }
    if (use_.type == SpaceType::kLogUniform && *low <= 0) {
      return Fail(low_node.at, "min of '" + use_.path + "' is " + low_node.Text() +
                                   ", expected a number above 0; loguniform has plain bounds");
    }
    if (!AddSample(low_node, *low, *base) || !AddSample(high_node, *high, *base)) return false;
    const auto as_json = [&](double value) {
      return integer ? Json(static_cast<std::int64_t>(value)) : Json(value);
    };
    use_.canonical.Set("minval", as_json(*low));
    use_.canonical.Set("maxval", as_json(*high));
    if (use_.type == SpaceType::kLog) use_.canonical.Set("base", *base);
    return ReadCount(*low, *high);
  }

  bool ReadCount(double low, double high) {
    const Node* count = node_.Find("count");
    if (count == nullptr) return true;
    const bool fits = count->kind == Node::Kind::kScalar && count->scalar.is_int() &&
                      count->scalar.AsInt() >= 1 && count->scalar.AsDouble() <= kMaxGridCount;
    if (!fits) {
      return Fail(count->at, "count of '" + use_.path + "' is " + count->Text() +
                                 ", expected an integer from 1 to 100000");
    }
    use_.canonical.Set("count", count->scalar);
    use_.grid_points = count->scalar.AsInt();
    if (use_.type == SpaceType::kInt && high - low + 1 < count->scalar.AsDouble()) {
      use_.grid_points = static_cast<std::int64_t>(high - low + 1);
    }
    return true;
  }

  // An end point as a value of the field.
  bool AddSample(const Node& bound, double value, double base) {
    Node sample = bound;
    if (use_.type == SpaceType::kLog) {
      const double power = std::pow(base, value);
      std::string text = JsonFromNode(bound).Dump();
      text = (base == 10 ? "10" : FormatDouble(base)) + "^" + text + " = " + FormatDouble(power);
      if (!std::isfinite(power)) {
        return Fail(bound.at, "log bounds are exponents: " + text + " is too large");
      }
      if ((value != std::floor(value) && std::fabs(value) < 1) || power > 1e12) {
        report_.Warning(bound.at, "hyperparameters." + use_.path,
                        "log bounds are exponents: this one means " + text +
                            "; for plain bounds use {type: loguniform, min: ..., max: ...}");
      }
      sample.scalar = power;
    } else if (use_.type != SpaceType::kInt) {
      sample.scalar = value;
    }
    use_.samples.push_back(std::move(sample));
    return true;
  }

  const Node& node_;
  SpaceUse& use_;
  Report& report_;
};

class SectionReader {
 public:
  SectionReader(bool any_name, Report& report) : any_name_(any_name), report_(report) {}

  void Read(const Node& group, const std::string& prefix) {
    for (const Node::Member& member : group.members) {
      if (member.value.is_null()) continue;
      std::string path = prefix + member.key;
      if (prefix.empty() && !any_name_) {
        for (const Alias& alias : HyperparameterAliases()) {
          if (alias.name == path) path = alias.path;
        }
      }
      ReadOne(member, path);
    }
  }

  // A parent's value replaces everything below it, so that it has to be applied first.
  std::vector<SpaceUse> Take() {
    std::vector<SpaceUse> ordered;
    for (SpaceUse& use : spaces_) {
      const std::string prefix = use.path + ".";
      const auto child = std::find_if(
          ordered.begin(), ordered.end(),
          [&](const SpaceUse& other) { return other.path.starts_with(prefix); });
      ordered.insert(child, std::move(use));
    }
    return ordered;
  }

 private:
  void ReadOne(const Node::Member& member, const std::string& path) {
    const Node& value = member.value;
    const Node* type = value.Find("type");
    const bool has_type = type != nullptr && type->kind == Node::Kind::kScalar &&
                          type->scalar.is_string();
    if (has_type && !kSpaceTypeNames.Parse(type->scalar.AsString())) {
      report_.Error(type->at, "hyperparameters." + path,
                    "unknown type " + type->Text() + " of a search space, expected " +
                        kSpaceTypeNames.Choices() +
                        Suggestion(type->scalar.AsString(), TypeNames()));
      return;
    }
    if (value.kind == Node::Kind::kMap && !has_type) {
      if (value.Find("vals") != nullptr || value.Find("minval") != nullptr) {
        report_.Error(member.key_at, "hyperparameters." + path,
                      "space '" + path + "' needs type: " + kSpaceTypeNames.Choices());
        return;
      }
      return Read(value, path + ".");
    }
    if (!CheckPath(member, path)) return;
    SpaceUse use;
    use.path = path;
    use.key_at = member.key_at;
    if (has_type) {
      if (!SpaceReader(value, use, report_).Run()) return;
    } else {
      use.canonical = Json::MakeObject({{"type", "const"}, {"val", JsonFromNode(value)}});
      use.samples = {value};
      use.grid_points = 1;
    }
    spaces_.push_back(std::move(use));
  }

  bool CheckPath(const Node::Member& member, const std::string& path) {
    const auto fail = [&](const std::string& message) {
      report_.Error(member.key_at, "hyperparameters." + path, message);
      return false;
    };
    const auto same = [&](const SpaceUse& use) { return use.path == path; };
    if (std::find_if(spaces_.begin(), spaces_.end(), same) != spaces_.end()) {
      return fail("hyperparameter '" + path + "' is given twice");
    }
    if (any_name_) return true;
    // A preset's parameter: whether it exists is seen when its values are tried.
    if (path.starts_with("model.") && path.find('.', 6) == std::string::npos) return true;
    const Field* field = FindField(path);
    if (field != nullptr && field->varies) return true;
    if (field != nullptr) {
      return fail("hyperparameter '" + path + "' names a field that cannot vary between trials");
    }
    const std::string suggestion = Suggestion(path, VaryingPaths());
    return fail("hyperparameter '" + path + "' names no field" +
                (suggestion.empty() ? "; expected a path like training.optimizer.lr or model.width"
                                    : suggestion));
  }

  const bool any_name_;
  Report& report_;
  std::vector<SpaceUse> spaces_;
};

}  // namespace

const std::vector<SpaceTypeInfo>& SpaceTypes() {
  static const SpaceKey count{"count", "points of a grid, evenly spaced with both ends; 1 is the "
                                       "midpoint"};
  static const std::vector<SpaceTypeInfo> types{
      {SpaceType::kConst, "One fixed value.", {{"val", "the value"}}, {}},
      {SpaceType::kCategorical, "One of a list; values may be maps.", {{"vals", "the list"}}, {}},
      {SpaceType::kInt,
       "An integer, bounds included.",
       {{"minval", "smallest value"}, {"maxval", "largest value"}},
       {count}},
      {SpaceType::kDouble,
       "A number, bounds included.",
       {{"minval", "smallest value"}, {"maxval", "largest value"}},
       {count}},
      {SpaceType::kLog,
       "base to the power of a uniform exponent: the bounds are exponents.",
       {{"minval", "smallest exponent"}, {"maxval", "largest exponent"}},
       {{"base", "base of the powers, default 10"}, count}},
      {SpaceType::kLogUniform,
       "Uniform in the logarithm, with plain bounds (min and max are accepted too).",
       {{"minval", "smallest value, above 0"}, {"maxval", "largest value"}},
       {count}}};
  return types;
}

std::vector<SpaceUse> ReadSpaces(const Node& section, bool any_name, Report& report) {
  SectionReader reader(any_name, report);
  if (section.kind == Node::Kind::kMap) reader.Read(section, "");
  return reader.Take();
}

}  // namespace tutti::spec
