#include "cli/predict_networks.h"

#include <algorithm>

namespace tutti::cli {
namespace {

// Well below gRPC's limit of 64 MiB a message.
constexpr std::int64_t kBatchBytes = std::int64_t{16} << 20;

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

// The logits of one network for all pictures, in batches.
Result<std::vector<float>> AskOne(CoordinatorClient& client, const CheckpointId& id,
                                  const std::string& pixels, std::int64_t n,
                                  const std::vector<std::int64_t>& shape,
                                  std::vector<std::string>& class_names) {
  const std::int64_t each = shape[0] * shape[1] * shape[2];
  const std::int64_t batch = std::max<std::int64_t>(1, kBatchBytes / each);
  std::vector<float> logits;
  for (std::int64_t first = 0; first < n; first += batch) {
    const std::int64_t count = std::min(batch, n - first);
    Evaluation evaluation;
    evaluation.experiment = id.experiment;
    evaluation.trial_no = id.trial_no;
    evaluation.checkpoint = id.checkpoint;
    evaluation.task =
        Json::MakeObject({{"kind", "predict"},
                          {"n", count},
                          {"shape", Json::MakeArray({shape[0], shape[1], shape[2]})},
                          {"activations", false}});
    evaluation.input = pixels.substr(static_cast<std::size_t>(first * each),
                                     static_cast<std::size_t>(count * each));
    TUTTI_ASSIGN_OR_RETURN(const EvaluationResult result, client.Evaluate(evaluation));
    TUTTI_ASSIGN_OR_RETURN(const std::vector<float> part, result.Logits());
    const Json* names = result.header.Find("class_names");
    class_names.clear();
    if (names != nullptr && names->is_array()) {
      for (const Json& name : names->AsArray()) {
        class_names.push_back(name.is_string() ? name.AsString() : name.Dump());
      }
    }
    if (class_names.empty() || part.size() != class_names.size() * static_cast<std::size_t>(count)) {
      return Internal(std::to_string(part.size()) + " logits of " + std::to_string(count) +
                      " pictures and " + std::to_string(class_names.size()) + " classes");
    }
    logits.insert(logits.end(), part.begin(), part.end());
  }
  return logits;
}

}  // namespace

NetworkGroup SingleNetwork(const CheckpointId& id) {
  return {id.text(), {id}, {1.0}, Combiner::kMeanProbability};
}

Result<NetworkGroup> ReadEnsemble(Database& database, std::int64_t ensemble) {
  const std::string name = "ensemble " + std::to_string(ensemble);
  const Json id = Json::MakeArray({ensemble});
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      database.Query("SELECT combine, state FROM v_ensembles WHERE ensemble_id = ?1 LIMIT 1", id));
  if (found.rows.empty()) {
    return NotFound("there is no " + name + "; `tutti sql 'SELECT DISTINCT ensemble_id, name FROM "
                    "v_ensembles'` lists those that exist");
  }
  const std::string combine = found.rows[0][0].AsString();
  const auto combiner = kCombinerNames.Parse(combine);
  if (!combiner) return Internal(name + " has the unknown combiner " + combine);
  NetworkGroup group;
  group.name = name;
  group.combiner = *combiner;
  TUTTI_ASSIGN_OR_RETURN(
      const Table members,
      database.Query("SELECT checkpoint, weight FROM v_ensemble_members WHERE ensemble_id = ?1 AND "
                     "position IS NOT NULL ORDER BY position",
                     id));
  std::vector<double> weights;
  for (const auto& row : members.rows) {
    TUTTI_ASSIGN_OR_RETURN(const CheckpointId member,
                           ParseCheckpointId(database, row[0].AsString()));
    if (!row[1].is_number()) {
      return FailedPrecondition(name + " (" + found.rows[0][1].AsString() +
                                ") has no weights yet: it is evaluated first");
    }
    group.networks.push_back(member);
    weights.push_back(row[1].AsDouble());
  }
  if (group.networks.empty()) return FailedPrecondition(name + " has no members yet");
  TUTTI_ASSIGN_OR_RETURN(group.weights, NormalizedWeights(weights, weights.size()));
  return group;
}

Result<Answers> AskNetworks(CoordinatorClient& client, const NetworkGroup& group,
                            const std::string& pixels, std::int64_t n,
                            const std::vector<std::int64_t>& shape) {
  Answers answers;
  MemberPredictions members;
  for (std::int64_t i = 0; i < n; ++i) {
    members.items.push_back(static_cast<std::int32_t>(i));
    members.labels.push_back(-1);
  }
  for (const CheckpointId& network : group.networks) {
    std::vector<std::string> names;
    auto logits = AskOne(client, network, pixels, n, shape, names);
    if (!logits) return logits.error().Wrap("network " + network.text());
    if (members.logits.empty()) {
      answers.class_names = names;
    } else if (names != answers.class_names) {
      return InvalidArgument("the networks of " + group.name + " know different classes: " +
                             group.networks[0].text() + " " + Joined(answers.class_names) + ", " +
                             network.text() + " " + Joined(names));
    }
    members.logits.push_back(std::move(*logits));
  }
  members.classes = static_cast<std::int64_t>(answers.class_names.size());
  TUTTI_RETURN_IF_ERROR(CheckMemberPredictions(members));
  answers.combined = Combine(members, group.combiner, group.weights);
  return answers;
}

}  // namespace tutti::cli
