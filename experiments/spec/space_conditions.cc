#include "experiments/spec/space_conditions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "experiments/spec/position.h"

namespace tutti::spec {
namespace {

// 1 and 1.0 are the same value.
bool Same(const Json& a, const Json& b) {
  return a == b || (a.is_number() && b.is_number() && a.AsDouble() == b.AsDouble());
}

bool IsRange(SpaceType type) {
  return type != SpaceType::kConst && type != SpaceType::kCategorical;
}

// The part of the condition's path below its giver; "" if it is the giver's own.
std::string Below(const SpaceWhen& condition, const SpaceUse& giver) {
  return condition.path.size() > giver.path.size()
             ? condition.path.substr(giver.path.size() + 1)
             : "";
}

// What a value of the giver says of the condition; nullptr: nothing.
const Node* Told(const Node& value, const std::string& below) {
  return below.empty() ? &value : value.FindPath(below);
}

bool Holds(const SpaceWhen& condition, const Json& value) {
  return std::any_of(condition.values.begin(), condition.values.end(),
                     [&](const Node& node) { return Same(JsonFromNode(node), value); });
}

// The dimension at the path, or the nearest above whose maps have it.
std::optional<std::size_t> Giver(const std::vector<SpaceUse>& spaces, const std::string& path) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    if (spaces[i].path == path) return i;
    if (!path.starts_with(spaces[i].path + ".")) continue;
    const std::string below = path.substr(spaces[i].path.size() + 1);
    const auto& samples = spaces[i].samples;
    const bool has = std::any_of(samples.begin(), samples.end(), [&](const Node& sample) {
      return sample.FindPath(below) != nullptr;
    });
    if (has) found = i;
  }
  return found;
}

class Resolver {
 public:
  Resolver(std::vector<SpaceUse>& spaces, Report& report) : spaces_(spaces), report_(report) {}

  bool Resolve(std::size_t index) {
    for (SpaceWhen& condition : spaces_[index].when) {
      const auto giver = Giver(spaces_, condition.path);
      if (!giver) return FailNoGiver(index, condition);
      if (*giver >= index) {
        return Fail(index, condition.at,
                    "names '" + condition.path + "', which must stand above it");
      }
      condition.giver = *giver;
      if (!CheckValues(index, condition)) return false;
    }
    return spaces_[index].when.empty() || CheckPossible(index);
  }

 private:
  bool Fail(std::size_t index, Position at, const std::string& what) {
    const std::string& path = spaces_[index].path;
    report_.Error(at, "hyperparameters." + path, "when of '" + path + "' " + what);
    return false;
  }

  bool FailNoGiver(std::size_t index, const SpaceWhen& condition) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < index; ++i) names.push_back(spaces_[i].path);
    return Fail(index, condition.at,
                "names '" + condition.path +
                    "', which is not varied: expected another hyperparameter above it" +
                    Suggestion(condition.path, names));
  }

  bool CheckValues(std::size_t index, const SpaceWhen& condition) {
    const SpaceUse& giver = spaces_[condition.giver];
    if (IsRange(giver.type) && giver.type != SpaceType::kInt) {
      return Fail(index, condition.at,
                  "names '" + condition.path + "', a range of numbers, of which single values "
                                               "never come up; expected a categorical or an int");
    }
    const std::string below = Below(condition, giver);
    for (const Node& value : condition.values) {
      if (giver.type == SpaceType::kInt) {
        const bool inside = value.kind == Node::Kind::kScalar && value.scalar.is_int() &&
                            value.scalar.AsDouble() >= giver.canonical["minval"].AsDouble() &&
                            value.scalar.AsDouble() <= giver.canonical["maxval"].AsDouble();
        if (inside) continue;
        return Fail(index, value.at, "asks for " + value.Text() + ", which is outside the range "
                                     "of '" + condition.path + "'");
      }
      std::vector<std::string> texts;
      bool known = false;
      for (const Node& sample : giver.samples) {
        const Node* told = Told(sample, below);
        if (told == nullptr) continue;
        known = known || Same(JsonFromNode(*told), JsonFromNode(value));
        texts.push_back(told->scalar.is_string() ? told->scalar.AsString() : told->Text());
      }
      if (known) continue;
      std::string listed;
      for (const std::string& text : texts) listed += (listed.empty() ? "" : ", ") + text;
      return Fail(index, value.at,
                  "asks for " + value.Text() + ", but the values of '" + condition.path +
                      "' are " + listed +
                      (value.scalar.is_string() ? Suggestion(value.scalar.AsString(), texts) : ""));
    }
    return true;
  }

  bool CheckPossible(std::size_t index) {
    if (Existing(spaces_, ChoiceWith(spaces_, index))[index]) return true;
    return Fail(index, spaces_[index].when[0].at,
                "can never hold: its conditions exclude each other");
  }

  std::vector<SpaceUse>& spaces_;
  Report& report_;
};

