#include "experiments/spec/experiment_check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "experiments/core/config/experiment_config.h"
#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/meaning.h"
#include "experiments/spec/model_check.h"
#include "experiments/spec/older_forms.h"
#include "experiments/spec/search_rules.h"
#include "experiments/spec/search_spaces.h"
#include "experiments/spec/searcher_kinds.h"
#include "experiments/spec/space_conditions.h"

namespace tutti::spec {
namespace {

class ExperimentChecker {
 public:
  ExperimentChecker(Node root, const PathBases& bases, Report& report)
      : root_(std::move(root)), bases_(bases), report_(report), fitter_(report) {}

  CheckedExperiment Run() {
    AdoptOlderForms(root_, report_);
    const Node* program = root_.Find("entrypoint");
    entrypoint_ = program != nullptr && !program->is_null();
    const Node* searcher = root_.FindPath("searcher.name");
    pbt_ = searcher != nullptr && searcher->scalar == Json("pbt");
    if (const Node* section = root_.Find("hyperparameters")) {
      spaces_ = ReadSpaces(*section, entrypoint_, report_);
      ResolveConditions(spaces_, report_);
      if (!entrypoint_) WarnOfHiddenValues();
    }
    Node base = root_;
    std::vector<std::string> filled;
    if (!entrypoint_) filled = FillRequired(base);
    ShapedDocument shaped = CheckShape(base, bases_, report_);
    if (shaped.ok) {
      Complete(shaped.canonical, &shaped.provenance);
      for (const std::string& path : filled) shaped.provenance.Set(path, "hyperparameters");
      CheckTrialMeaning(shaped.canonical, base, report_);
      CheckSearchMeaning(shaped.canonical, base, spaces_, report_);
      if (!entrypoint_ && !VariesByMap("model")) fitter_.Check(shaped.canonical, base);
    }
    Json spaces = entrypoint_ ? SpacesAsWritten() : TrySpaces();
    if (shaped.ok) shaped.canonical.Set("hyperparameters", std::move(spaces));
    return {std::move(shaped.canonical), std::move(shaped.provenance)};
  }

 private:
  void WarnOfHiddenValues() {
    for (const SpaceUse& use : spaces_) {
      const Node* node = root_.FindPath(use.path);
      if (node == nullptr || node->at.source == 0 || use.key_at.source != 0) continue;
      report_.Warning(node->at, use.path,
                      "this value is never used: hyperparameters of the file give '" + use.path +
                          "'; set hyperparameters." + use.path + " instead");
    }
  }

  // A required field may come from the search space alone: the base document then has its first
  // value.
  std::vector<std::string> FillRequired(Node& base) const {
    std::vector<std::string> filled;
    for (const SpaceUse& use : spaces_) {
      const Field* field = FindField(use.path);
      const Node* present = base.FindPath(use.path);
      const bool required = field != nullptr && field->need == Need::kRequired;
      // model.preset may vary although no model is written.
      const bool of_missing_model = use.path.starts_with("model.") && base.Find("model") == nullptr;
      if (present != nullptr && !present->is_null()) continue;
      if (use.samples.empty() || !(required || of_missing_model)) continue;
      base.SetPath(use.path, use.samples.front());
      filled.push_back(use.path);
    }
    return filled;
  }

  // Defaults that depend on other fields.
  void Complete(Json& canonical, Json* provenance) const {
    const auto fill = [&](const char* path, Json value) {
      const Json* found = canonical.FindPath(path);
      if (found != nullptr) return;
      canonical.SetPath(path, std::move(value));
      if (provenance != nullptr) provenance->Set(path, "default");
    };
    CompleteSearcher(canonical);
    // The members of an ensemble of replicates are all replicates.
    const Json* members = canonical.FindPath("ensemble.members.replicates");
    const Node* replicates = root_.Find("replicates");
    if (members != nullptr && (replicates == nullptr || replicates->is_null())) {
      canonical.Set("replicates", *members);
    }
    for (const char* name : {"min_validation_period", "min_checkpoint_period"}) {
      Json& period = *canonical.Find(name);
      if (period.Find("batches") != nullptr) period.Erase("epochs");
    }
    if (entrypoint_) {
      if (canonical["working_directory"] == Json("")) {
        canonical.Set("working_directory", bases_.file);
      }
      if (root_.FindPath("evaluation.splits") == nullptr) {
        canonical.SetPath("evaluation.splits", Json::MakeArray());
      }
      return;
    }
    fill("data.split_seed", *canonical.FindPath("reproducibility.experiment_seed"));
    const Node* splits = root_.FindPath("evaluation.splits");
    if (splits != nullptr && !splits->is_null()) return;
    // The default is what there is.
    Json there = Json::MakeArray();
    if (canonical.FindPath("data.splits.validation")->AsDouble() > 0) there.Append("validation");
    if (HasTestHalf(canonical["data"]) || canonical.FindPath("data.splits.test") != nullptr) {
      there.Append("test");
    }
    canonical.SetPath("evaluation.splits", std::move(there));
  }

