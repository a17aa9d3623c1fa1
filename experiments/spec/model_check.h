#pragma once

#include <map>
#include <string>

#include "experiments/core/json.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// Checks of `model`: first its form, then whether the layers fit the data set.

namespace tutti::spec {

// What is known about a data set without reading it.
struct DatasetFacts {
  std::string name;
  std::int64_t channels = 1, height = 28, width = 28;
  std::int64_t classes = 0;
  std::int64_t train_items = 0;
};
// nullptr for those that only their files describe (idx). glyphs: all 36 classes.
const DatasetFacts* FindDatasetFacts(std::string_view dataset);

// A known preset with known parameters, or a list of layers. False if something was reported.
bool CheckModelShape(const Node& model, Position key_at, Report& report);

// Runs shape inference (experiments/models) for the document's data set and reports where it
// fails. One checker serves many variants of a document: models that it has seen are not built
// again.
class ModelFitter {
 public:
  explicit ModelFitter(Report& report) : report_(report) {}
  void Check(const Json& canonical, const Node& root);

 private:
  Report& report_;
  std::map<std::string, std::string> seen_;  // model and input -> error, "" if it fits
};

}  // namespace tutti::spec
