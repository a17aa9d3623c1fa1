#include "cli/report_query.h"

#include <limits>

namespace tutti::cli {

std::optional<double> MaybeDouble(const Json& cell) {
  if (!cell.is_number()) return std::nullopt;
  return cell.AsDouble();
}

std::optional<std::int64_t> MaybeInt(const Json& cell) {
  if (!cell.is_int()) return std::nullopt;
  return cell.AsInt();
}

std::int64_t IntOr0(const Json& cell) { return cell.is_int() ? cell.AsInt() : 0; }

double DoubleOrNan(const Json& cell) {
  return cell.is_number() ? cell.AsDouble() : std::numeric_limits<double>::quiet_NaN();
}

std::string TextOf(const Json& cell) {
  if (cell.is_string()) return cell.AsString();
  return cell.is_null() ? "" : cell.Dump();
}

Result<std::vector<Json>> OneRow(Database& database, const std::string& sql, const Json& params) {
  TUTTI_ASSIGN_OR_RETURN(Table table, database.Query(sql, params));
  if (table.rows.empty()) return NotFound("no such row: " + sql.substr(0, 60));
  return std::move(table.rows[0]);
}

Result<bool> HasView(Database& database, const std::string& name) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      database.Query("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?1",
                     Json::MakeArray({name})));
  return !found.rows.empty();
}

storage::RunQuery QueryOf(Database& database) {
  return [&database](const std::string& sql,
                     const std::vector<Json>& params) -> Result<storage::Table> {
    TUTTI_ASSIGN_OR_RETURN(Table found, database.Query(sql, Json(params)));
    storage::Table table;
    table.columns = std::move(found.columns);
    table.rows = std::move(found.rows);
    return table;
  };
}

}  // namespace tutti::cli
