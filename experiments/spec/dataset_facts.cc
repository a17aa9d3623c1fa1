#include "experiments/spec/dataset_facts.h"

#include <algorithm>
#include <array>
#include <set>

namespace tutti::spec {
namespace {

std::vector<std::string> Characters(char first, char last) {
  std::vector<std::string> names;
  for (char c = first; c <= last; ++c) names.emplace_back(1, c);
  return names;
}

// The names that worker/data gives to the classes of a data set or a part of concat.
std::optional<std::vector<std::string>> FindClassNames(const Json& data) {
  const std::string& dataset = data["dataset"].AsString();
  const Json& options = data["options"];
  if (const Json* given = options.Find("class_names"); given != nullptr && given->is_array()) {
    std::vector<std::string> names;
    for (const Json& name : given->AsArray()) names.push_back(name.AsString());
    return names;
  }
  if (dataset == "mnist" || dataset == "emnist/mnist" || dataset == "emnist/digits") {
    return Characters('0', '9');
  }
  if (dataset == "emnist/letters") return Characters('A', 'Z');
  if (dataset == "glyphs") {
    std::vector<std::string> names = Characters('0', '9');
    for (std::string& letter : Characters('A', 'Z')) names.push_back(std::move(letter));
    names.resize(static_cast<std::size_t>(options["classes"].AsInt()));
    return names;
  }
  return std::nullopt;
}

// Classes of the same name in several parts are one.
std::optional<std::int64_t> CountClasses(const Json& parts) {
  std::set<std::string> names;
  for (const Json& part : parts.AsArray()) {
    const auto own = FindClassNames(part);
    if (!own) return std::nullopt;
    const auto& chosen = part["classes"].AsArray();
    for (std::size_t i = 0; i < own->size(); ++i) {
      const bool used = chosen.empty() || std::find(chosen.begin(), chosen.end(),
                                                    Json(static_cast<std::int64_t>(i))) !=
                                              chosen.end();
      if (!used) continue;
      const Json* renamed = part["labels"].Find((*own)[i]);
      names.insert(renamed == nullptr ? (*own)[i] : renamed->AsString());
    }
  }
  return static_cast<std::int64_t>(names.size());
}

std::vector<std::int64_t> FindShape(const Json& data) {
  const std::string& dataset = data["dataset"].AsString();
  const Json& options = data["options"];
  std::vector<std::int64_t> shape;
  if (const DatasetFacts* facts = FindDatasetFacts(dataset)) {
    shape = {facts->channels, facts->height, facts->width};
  } else if (dataset == "csv") {
    for (const Json& size : options["shape"].AsArray()) shape.push_back(size.AsInt());
  } else if (dataset == "images") {
    shape.push_back(options["channels"].AsInt());
    for (const Json& size : options["size"].AsArray()) shape.push_back(size.AsInt());
  } else if (dataset == "concat") {
    // The parts must agree; that of an idx part shows when it is read.
    for (const Json& part : options["parts"].AsArray()) {
      if (shape.empty()) shape = FindShape(part);
    }
  }
  return shape;
}

}  // namespace

const DatasetFacts* FindDatasetFacts(std::string_view dataset) {
  static const std::array<DatasetFacts, 10> table{{{"glyphs", 1, 28, 28, 36, 0},
                                                   {"mnist", 1, 28, 28, 10, 60000},
                                                   {"fashion-mnist", 1, 28, 28, 10, 60000},
                                                   {"kmnist", 1, 28, 28, 10, 60000},
                                                   {"emnist/balanced", 1, 28, 28, 47, 112800},
                                                   {"emnist/byclass", 1, 28, 28, 62, 697932},
                                                   {"emnist/bymerge", 1, 28, 28, 47, 697932},
                                                   {"emnist/digits", 1, 28, 28, 10, 240000},
                                                   {"emnist/letters", 1, 28, 28, 26, 124800},
                                                   {"emnist/mnist", 1, 28, 28, 10, 60000}}};
  const auto found = std::find_if(table.begin(), table.end(), [&](const DatasetFacts& facts) {
    return facts.name == dataset;
  });
  return found == table.end() ? nullptr : &*found;
}

std::optional<ModelInput> FindModelInput(const Json& data) {
  ModelInput input;
  input.shape = FindShape(data);
  if (input.shape.size() != 3) return std::nullopt;
  const std::string& dataset = data["dataset"].AsString();
  const auto& chosen = data["classes"].AsArray();
  if (!chosen.empty()) {
    input.classes = static_cast<std::int64_t>(chosen.size());
  } else if (dataset == "concat") {
    const auto classes = CountClasses(data["options"]["parts"]);
    if (!classes) return std::nullopt;
    input.classes = *classes;
  } else if (const auto names = FindClassNames(data)) {
    input.classes = static_cast<std::int64_t>(names->size());
  } else if (const DatasetFacts* facts = FindDatasetFacts(dataset)) {
    input.classes = facts->classes;
  } else {
    return std::nullopt;
  }
  return input;
}

bool HasTestHalf(const Json& data) {
  const std::string& dataset = data["dataset"].AsString();
  const Json& options = data["options"];
  if (dataset == "idx") return options.Find("test_images") != nullptr;
  if (dataset == "csv" || dataset == "images") return options.Find("test") != nullptr;
  if (dataset != "concat") return true;
  const auto& parts = options["parts"].AsArray();
  return std::all_of(parts.begin(), parts.end(), HasTestHalf);
}

}  // namespace tutti::spec
