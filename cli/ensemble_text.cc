#include "cli/ensemble_text.h"

#include <charconv>
#include <cstdio>

namespace tutti::cli {
namespace {

Result<Table> Rows(Database& database, const std::string& sql, std::int64_t id) {
  return database.Query(sql, Json::MakeArray({id}));
}

Result<Json> Head(Database& database, std::int64_t ensemble) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      Rows(database, "SELECT ensemble_id, name, experiment_id, configuration_no, state, combine, "
                     "members, min_members, left_out, message, created_at, ended_at "
                     "FROM v_ensembles WHERE ensemble_id = ?1 LIMIT 1", ensemble));
  if (rows.rows.empty()) {
    return NotFound("there is no ensemble " + std::to_string(ensemble) +
                    "; `tutti ensemble ls` lists what there is");
  }
  return ToJson(rows)[0];
}

std::string Text(const Json& object, std::string_view key) {
  const Json* value = object.Find(key);
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? value->AsString() : value->Dump();
}

std::string Percent(const Json& value) {
  if (!value.is_number()) return "?";
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f %%", value.AsDouble() * 100);
  return text;
}

std::string HeadText(const Json& head) {
  std::string text = "ensemble " + Text(head, "ensemble_id") + " '" + Text(head, "name") + "'";
  if (const std::string experiment = Text(head, "experiment_id"); !experiment.empty()) {
    text += " of experiment " + experiment;
  }
  text += ": " + Text(head, "combine") + " of " + Text(head, "members") + " members, " +
          Text(head, "state") + "\n";
  if (const std::string why = Text(head, "message"); !why.empty()) text += why + "\n";
  return text;
}

// "test: ensemble 99.52 % of 10000; best member 99.31 %, mean member 99.20 %".
std::string SplitLine(const std::vector<Json>& row) {
  const std::string split = row[0].AsString();
  if (row[2].is_null()) return split + ": " + row[1].Dump() + " items without labels\n";
  return split + ": ensemble " + Percent(row[2]) + " of " + row[1].Dump() + ", best member " +
         Percent(row[3]) + ", mean member " + Percent(row[4]) + "\n";
}

Result<std::string> MembersOnSplit(Database& database, std::int64_t ensemble,
                                   const std::string& split, int max_width) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table table,
      database.Query("SELECT a.position AS member, a.checkpoint, m.weight, a.accuracy_alone AS "
                     "alone, a.accuracy_without AS \"ensemble without it\", a.loss_alone, "
                     "a.loss_without FROM v_ensemble_ablation AS a JOIN v_ensemble_members AS m "
                     "ON m.ensemble_id = a.ensemble_id AND m.position = a.position "
                     "WHERE a.ensemble_id = ?1 AND a.split = ?2 ORDER BY a.position",
                     Json::MakeArray({ensemble, split})));
  return Render(table, Format::kTable, max_width);
}

Result<std::string> Splits(Database& database, std::int64_t ensemble, int max_width) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table splits,
      Rows(database, "SELECT split, n, accuracy, best_member_accuracy, mean_member_accuracy "
                     "FROM v_ensembles WHERE ensemble_id = ?1 AND split IS NOT NULL "
                     "ORDER BY split = 'test', split DESC", ensemble));
  std::string text;
  for (const auto& row : splits.rows) {
    text += SplitLine(row);
    if (row[2].is_null()) continue;
    TUTTI_ASSIGN_OR_RETURN(const std::string members,
                           MembersOnSplit(database, ensemble, row[0].AsString(), max_width));
    text += members;
  }
  return text;
}

Result<std::string> LeftOut(Database& database, std::int64_t ensemble) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      Rows(database, "SELECT trial, left_out FROM v_ensemble_members "
                     "WHERE ensemble_id = ?1 AND left_out IS NOT NULL ORDER BY trial_id",
           ensemble));
  std::string text;
  for (const auto& row : rows.rows) {
    text += "left out: " + row[0].AsString() + ", " + row[1].AsString() + "\n";
  }
  return text;
}

