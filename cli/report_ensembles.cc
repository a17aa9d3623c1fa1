#include <limits>

#include "cli/report_data.h"
#include "cli/report_query.h"

namespace tutti::cli {
namespace {

Status ReadMembers(Database& database, report::EnsembleData& e) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT m.position, coalesce(m.checkpoint, m.trial), m.weight, m.left_out, "
                     "a.accuracy_alone, a.accuracy_without, a.loss_alone, a.loss_without "
                     "FROM v_ensemble_members AS m LEFT JOIN v_ensemble_ablation AS a "
                     "ON a.ensemble_id = m.ensemble_id AND a.position = m.position "
                     "AND a.split = ?2 "
                     "WHERE m.ensemble_id = ?1 ORDER BY m.position IS NULL, m.position",
                     Json::MakeArray({e.ensemble_id, e.split})));
  for (const auto& row : rows.rows) {
    report::EnsembleMember m;
    m.position = row[0].is_int() ? row[0].AsInt() : -1;
    m.checkpoint = TextOf(row[1]);
    m.weight = MaybeDouble(row[2]);
    m.left_out = TextOf(row[3]);
    m.accuracy_alone = MaybeDouble(row[4]);
    m.accuracy_without = MaybeDouble(row[5]);
    m.loss_alone = MaybeDouble(row[6]);
    m.loss_without = MaybeDouble(row[7]);
    e.members.push_back(std::move(m));
  }
  return Ok{};
}

Status ReadCombinations(Database& database, report::EnsembleData& e) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT split, combine, chosen, n, accuracy, loss, macro_auc, macro_f1, ece, "
                     "best_member_accuracy, mean_member_accuracy, disagreement, double_fault "
                     "FROM v_ensemble_evaluations WHERE ensemble_id = ?1 "
                     "ORDER BY split, chosen DESC, combine",
                     Json::MakeArray({e.ensemble_id})));
  for (const auto& row : rows.rows) {
    report::EnsembleCombination c;
    c.split = TextOf(row[0]);
    c.combine = TextOf(row[1]);
    c.chosen = IntOr0(row[2]) != 0;
    c.n = IntOr0(row[3]);
    c.accuracy = MaybeDouble(row[4]);
    c.loss = MaybeDouble(row[5]);
    c.macro_auc = MaybeDouble(row[6]);
    c.macro_f1 = MaybeDouble(row[7]);
    c.ece = MaybeDouble(row[8]);
    c.best_member_accuracy = MaybeDouble(row[9]);
    c.mean_member_accuracy = MaybeDouble(row[10]);
    c.disagreement = MaybeDouble(row[11]);
    c.double_fault = MaybeDouble(row[12]);
    // Test is what ensembles are made for; validation where there is no labelled test split.
    if (c.accuracy && (e.split.empty() || c.split == "test")) e.split = c.split;
    e.combinations.push_back(std::move(c));
  }
  return Ok{};
}

Status ReadPairs(Database& database, report::EnsembleData& e) {
  std::vector<std::string> labels;
  for (const report::EnsembleMember& member : e.members) {
    if (member.position >= 0) labels.push_back(member.checkpoint);
  }
  TUTTI_ASSIGN_OR_RETURN(const Table rows,
                         database.Query("SELECT a, b, disagreement FROM v_ensemble_pairs "
                                        "WHERE ensemble_id = ?1 AND split = ?2 ORDER BY a, b",
                                        Json::MakeArray({e.ensemble_id, e.split})));
  if (rows.rows.empty()) return Ok{};
  const std::size_t n = labels.size();
  e.pair_labels = std::move(labels);
  e.pair_disagreement.assign(n * n, std::numeric_limits<double>::quiet_NaN());
  for (const auto& row : rows.rows) {
    const auto a = static_cast<std::size_t>(IntOr0(row[0]));
    const auto b = static_cast<std::size_t>(IntOr0(row[1]));
    if (a >= n || b >= n) return DataLoss("a pair of members that the ensemble does not have");
    e.pair_disagreement[a * n + b] = e.pair_disagreement[b * n + a] = DoubleOrNan(row[2]);
  }
  return Ok{};
}

}  // namespace

Result<std::vector<report::EnsembleData>> ReadEnsembles(Database& database,
                                                        std::int64_t experiment, Numbers numbers,
                                                        std::vector<std::string>& unverified) {
  std::vector<report::EnsembleData> ensembles;
  TUTTI_ASSIGN_OR_RETURN(const bool there, HasView(database, "v_ensembles"));
  if (!there) return ensembles;
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT DISTINCT ensemble_id, name, state, combine, message FROM v_ensembles "
                     "WHERE experiment_id = ?1 ORDER BY ensemble_id",
                     Json::MakeArray({experiment})));
  for (const auto& row : rows.rows) {
    report::EnsembleData e;
    e.ensemble_id = IntOr0(row[0]);
    e.name = TextOf(row[1]);
    e.state = TextOf(row[2]);
    e.combine = TextOf(row[3]);
    e.message = TextOf(row[4]);
    TUTTI_RETURN_IF_ERROR(ReadCombinations(database, e));
    TUTTI_RETURN_IF_ERROR(ReadMembers(database, e));
    TUTTI_RETURN_IF_ERROR(ReadPairs(database, e));
    if (numbers == Numbers::kRecomputed) {
      TUTTI_RETURN_IF_ERROR(RecomputeEnsemble(database, e, unverified));
    }
    ensembles.push_back(std::move(e));
  }
  return ensembles;
}

}  // namespace tutti::cli
