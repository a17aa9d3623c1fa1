#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/document.h"

namespace tutti::spec {
namespace {

// One data set: the document's, or a part of concat. `where` is "data" or
// "data.options.parts[0]".
class DatasetRules {
 public:
  DatasetRules(const Document& document, const Json& data, std::string where)
      : document_(document), data_(data), where_(std::move(where)) {}

  void Check() const {
    const std::string& dataset = data_["dataset"].AsString();
    CheckClasses();
    CheckClassNames();
    if (dataset == "idx") CheckPairs();
    if (dataset == "csv") CheckLength("shape", 3, "channels, height and width");
    if (dataset == "images") CheckLength("size", 2, "height and width");
    const Json* channels = data_["options"].Find("channels");
    if (dataset == "images" && channels->AsInt() == 2) {
      Fail(".options.channels", " is 2, expected 1 (grey) or 3 (colour)");
    }
  }

 private:
  void Fail(const std::string& field, const std::string& what) const {
    document_.Fail(where_ + field, where_ + field + what);
  }

  void CheckClasses() const {
    const std::string& dataset = data_["dataset"].AsString();
    const auto& chosen = data_["classes"].AsArray();
    if (where_ == "data" && chosen.size() == 1) {
      Fail(".classes", " has one class, expected two or more");
    }
    const DatasetFacts* facts = FindDatasetFacts(dataset);
    if (facts == nullptr) return;
    std::int64_t classes = facts->classes;
    if (dataset == "glyphs") classes = data_["options"]["classes"].AsInt();
    for (const Json& label : chosen) {
      if (label.AsInt() < classes) continue;
      Fail(".classes", " holds " + label.Dump() + ", but " + dataset + " has the classes 0 to " +
                           std::to_string(classes - 1));
    }
  }

  void CheckClassNames() const {
    const Json* names = data_["options"].Find("class_names");
    if (names == nullptr) return;
    std::set<std::string> seen;
    for (const Json& name : names->AsArray()) {
      if (!seen.insert(name.AsString()).second) {
        Fail(".options.class_names", " holds '" + name.AsString() + "' twice");
      }
    }
    if (names->size() < 2) Fail(".options.class_names", " needs at least two names");
  }

  void CheckPairs() const {
    const auto has = [&](const std::string& name) {
      return data_["options"].Find(name) != nullptr;
    };
    for (const std::string half : {"train", "test"}) {
      const bool images = has(half + "_images");
      if (images == has(half + "_labels")) continue;
      Fail(".options", " has " + half + (images ? "_images" : "_labels") + " but no " + half +
                           (images ? "_labels" : "_images"));
    }
    if (!has("train_images")) {
      document_.Fail(where_ + ".options", "data set idx needs " + where_ +
                                              ".options.train_images and train_labels");
    }
  }

  void CheckLength(const char* field, std::size_t length, const char* what) const {
    const Json& list = data_["options"][field];
    if (list.size() == length) return;
    Fail(std::string(".options.") + field,
         " is " + list.Dump() + ", expected " + std::to_string(length) + " integers: " + what);
  }

  const Document& document_;
  const Json& data_;
  std::string where_;
};

void CheckParts(const Document& document) {
  const Json& parts = *document.Get("data.options.parts");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string where = "data.options.parts[" + std::to_string(i) + "]";
    DatasetRules(document, parts[i], where).Check();
    const bool unnamed = parts[i]["dataset"] == Json("idx") &&
                         parts[i]["options"].Find("class_names") == nullptr;
    if (unnamed && parts.size() > 1) {
      document.Warn(where, where + " is idx without class_names: its classes are called by their "
                                   "numbers and join classes of the same name in other parts");
    }
  }
}

void CheckSubset(const Document& document) {
  const std::string& dataset = document.Text("data.dataset");
  const DatasetFacts* facts = FindDatasetFacts(dataset);
  const Json* subset = document.Get("data.subset");
  if (facts == nullptr || subset == nullptr) return;
  const std::int64_t items =
      dataset == "glyphs" ? document.Int("data.options.train") : facts->train_items;
  if (subset->AsInt() <= items) return;
  document.Fail("data.subset", "data.subset is " + subset->Dump() + ", but " + dataset + " has " +
                                   std::to_string(items) + " training items");
}

// What a data set must name to have a test half.
std::string TestOption(const std::string& dataset) {
  if (dataset == "idx") return "data.options.test_images";
  if (dataset == "concat") return "a test half in each of its parts";
  return "data.options.test";
}

void CheckEvaluated(const Document& document) {
  const bool validates = document.Number("data.splits.validation") > 0;
  const bool tests = HasTestHalf(document.canonical()["data"]) ||
                     document.Get("data.splits.test") != nullptr;
  for (const Json& split : document.Get("evaluation.splits")->AsArray()) {
    if (split == Json("test") && !tests) {
      document.Fail("evaluation.splits",
                    "evaluation.splits holds test, but the data set has neither " +
                        TestOption(document.Text("data.dataset")) + " nor data.splits.test");
    }
    if (split == Json("validation") && !validates) {
      document.Fail("evaluation.splits",
                    "evaluation.splits holds validation, but data.splits.validation is 0");
    }
  }
  if (!validates && document.Text("searcher.metric").starts_with("validation_")) {
    document.Fail("data.splits.validation",
                  "data.splits.validation is 0, but searcher.metric " +
                      document.Text("searcher.metric") + " needs a validation split");
  }
}

void CheckSplits(const Document& document) {
  const Json* train = document.Get("data.splits.train");
  const Json* test = document.Get("data.splits.test");
  const double validation = document.Number("data.splits.validation");
  if ((train == nullptr) != (test == nullptr)) {
    const std::string has = train == nullptr ? "test but no train" : "train but no test";
    return document.Fail("data.splits", "data.splits has " + has + ": the three-way form names "
                                            "train, validation and test");
  }
  if (train == nullptr) return;
  const double sum = train->AsDouble() + validation + test->AsDouble();
  if (std::fabs(sum - 1) > 1e-9) {
    document.Fail("data.splits",
                  "data.splits sum to " + FormatDouble(std::round(sum * 1e9) / 1e9) +
                      ", expected 1 (train " + FormatDouble(train->AsDouble()) + ", validation " +
                      FormatDouble(validation) + ", test " + FormatDouble(test->AsDouble()) + ")");
  }
}

}  // namespace

void CheckDataRules(const Document& document) {
  DatasetRules(document, document.canonical()["data"], "data").Check();
  if (document.Text("data.dataset") == "concat") CheckParts(document);
  CheckSubset(document);
  CheckSplits(document);
  CheckEvaluated(document);
}

}  // namespace tutti::spec