Result<std::string> Details(Database& database, std::int64_t ensemble, int max_width) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table combiners,
      Rows(database, "SELECT split, combine, iif(chosen, '*', '') AS chosen, n, accuracy, loss, "
                     "macro_auc, macro_f1, ece, brier FROM v_ensemble_evaluations "
                     "WHERE ensemble_id = ?1 ORDER BY split = 'test', split DESC, chosen DESC, "
                     "combine", ensemble));
  std::string text;
  if (!combiners.rows.empty()) {
    text += "\ncombiners\n" + Render(combiners, Format::kTable, max_width);
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table pairs,
      Rows(database, "SELECT split, checkpoint_a AS a, checkpoint_b AS b, disagreement, "
                     "double_fault FROM v_ensemble_pairs AS p WHERE ensemble_id = ?1 "
                     "ORDER BY split = 'test', split DESC, p.a, p.b", ensemble));
  if (!pairs.rows.empty()) {
    text += "\ndiversity: different predictions, and both wrong (shares of the items)\n" +
            Render(pairs, Format::kTable, max_width);
  }
  return text;
}

}  // namespace

Result<std::int64_t> ParseEnsemble(Database& database, const std::string& text) {
  std::int64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, id);
  const bool number = parsed.ec == std::errc() && parsed.ptr == end && id > 0;
  if (!number && text != "last") {
    return InvalidArgument("'" + text + "' is no ensemble; expected its number, or `last`");
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      Rows(database, "SELECT max(ensemble_id) FROM v_ensembles WHERE ?1 IN (ensemble_id, 0)", id));
  if (rows.rows.empty() || !rows.rows[0][0].is_int()) {
    return NotFound(number ? "there is no ensemble " + text +
                                 "; `tutti ensemble ls` lists what there is"
                           : "there is no ensemble yet; `tutti ensemble create` makes one");
  }
  return rows.rows[0][0].AsInt();
}

Result<std::vector<std::int64_t>> EnsemblesOf(Database& database, std::int64_t experiment) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      Rows(database, "SELECT DISTINCT ensemble_id FROM v_ensembles WHERE experiment_id = ?1 "
                     "ORDER BY ensemble_id", experiment));
  std::vector<std::int64_t> ids;
  for (const auto& row : rows.rows) ids.push_back(row[0].AsInt());
  return ids;
}

Result<std::string> EnsembleText(Database& database, std::int64_t ensemble, bool details,
                                 int max_width) {
  TUTTI_ASSIGN_OR_RETURN(const Json head, Head(database, ensemble));
  std::string text = HeadText(head);
  TUTTI_ASSIGN_OR_RETURN(const std::string left_out, LeftOut(database, ensemble));
  TUTTI_ASSIGN_OR_RETURN(const std::string splits, Splits(database, ensemble, max_width));
  text += left_out + splits;
  if (!details) return text;
  TUTTI_ASSIGN_OR_RETURN(const std::string more, Details(database, ensemble, max_width));
  return text + more;
}

Result<Json> EnsembleJson(Database& database, std::int64_t ensemble) {
  TUTTI_ASSIGN_OR_RETURN(Json object, Head(database, ensemble));
  const std::pair<const char*, const char*> lists[] = {
      {"members", "SELECT * FROM v_ensemble_members WHERE ensemble_id = ?1 "
                  "ORDER BY position IS NULL, position"},
      {"evaluations", "SELECT * FROM v_ensemble_evaluations WHERE ensemble_id = ?1 "
                      "ORDER BY split, chosen DESC, combine"},
      {"ablation", "SELECT * FROM v_ensemble_ablation WHERE ensemble_id = ?1 "
                   "ORDER BY split, position"},
      {"pairs", "SELECT * FROM v_ensemble_pairs WHERE ensemble_id = ?1 ORDER BY split, a, b"},
      {"weights", "SELECT * FROM v_ensemble_weights WHERE ensemble_id = ?1 "
                  "ORDER BY combine, position"}};
  for (const auto& [key, sql] : lists) {
    TUTTI_ASSIGN_OR_RETURN(const Table rows, Rows(database, sql, ensemble));
    object.Set(key, ToJson(rows));
  }
  return object;
}

}  // namespace tutti::cli