  void CompleteSearcher(Json& canonical) const {
    Json& searcher = *canonical.Find("searcher");
    searcher.Erase("max_length");
    const SearcherKind* kind = FindSearcherKind(searcher["name"].AsString());
    if (kind != nullptr && !kind->needs_max_trials) searcher.Set("max_trials", 1);
    for (const char* length : {"training.epochs", "training.max_batches"}) {
      const Json* found = canonical.FindPath(length);
      const auto varied = [&](const SpaceUse& use) { return use.path == length; };
      if (found == nullptr || searcher["max_time"].AsInt() != 0 ||
          std::any_of(spaces_.begin(), spaces_.end(), varied)) {
        continue;
      }
      searcher.Set("max_time", *found);
    }
    Json metrics = Json::MakeArray();
    for (Json objective : searcher["metrics"].AsArray()) {
      if (objective.Find("smaller_is_better") == nullptr) {
        objective.Set("smaller_is_better", SmallerIsBetter(objective["metric"].AsString()));
      }
      metrics.Append(std::move(objective));
    }
    searcher.Set("metrics", std::move(metrics));
  }

  bool VariesByMap(std::string_view path) const {
    for (const SpaceUse& use : spaces_) {
      if (use.path == path) return true;
    }
    return false;
  }

  // What a program makes of its values is its own affair.
  Json SpacesAsWritten() const {
    Json canonical = Json::MakeObject();
    for (std::size_t i = 0; i < spaces_.size(); ++i) {
      Json space = spaces_[i].canonical;
      if (!spaces_[i].when.empty()) space.Set("when", CanonicalWhen(spaces_, i, canonical));
      canonical.Set(spaces_[i].path, std::move(space));
    }
    return canonical;
  }

  // Puts every value of every space into the document, the others at their first value. Returns
  // the canonical spaces, whose values have every default of the maps among them.
  Json TrySpaces() {
    Json canonical = Json::MakeObject();
    for (std::size_t i = 0; i < spaces_.size(); ++i) {
      Json space = spaces_[i].canonical;
      Json values = Json::MakeArray();
      if (pbt_) CheckContinues(spaces_[i], report_);
      shapes_.clear();
      for (const Node& value : spaces_[i].samples) {
        auto used = TryWithChildren(i, value);
        values.Append(used ? std::move(*used) : JsonFromNode(value));
      }
      if (space.Find("vals") != nullptr) space.Set("vals", std::move(values));
      if (space.Find("val") != nullptr) space.Set("val", values[0]);
      if (!spaces_[i].when.empty()) space.Set("when", CanonicalWhen(spaces_, i, canonical));
      canonical.Set(spaces_[i].path, std::move(space));
    }
    return canonical;
  }

  // A parent's value must go with all values of its children (model and model.dropout).
  std::optional<Json> TryWithChildren(std::size_t index, const Node& value) {
    const std::string prefix = spaces_[index].path + ".";
    std::optional<Json> used = Try(index, value, index, value);
    for (std::size_t child = 0; child < spaces_.size(); ++child) {
      if (!spaces_[child].path.starts_with(prefix)) continue;
      for (const Node& child_value : spaces_[child].samples) {
        Try(index, value, child, child_value);
      }
    }
    return used;
  }

  // The canonical form of spaces_[a]'s value; nothing if the variant is wrong (reported).
  std::optional<Json> Try(std::size_t a, const Node& a_value, std::size_t b,
                          const Node& b_value) {
    std::vector<Node> choice = ChoiceWith(spaces_, b);
    choice[b] = b_value;
    choice[a] = a_value;
    const std::vector<bool> exists = Existing(spaces_, choice);
    if (!exists[a] || !exists[b]) return std::nullopt;
    Node variant = root_;
    Node alone = root_;  // without children, for the canonical value
    for (std::size_t i = 0; i < spaces_.size(); ++i) {
      if (!exists[i]) continue;
      variant.SetPath(spaces_[i].path, choice[i]);
      const bool below_a = spaces_[i].path.starts_with(spaces_[a].path + ".");
      if (!below_a) alone.SetPath(spaces_[i].path, choice[i]);
    }
    ShapedDocument shaped = CheckShape(variant, bases_, report_);
    if (!shaped.ok) return std::nullopt;
    Complete(shaped.canonical, nullptr);
    CheckTrialMeaning(shaped.canonical, variant, report_);
    fitter_.Check(shaped.canonical, variant);
    if (pbt_ && spaces_[b].path.starts_with("model")) {
      CheckSameShapes(spaces_[b], b_value, fitter_.Shapes(shaped.canonical));
    }
    if (a != b) return std::nullopt;
    const ShapedDocument plain = CheckShape(alone, bases_, report_);
    const Json* used = plain.ok ? plain.canonical.FindPath(spaces_[a].path) : nullptr;
    return used == nullptr ? std::nullopt : std::optional<Json>(*used);
  }

  // pbt goes on from the checkpoints of others, whose weights must fit.
  void CheckSameShapes(const SpaceUse& use, const Node& value, const std::string& shapes) {
    if (shapes.empty()) return;
    if (shapes_.empty()) shapes_ = shapes;
    if (shapes == shapes_) return;
    report_.Error(value.at, "hyperparameters." + use.path,
                  "searcher pbt goes on from the checkpoints of other trials, but with '" +
                      use.path + "' " + value.Text() + " the model has other weights; take it out "
                      "of hyperparameters");
  }

  Node root_;
  const PathBases& bases_;
  Report& report_;
  ModelFitter fitter_;
  bool entrypoint_ = false;
  bool pbt_ = false;
  std::string shapes_;  // of the first value of the space at hand
  std::vector<SpaceUse> spaces_;
};

}  // namespace

CheckedExperiment CheckExperiment(Node root, const PathBases& bases, Report& report) {
  return ExperimentChecker(std::move(root), bases, report).Run();
}

}  // namespace tutti::spec
