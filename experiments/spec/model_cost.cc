#include "experiments/spec/model_cost.h"

#include <string>

#include "experiments/models/graph.h"
#include "experiments/spec/dataset_facts.h"

namespace tutti::spec {
namespace {

// Whether the section is as experiments/spec completes it; a document may come from elsewhere.
bool IsComplete(const Json& data) {
  const Json* dataset = data.Find("dataset");
  const Json* options = data.Find("options");
  const Json* classes = data.Find("classes");
  if (dataset == nullptr || !dataset->is_string() || options == nullptr || classes == nullptr) {
    return false;
  }
  const std::string& name = dataset->AsString();
  const auto has = [options](const char* key) { return options->Find(key) != nullptr; };
  if (!options->is_object() || !classes->is_array()) return false;
  if (name == "glyphs") return has("classes");
  if (name == "csv") return has("shape");
  if (name == "images") return has("channels") && has("size");
  return name != "concat" || has("parts");
}

}  // namespace

Result<std::optional<ModelCost>> FindModelCost(const Json& document) {
  const Json* data = document.Find("data");
  const Json* model = document.Find("model");
  const bool described = data != nullptr && IsComplete(*data) && model != nullptr &&
                         model->is_object();
  if (!described) return std::optional<ModelCost>();
  const std::optional<ModelInput> input = FindModelInput(*data);
  if (!input) return std::optional<ModelCost>();
  TUTTI_ASSIGN_OR_RETURN(const Graph graph, BuildGraph(*model, input->shape, input->classes));
  return std::optional<ModelCost>(ModelCost{graph.parameters, graph.flops});
}

}  // namespace tutti::spec
