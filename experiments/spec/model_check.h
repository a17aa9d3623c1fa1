#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// Checks of `model`: first its form, then whether the layers fit the data set.

namespace tutti::spec {

// A known preset with known parameters, or a list of layers. False if something was reported.
bool CheckModelShape(const Node& model, Position key_at, Report& report);

// Runs shape inference (experiments/models) for the document's data set and reports where it
// fails, and which patterns of weight names match nothing. One checker serves many variants of a
// document: models that it has seen are not built again.
class ModelFitter {
 public:
  explicit ModelFitter(Report& report) : report_(report) {}
  void Check(const Json& canonical, const Node& root);
  // The shapes of the weights of a document that Check has seen; "" if they are not known.
  std::string Shapes(const Json& canonical) const;

 private:
  struct Fit {
    std::string error;  // "" if the model fits
    std::vector<std::string> weights;
    std::string shapes;  // WeightShapes
  };
  void CheckPatterns(const Json& canonical, const Node& root,
                     const std::vector<std::string>& weights);

  Report& report_;
  std::map<std::string, Fit> seen_;  // by model and input
};

}  // namespace tutti::spec