// Gives the dimensions that spaces[index] depends on values with which it exists.
void Choose(const std::vector<SpaceUse>& spaces, std::size_t index, std::vector<Node>& choice) {
  for (const SpaceWhen& condition : spaces[index].when) {
    const SpaceUse& giver = spaces[condition.giver];
    const std::string below = Below(condition, giver);
    if (giver.type == SpaceType::kInt) {
      choice[condition.giver] = condition.values.front();
    } else {
      for (const Node& sample : giver.samples) {
        const Node* told = Told(sample, below);
        if (told == nullptr || !Holds(condition, JsonFromNode(*told))) continue;
        choice[condition.giver] = sample;
        break;
      }
    }
    Choose(spaces, condition.giver, choice);
  }
}

}  // namespace

void ResolveConditions(std::vector<SpaceUse>& spaces, Report& report) {
  bool ok = true;
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    if (Resolver(spaces, report).Resolve(i)) continue;
    spaces[i].when.clear();
    ok = false;
  }
  if (ok) return;
  // Without their conditions the rest says nothing more.
  std::erase_if(spaces, [](const SpaceUse& use) { return !use.when.empty(); });
}

std::vector<Node> ChoiceWith(const std::vector<SpaceUse>& spaces, std::size_t index) {
  std::vector<Node> choice;
  for (const SpaceUse& use : spaces) choice.push_back(use.samples.front());
  Choose(spaces, index, choice);
  return choice;
}

std::vector<bool> Existing(const std::vector<SpaceUse>& spaces, const std::vector<Node>& choice) {
  Node assigned;
  assigned.kind = Node::Kind::kMap;
  std::vector<bool> exists(spaces.size());
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    const auto& when = spaces[i].when;
    exists[i] = std::all_of(when.begin(), when.end(), [&](const SpaceWhen& condition) {
      const Node* value = assigned.FindPath(condition.path);
      return value != nullptr && Holds(condition, JsonFromNode(*value));
    });
    if (exists[i]) assigned.SetPath(spaces[i].path, choice[i]);
  }
  return exists;
}

Json CanonicalWhen(const std::vector<SpaceUse>& spaces, std::size_t index, const Json& canonical) {
  Json when = Json::MakeObject();
  for (const SpaceWhen& condition : spaces[index].when) {
    const SpaceUse& giver = spaces[condition.giver];
    const std::string below = Below(condition, giver);
    const Json* space = canonical.Find(giver.path);
    std::vector<Json> known;
    if (space != nullptr && space->Find("vals") != nullptr) known = (*space)["vals"].AsArray();
    if (space != nullptr && space->Find("val") != nullptr) known = {(*space)["val"]};
    Json values = Json::MakeArray();
    for (const Node& node : condition.values) {
      Json value = JsonFromNode(node);
      for (const Json& candidate : known) {
        const Json* told = below.empty() ? &candidate : candidate.FindPath(below);
        if (told != nullptr && Same(*told, value)) value = *told;
      }
      values.Append(std::move(value));
    }
    when.Set(condition.path, std::move(values));
  }
  return when;
}

}  // namespace tutti::spec
