#include "coordinator/service/ensemble_evaluator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "storage/query_process.h"
#include "storage/read_store.h"
#include "storage/stored_predictions.h"

namespace tutti {
namespace {

using storage::CheckpointEvaluations;
using storage::StoredEvaluation;

constexpr storage::QueryLimits kReadLimits{.max_rows = 1'000'000, .timeout_ms = 120'000};
constexpr storage::QueryLimits kMembersQueryLimits{.max_rows = kMaxEnsembleMembers + 1,
                                                   .timeout_ms = 10'000};

struct EnsembleSpec {
  Combiner combiner = Combiner::kMeanProbability;
  std::vector<double> weights;
  std::int64_t min_members = 1;
  std::string query;  // of the members; "" if they are listed
};

Result<EnsembleSpec> ReadSpec(const Json& json) {
  EnsembleSpec spec;
  if (const Json* combine = json.Find("combine"); combine != nullptr && !combine->is_null()) {
    TUTTI_ASSIGN_OR_RETURN(const std::string name, json.GetString("combine"));
    const auto combiner = kCombinerNames.Parse(name);
    if (!combiner) {
      return InvalidArgument("combine is '" + name + "', expected " + kCombinerNames.Choices());
    }
    spec.combiner = *combiner;
  }
  if (const Json* weights = json.Find("weights"); weights != nullptr && weights->is_array()) {
    for (const Json& weight : weights->AsArray()) {
      if (!weight.is_number()) return InvalidArgument("weights holds " + weight.Dump());
      spec.weights.push_back(weight.AsDouble());
    }
  }
  if (const Json* least = json.Find("min_members"); least != nullptr && least->is_int()) {
    spec.min_members = least->AsInt();
  }
  const Json* members = json.Find("members");
  const Json* query = members != nullptr && members->is_object() ? members->Find("query") : nullptr;
  if (query != nullptr && query->is_string()) spec.query = query->AsString();
  return spec;
}

// The first column of a query of a user, in the process that confines it.
Result<std::vector<std::string>> RunMembersQuery(const std::string& database,
                                                 const std::string& program,
                                                 const std::string& sql) {
  storage::QueryRequest request;
  request.database = database;
  request.sql = sql;
  request.limits = kMembersQueryLimits;
  std::vector<std::string> names;
  std::optional<std::string> wrong;
  const Status done = storage::RunQueryInHelper(program, request, [&](const auto& chunk) {
    if (!chunk.rows.is_array()) return true;
    for (const Json& row : chunk.rows.AsArray()) {
      if (row.size() > 0 && row[0].is_string()) {
        names.push_back(row[0].AsString());
      } else if (!wrong) {
        wrong = row.size() > 0 ? row[0].Dump() : "nothing";
      }
    }
    return true;
  });
  if (!done) return done.error().Wrap("the query of the ensemble's members");
  if (wrong) {
    return InvalidArgument("the query of the ensemble's members gave " + *wrong +
                           " in its first column, expected text as '12.3' or '12.3@best' (the "
                           "column `trial` of the views)");
  }
  return names;
}

// What is known of the members before any logit is read.
struct Candidates {
  std::vector<engine::EnsembleMember> members;
  std::vector<CheckpointEvaluations> found;  // one per member
};

Status CheckCount(std::size_t members, const EnsembleSpec& spec) {
  const std::string source = spec.query.empty() ? "the ensemble has " : "the members query found ";
  if (members > kMaxEnsembleMembers) {
    return InvalidArgument(source + "more than " + std::to_string(kMaxEnsembleMembers) +
                           " members; add a LIMIT or choose fewer");
  }
  const auto least = static_cast<std::size_t>(std::max<std::int64_t>(spec.min_members, 1));
  if (members < least) {
    return FailedPrecondition(source + std::to_string(members) + " members, min_members is " +
                              std::to_string(least));
  }
  return Ok{};
}

Result<Candidates> FindMembers(const storage::RunQuery& read, const std::string& database,
                               const std::string& program, const EnsembleSpec& spec,
                               const engine::EvaluateEnsemble& order) {
  Candidates c;
  c.members = order.members;
  if (c.members.empty() && !spec.query.empty()) {
    TUTTI_ASSIGN_OR_RETURN(const auto names, RunMembersQuery(database, program, spec.query));
    TUTTI_RETURN_IF_ERROR(CheckCount(names.size(), spec));
    for (const std::string& name : names) {
      auto ref = storage::FindCheckpoint(read, name);
      if (!ref) return ref.error().Wrap("the query of the ensemble's members");
      engine::EnsembleMember member{ref->trial, ref->checkpoint_name};
      if (std::find(c.members.begin(), c.members.end(), member) == c.members.end()) {
        c.members.push_back(std::move(member));
      }
    }
  }
  TUTTI_RETURN_IF_ERROR(CheckCount(c.members.size(), spec));
  for (const engine::EnsembleMember& member : c.members) {
    TUTTI_ASSIGN_OR_RETURN(
        CheckpointEvaluations found,
        storage::FindEvaluations(read, member.trial, member.checkpoint_name));
    if (found.evaluations.empty()) {
      return FailedPrecondition(
          "member " + found.text + " has no stored predictions: train with "
          "`evaluation.predictions: best`, or store them now with `tutti evaluate " + found.text +
          " --splits validation,test`");
    }
    c.found.push_back(std::move(found));
  }
  return c;
}

std::string Quoted(const std::vector<std::string>& names) {
  std::string text = std::to_string(names.size()) + " classes (";
  for (std::size_t i = 0; i < names.size() && i < 12; ++i) text += (i > 0 ? " " : "") + names[i];
  return text + (names.size() > 12 ? " …)" : ")");
}

Status CheckClasses(const Candidates& c) {
  const auto& first = c.found[0].evaluations[0].class_names;
  for (const CheckpointEvaluations& member : c.found) {
    for (const StoredEvaluation& evaluation : member.evaluations) {
      if (evaluation.class_names == first) continue;
      return FailedPrecondition(
          "an ensemble's members must tell the same classes apart: " + c.found[0].text + " has " +
          Quoted(first) + ", " + member.text + " has " + Quoted(evaluation.class_names));
    }
  }
  return Ok{};
}

const StoredEvaluation* OfSplit(const CheckpointEvaluations& member, const std::string& split) {
  for (const StoredEvaluation& evaluation : member.evaluations) {
    if (evaluation.split == split) return &evaluation;
  }
  return nullptr;
}

// One split of all members; nothing if a member has not evaluated it.
Result<std::optional<MemberPredictions>> LoadSplit(const storage::RunQuery& read,
                                                   const Candidates& c, const std::string& split) {
  std::int64_t bytes = 0;
  for (const CheckpointEvaluations& member : c.found) {
    const StoredEvaluation* evaluation = OfSplit(member, split);
    if (evaluation == nullptr) return std::optional<MemberPredictions>();
    bytes += evaluation->n * evaluation->classes * static_cast<std::int64_t>(sizeof(float));
  }
  // Loaded, then joined, while validation is kept: three at the worst.
  if (bytes > kMaxEnsembleBytes / 3) {
    return Error(ErrorCode::kResourceExhausted,
                 "the predictions of " + std::to_string(c.found.size()) + " members on " + split +
                     " take " + std::to_string(bytes >> 20) + " MiB, at most " +
                     std::to_string((kMaxEnsembleBytes / 3) >> 20) +
                     " MiB are combined; choose fewer members");
  }
  std::vector<storage::StoredPredictions> loaded;
  std::vector<std::string> names;
  for (const CheckpointEvaluations& member : c.found) {
    TUTTI_ASSIGN_OR_RETURN(
        storage::StoredPredictions predictions,
        storage::LoadPredictions(read, OfSplit(member, split)->evaluation_id));
    loaded.push_back(std::move(predictions));
    names.push_back(member.text);
  }
  auto joined = storage::JoinByItem(loaded, names);
  if (!joined) return joined.error().Wrap("split " + split);
  return std::optional<MemberPredictions>(std::move(*joined));
}

bool CanFit(const std::optional<MemberPredictions>& validation) {
  return validation && validation->complete && validation->labelled() &&
         !validation->items.empty();
}

// The chosen combiner and, to compare, all others that can be had.
Status EvaluateSplit(const std::string& name, const MemberPredictions& split,
                     const EnsembleSpec& spec, const MemberPredictions* validation,
                     EvaluatedEnsemble& out) {
  for (const auto& [combiner, text] : kCombinerNames.rows) {
    const bool chosen = combiner == spec.combiner;
    WeightRule rule{combiner, {}, validation};
    if (chosen && combiner == Combiner::kWeighted && !spec.weights.empty()) {
      rule.given = spec.weights;
    }
    auto evaluation = EvaluateEnsemble(name, split, rule, chosen);
    if (!evaluation) {
      // A combiner that is there to compare may be impossible (no validation to fit it on).
      if (!chosen) continue;
      return evaluation.error();
    }
    out.result.evaluations.push_back(std::move(*evaluation));
  }
  out.result.pairs.push_back({name, Diversity(split)});
  return Ok{};
}

void AddNote(std::string& message, const std::string& note) {
  message += (message.empty() ? "" : "; ") + note;
}

// train before validation before test, as FindEvaluations sorts them.
std::vector<std::string> SplitsOf(const Candidates& c) {
  std::vector<std::string> names;
  for (const CheckpointEvaluations& member : c.found) {
    for (const StoredEvaluation& evaluation : member.evaluations) {
      if (std::find(names.begin(), names.end(), evaluation.split) == names.end()) {
        names.push_back(evaluation.split);
      }
    }
  }
  return names;
}

Status EvaluateSplits(const storage::RunQuery& read, const Candidates& c, const EnsembleSpec& spec,
                      EvaluatedEnsemble& out) {
  TUTTI_ASSIGN_OR_RETURN(const auto validation, LoadSplit(read, c, "validation"));
  const MemberPredictions* fit = CanFit(validation) ? &*validation : nullptr;
  const std::string all = "all " + std::to_string(c.members.size()) + " members";
  for (const std::string& name : SplitsOf(c)) {
    std::optional<MemberPredictions> loaded;
    if (name != "validation") {
      TUTTI_ASSIGN_OR_RETURN(loaded, LoadSplit(read, c, name));
    }
    const auto& split = name == "validation" ? validation : loaded;
    if (!split) {
      AddNote(out.message, "not all members were evaluated on " + name);
      continue;
    }
    if (!split->complete) {
      AddNote(out.message, name + ": " + std::to_string(split->items.size()) +
                               " items that " + all + " share");
    }
    if (split->items.empty()) continue;
    TUTTI_RETURN_IF_ERROR(EvaluateSplit(name, *split, spec, fit, out));
  }
  if (!out.result.evaluations.empty()) return Ok{};
  return FailedPrecondition("there is no split on which " + all +
                            " have stored predictions of the same items");
}

}  // namespace

Result<EvaluatedEnsemble> RunEnsembleEvaluation(const std::string& database,
                                                const std::string& query_program,
                                                const engine::EvaluateEnsemble& order) {
  TUTTI_ASSIGN_OR_RETURN(const EnsembleSpec spec, ReadSpec(order.spec));
  TUTTI_ASSIGN_OR_RETURN(const auto store, storage::ReadStore::Open(database));
  const storage::RunQuery read = [&](const std::string& sql, const std::vector<Json>& params) {
    return store->Query(sql, params, kReadLimits);
  };
  TUTTI_ASSIGN_OR_RETURN(const Candidates found,
                         FindMembers(read, database, query_program, spec, order));
  TUTTI_RETURN_IF_ERROR(CheckClasses(found));
  EvaluatedEnsemble out;
  out.result.ensemble = order.ensemble;
  out.members = found.members;
  TUTTI_RETURN_IF_ERROR(EvaluateSplits(read, found, spec, out));
  return out;
}

}  // namespace tutti
