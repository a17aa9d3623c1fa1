#include "experiments/spec/model_cost.h"

#include "experiments/models/graph.h"
#include "experiments/spec/dataset_facts.h"

namespace tutti::spec {

Result<std::optional<ModelCost>> FindModelCost(const Json& document) {
  const Json* data = document.Find("data");
  const Json* model = document.Find("model");
  const bool described = data != nullptr && data->Find("dataset") != nullptr &&
                         data->Find("options") != nullptr && model != nullptr &&
                         model->is_object();
  if (!described) return std::optional<ModelCost>();
  const std::optional<ModelInput> input = FindModelInput(*data);
  if (!input) return std::optional<ModelCost>();
  TUTTI_ASSIGN_OR_RETURN(const Graph graph, BuildGraph(*model, input->shape, input->classes));
  return std::optional<ModelCost>(ModelCost{graph.parameters, graph.flops});
}

}  // namespace tutti::spec
