#include "experiments/spec/older_forms.h"

#include <algorithm>
#include <string>
#include <utility>

#include "experiments/spec/field_table.h"
#include "experiments/spec/position.h"

namespace tutti::spec {
namespace {

bool IsInt(const Node* node) {
  return node != nullptr && node->kind == Node::Kind::kScalar && node->scalar.is_int();
}

bool IsText(const Node* node, std::string_view text) {
  return node != nullptr && node->kind == Node::Kind::kScalar && node->scalar == Json(text);
}

// The member if it is there and not null.
Node* Given(Node& map, std::string_view key) {
  Node* found = map.kind == Node::Kind::kMap ? map.Find(key) : nullptr;
  return found == nullptr || found->is_null() ? nullptr : found;
}

Node Scalar(Json value, Position at) {
  Node node;
  node.at = at;
  node.scalar = std::move(value);
  return node;
}

class Adopter {
 public:
  Adopter(Node& root, Report& report) : root_(root), report_(report) {}

  void Run() {
    Node* searcher = Given(root_, "searcher");
    if (searcher != nullptr && searcher->kind == Node::Kind::kMap) {
      AdoptMaxLength(*searcher);
      AdoptPopulation(*searcher);
      AdoptStopOnce(*searcher);
      AdoptMetric(*searcher);
      AdoptRounds(*searcher);
    }
    AdoptLength(searcher);
    for (const char* period : {"min_validation_period", "min_checkpoint_period"}) {
      AdoptPeriod(period);
    }
    DropContainer();
  }

 private:
  void Fail(const std::string& path, std::string message) {
    report_.Error(PositionOf(root_, path), path, std::move(message));
  }

  bool CountsBatches() const {
    return IsText(root_.FindPath("searcher.time_metric"), "batches");
  }

  // {epochs: N}, {batches: N}, {records: N} or N: sets `to`, and time_metric if it is not epochs.
  // False: it cannot be (reported), or its shape is wrong (the shape check says so).
  bool SetTime(Node& searcher, const std::string& from, const Node& length, const char* to) {
    if (IsInt(&length)) {
      searcher.Set(to, length.at, length);
      return true;
    }
    if (length.kind != Node::Kind::kMap || length.members.size() != 1) return false;
    const std::string unit = length.members[0].key;
    Node value = length.members[0].value;
    if (!IsInt(&value)) return false;
    if (unit == "records" && !ToBatches(from, value)) return false;
    const std::string metric = unit == "records" ? "batches" : unit;
    if (metric != "epochs" && metric != "batches") return false;
    const Node* written = Given(searcher, "time_metric");
    if (written != nullptr && !IsText(written, metric)) {
      Fail(from, from + " counts " + unit + ", but searcher.time_metric is " + written->Text() +
                     "; use the same for both");
      return false;
    }
    if (written == nullptr && metric != "epochs") {
      searcher.Set("time_metric", value.at, Scalar(metric, value.at));
    }
    searcher.Set(to, value.at, value);
    return true;
  }

  // Items to batches of the one batch size that all trials have.
  bool ToBatches(const std::string& from, Node& value) {
    const Node* size = root_.FindPath("training.batch_size");
    for (const char* path : {"hyperparameters.global_batch_size",
                             "hyperparameters.training.batch_size"}) {
      if (const Node* sampled = root_.FindPath(path)) size = sampled;
    }
    if (size != nullptr && IsText(size->Find("type"), "const")) size = size->Find("val");
    const bool written = size != nullptr && !size->is_null();
    if (written && (!IsInt(size) || size->scalar.AsInt() < 1)) {
      Fail(from, from + " counts records, which are no fixed number of batches where "
                        "training.batch_size varies; give epochs or batches");
      return false;
    }
    const std::int64_t batch = written ? size->scalar.AsInt()
                                       : FindField("training.batch_size")->default_value.AsInt();
    const std::int64_t batches = std::max<std::int64_t>(1, value.scalar.AsInt() / batch);
    report_.Warning(value.at, from, from + " of " + value.Text() + " records is taken as " +
                                        std::to_string(batches) + " batches of " +
                                        std::to_string(batch));
    value.scalar = batches;
    return true;
  }

  void AdoptMaxLength(Node& searcher) {
    const Node* old = Given(searcher, "max_length");
    if (old == nullptr) return;
    if (Given(searcher, "max_time") != nullptr) {
      return Fail("searcher.max_length",
                  "searcher has both max_time and max_length; they mean the same");
    }
    const Node copy = *old;
    if (SetTime(searcher, "searcher.max_length", copy, "max_time")) return;
    // What is wrong with it is said; that there is no length need not be said, too.
    if (TrainingLength() == nullptr && !CountsBatches()) {
      root_.SetPath("training.epochs", Scalar(kMostEpochs, copy.at));
    }
  }

  void Move(Node& searcher, const char* group, const char* from, const char* to) {
    Node* map = Given(searcher, group);
    Node* value = map == nullptr ? nullptr : Given(*map, from);
    if (value == nullptr) return;
    Node moved = std::move(*value);
    map->Erase(from);
    if (Given(searcher, to) != nullptr) {
      const std::string path = std::string("searcher.") + group + "." + from;
      return report_.Error(moved.at, path, path + " and searcher." + to +
                                               " mean the same; give one of them");
    }
    searcher.Set(to, moved.at, std::move(moved));
  }

