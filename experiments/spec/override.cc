#include "experiments/spec/override.h"

#include <utility>

#include "experiments/core/config/search_space.h"
#include "experiments/spec/yaml_reader.h"

namespace tutti::spec {
namespace {

bool IsSpace(const Node& node) {
  const Node* type = node.Find("type");
  return type != nullptr && type->kind == Node::Kind::kScalar && type->scalar.is_string() &&
         kSpaceTypeNames.Parse(type->scalar.AsString()).has_value();
}

void Merge(Node& target, Node value) {
  if (target.kind != Node::Kind::kMap || value.kind != Node::Kind::kMap || IsSpace(value)) {
    target = std::move(value);
    return;
  }
  for (Node::Member& member : value.members) {
    if (Node* existing = target.Find(member.key)) {
      Merge(*existing, std::move(member.value));
    } else {
      target.members.push_back(std::move(member));
    }
  }
}

}  // namespace

bool ApplyOverride(const Override& override_, Node& root, Report& report) {
  const std::int32_t source =
      report.AddSource({"--set " + override_.path + "=" + override_.yaml, {}});
  const std::size_t errors = report.error_count();
  std::vector<YamlDocument> documents = ReadYaml(override_.yaml, source, report);
  if (report.error_count() > errors) return false;
  if (documents.size() > 1) {
    report.Error({source, 0, 0}, override_.path, "the value holds several documents");
    return false;
  }
  Node value;
  value.at = {source, 1, 1};
  if (!documents.empty()) value = std::move(documents[0].root);
  if (Node* existing = root.FindPath(override_.path)) {
    Merge(*existing, std::move(value));
  } else {
    root.SetPath(override_.path, std::move(value));
  }
  return true;
}

Result<Override> ParseOverride(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return InvalidArgument("--set " + std::string(text) +
                           ": expected path=value, for example training.epochs=3");
  }
  const std::string path(text.substr(0, equals));
  if (path.empty() || path.front() == '.' || path.back() == '.' ||
      path.find("..") != std::string::npos || path.find_first_of(" \t\n") != std::string::npos) {
    return InvalidArgument("--set " + std::string(text) + ": '" + path +
                           "' is no dotted path like training.epochs");
  }
  return Override{path, std::string(text.substr(equals + 1))};
}

}  // namespace tutti::spec
