#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "experiments/spec/document.h"

namespace tutti::spec {
namespace {

std::string CountText(double count) {
  return std::to_string(static_cast<std::int64_t>(count));
}

class EnsembleRules {
 public:
  EnsembleRules(const Document& document, double configurations)
      : document_(document),
        members_(*document.Get("ensemble.members")),
        combine_(document.Text("ensemble.combine")),
        trials_(configurations * static_cast<double>(document.Int("replicates"))) {}

  void Check() {
    if (!CheckKind()) return;
    CheckCount();
    CheckWeights();
    CheckEvaluation();
  }

 private:
  // Exactly one way to say who the members are.
  bool CheckKind() {
    if (members_ == Json("all")) {
      kind_ = "all";
      count_ = trials_;
      return true;
    }
    for (const auto& [key, value] : members_.AsObject()) {
      if (!kind_.empty()) {
        document_.Fail("ensemble.members", "ensemble.members has both " + kind_ + " and " + key +
                                               ", expected one of them");
        return false;
      }
      kind_ = key;
      if (value.is_int()) count_ = value.AsDouble();
    }
    if (!kind_.empty()) return true;
    document_.Fail("ensemble.members", "ensemble.members is empty, expected a number, all, or one "
                                       "of replicates, best, snapshots and query");
    return false;
  }

  void CheckCount() const {
    const std::int64_t replicates = document_.Int("replicates");
    if (kind_ == "replicates" && *count_ != static_cast<double>(replicates)) {
      document_.Fail("replicates", "replicates is " + std::to_string(replicates) +
                                       ", but ensemble.members says " + CountText(*count_) +
                                       ": the members are all replicates of a configuration; "
                                       "leave replicates out");
    }
    if ((kind_ == "best" || kind_ == "all") && *count_ > trials_) {
      document_.Fail("ensemble.members", "ensemble.members is the best " + CountText(*count_) +
                                             " trials, but the search makes only " +
                                             CountText(trials_));
    }
    if (document_.Get("training.epochs") == nullptr) {
      document_.Fail("ensemble.members", "ensemble.members.snapshots are spread over epochs, but "
                                         "the length of a trial is in batches");
      return;
    }
    const std::int64_t epochs = document_.Int("training.epochs");
    if (kind_ == "snapshots" && *count_ > static_cast<double>(epochs)) {
      document_.Fail("ensemble.members", "ensemble.members is " + CountText(*count_) +
                                             " snapshots, but training has only " +
                                             std::to_string(epochs) + " epochs");
    }
    if (kind_ == "snapshots" && document_.Get("training.early_stopping") != nullptr) {
      document_.Warn("training.early_stopping", "training.early_stopping may end a trial before "
                                                "its last snapshots: they are then left out");
    }
    if (kind_ == "query") CheckQuery();
    const std::int64_t least = document_.Int("ensemble.min_members");
    if (count_ && static_cast<double>(least) > *count_) {
      document_.Fail(kind_ == "all" && !document_.Written("ensemble.min_members")
                         ? "ensemble.members"
                         : "ensemble.min_members",
                     "ensemble.min_members is " + std::to_string(least) +
                         ", but the ensemble has only " + CountText(*count_) + " member" +
                         (*count_ == 1 ? "" : "s"));
    }
  }

  void CheckQuery() const {
    std::string word;
    for (const char c : members_["query"].AsString()) {
      const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
      if (!letter && !word.empty()) break;
      if (letter) word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (word == "SELECT" || word == "WITH") return;
    document_.Fail("ensemble.members.query",
                   "ensemble.members.query must be a SELECT whose first column is a trial or a "
                   "checkpoint, for example SELECT trial FROM v_leaderboard ORDER BY best_value "
                   "DESC LIMIT 5");
  }

  void CheckWeights() const {
    const Json& weights = *document_.Get("ensemble.weights");
    if (weights.size() == 0) return;
    if (combine_ != "weighted") {
      return document_.Fail("ensemble.weights", "ensemble.weights applies only if ensemble.combine "
                                                "is weighted, but it is " + combine_);
    }
    if (count_ && static_cast<double>(weights.size()) != *count_) {
      document_.Fail("ensemble.weights", "ensemble.weights has " + std::to_string(weights.size()) +
                                             " numbers, but the ensemble has " +
                                             CountText(*count_) + " members");
    }
    double sum = 0;
    for (const Json& weight : weights.AsArray()) sum += weight.AsDouble();
    if (!(sum > 0)) {
      document_.Fail("ensemble.weights", "ensemble.weights are all 0, expected one above 0");
    }
  }

  // What the combination is computed from must have been stored.
  void CheckEvaluation() const {
    if (document_.Text("evaluation.predictions") != "best") {
      document_.Fail("evaluation.predictions",
                     "evaluation.predictions is none, but an ensemble combines stored "
                     "predictions; say best");
    }
    const auto& splits = document_.Get("evaluation.splits")->AsArray();
    if (splits.empty()) {
      document_.Fail("evaluation.splits",
                     "evaluation.splits is empty, but an ensemble needs its members evaluated");
    }
    const bool fitted = combine_ == "greedy" ||
                        (combine_ == "weighted" && document_.Get("ensemble.weights")->size() == 0);
    if (!fitted) return;
    const std::string what = combine_ == "greedy"
                                 ? "ensemble.combine greedy selects its members"
                                 : "ensemble.combine weighted without weights fits them";
    if (std::find(splits.begin(), splits.end(), Json("validation")) == splits.end()) {
      document_.Fail("evaluation.splits", what + " on validation, which evaluation.splits does "
                                                 "not hold");
    }
    // Snapshots are of one trial, which has one split.
    if (*document_.Get("data.split_seed") == Json("per_trial") && kind_ != "snapshots") {
      document_.Fail("data.split_seed", what + " on a validation split that all members share, "
                                               "but data.split_seed is per_trial");
    }
  }

  const Document& document_;
  const Json& members_;
  const std::string& combine_;
  double trials_;
  std::string kind_;
  std::optional<double> count_;  // unknown for a query
};

}  // namespace

void CheckEnsembleRules(const Document& document, double configurations) {
  if (document.Get("ensemble") == nullptr) return;
  EnsembleRules(document, configurations).Check();
}

}  // namespace tutti::spec