  // The names that pbt's fields have in Determined.
  void AdoptPopulation(Node& searcher) {
    if (const Node* length = Given(searcher, "length_per_round")) {
      const Node copy = *length;
      if (Given(searcher, "round_time") != nullptr) {
        Fail("searcher.length_per_round", "searcher.length_per_round and searcher.round_time mean "
                                          "the same; give one of them");
      } else {
        SetTime(searcher, "searcher.length_per_round", copy, "round_time");
      }
      if (Given(searcher, "round_time") != nullptr) searcher.Erase("length_per_round");
    }
    Move(searcher, "replace_function", "truncate_fraction", "truncate_fraction");
    Move(searcher, "explore_function", "resample_probability", "resample_probability");
    Move(searcher, "explore_function", "perturb_factor", "perturb_factor");
    for (const char* group : {"replace_function", "explore_function"}) {
      const Node* map = Given(searcher, group);
      if (map != nullptr && map->kind == Node::Kind::kMap && map->members.empty()) {
        searcher.Erase(group);
      }
    }
  }

  // Determined once had two forms of ASHA.
  void AdoptStopOnce(Node& searcher) {
    const Node* once = Given(searcher, "stop_once");
    if (once == nullptr) return;
    if (once->scalar == Json(true)) {
      report_.Warning(PositionOf(root_, "searcher.stop_once"), "searcher.stop_once",
                      "field 'searcher.stop_once' is ignored: trials that were stopped never go on "
                      "again, which is what it asks for");
    } else {
      Fail("searcher.stop_once",
           "searcher.stop_once is " + once->Text() + ", but trials that were stopped never go on "
           "again here; leave it out or say true");
    }
    searcher.Erase("stop_once");
  }

  // The first of several metrics is the searcher's.
  void AdoptMetric(Node& searcher) {
    const Node* metrics = Given(searcher, "metrics");
    if (metrics == nullptr || metrics->kind != Node::Kind::kList || metrics->items.empty() ||
        Given(searcher, "metric") != nullptr) {
      return;
    }
    const Node first = metrics->items[0];
    const Node* name = first.kind == Node::Kind::kMap ? first.Find("metric") : &first;
    const Node* smaller = first.Find("smaller_is_better");
    if (name != nullptr) searcher.Set("metric", name->at, *name);
    if (smaller != nullptr && Given(searcher, "smaller_is_better") == nullptr) {
      searcher.Set("smaller_is_better", smaller->at, *smaller);
    }
  }

  // pbt's rounds make up the length of a trial.
  void AdoptRounds(Node& searcher) {
    const Node* rounds = Given(searcher, "num_rounds");
    const Node* time = Given(searcher, "round_time");
    const bool both = IsText(Given(searcher, "name"), "pbt") && IsInt(rounds) && IsInt(time);
    const Node* length = Given(searcher, "max_time");
    const bool given = length != nullptr && length->scalar != Json(0);
    if (!both || given || TrainingLength() != nullptr) return;
    const std::int64_t a = rounds->scalar.AsInt();
    const std::int64_t b = time->scalar.AsInt();
    constexpr std::int64_t kMost = 1'000'000'000;
    if (a < 1 || b < 1 || a > kMost || b > kMost) return;
    const Position at = time->at;
    searcher.Set("max_time", at, Scalar(a * b, at));
  }

  const Node* TrainingLength() const {
    const Node* found = root_.FindPath(CountsBatches() ? "training.max_batches"
                                                       : "training.epochs");
    return found == nullptr || found->is_null() ? nullptr : found;
  }

  // The length of a trial may stand in the searcher, as in Determined.
  void AdoptLength(Node* searcher) {
    if (Given(root_, "entrypoint") != nullptr) return;
    const Node* length = searcher == nullptr ? nullptr : Given(*searcher, "max_time");
    const std::string path = CountsBatches() ? "training.max_batches" : "training.epochs";
    if (!IsInt(length) || length->scalar.AsInt() == 0 || TrainingLength() != nullptr) return;
    const Node* training = root_.Find("training");
    if (training == nullptr || training->is_null() || training->kind == Node::Kind::kMap) {
      root_.SetPath(path, *length);
    }
  }

  // A bare number counts what the length of a trial counts.
  void AdoptPeriod(const char* name) {
    Node* period = Given(root_, name);
    if (!IsInt(period) || !CountsBatches()) return;
    Node map;
    map.kind = Node::Kind::kMap;
    map.at = period->at;
    map.Set("batches", period->at, *period);
    *period = std::move(map);
  }

  // Determined's `environment` describes a container and its variables.
  void DropContainer() {
    Node* environment = Given(root_, "environment");
    if (environment == nullptr || Given(root_, "entrypoint") == nullptr) return;
    for (const char* key : {"image", "force_pull_image", "pod_spec", "ports", "registry_auth",
                            "add_capabilities", "drop_capabilities", "proxy_ports"}) {
      if (Given(*environment, key) == nullptr) continue;
      const std::string path = std::string("environment.") + key;
      report_.Warning(PositionOf(root_, path), path,
                      "field '" + path + "' has no meaning here and is ignored: Tutti runs no "
                      "containers");
      environment->Erase(key);
    }
    Node* variables = Given(*environment, "environment_variables");
    if (variables == nullptr || variables->kind != Node::Kind::kList) return;
    const Node list = *variables;
    environment->Erase("environment_variables");
    for (const Node& item : list.items) AddVariable(item, *environment);
  }

  void AddVariable(const Node& item, Node& environment) {
    const std::string text = item.scalar.is_string() ? item.scalar.AsString() : "";
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return report_.Error(item.at, "environment",
                           "environment.environment_variables holds " + item.Text() +
                               ", expected NAME=VALUE");
    }
    environment.Set(text.substr(0, equals), item.at, Scalar(text.substr(equals + 1), item.at));
  }

  static constexpr std::int64_t kMostEpochs = 1'000'000;

  Node& root_;
  Report& report_;
};

}  // namespace

void AdoptOlderForms(Node& root, Report& report) {
  if (root.kind == Node::Kind::kMap) Adopter(root, report).Run();
}

}  // namespace tutti::spec
