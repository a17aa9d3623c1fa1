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

Result<std::string> BlobOf(const Json& cell) {
  const std::string text = TextOf(cell);
  if (!text.starts_with("x'") || !text.ends_with('\'') || text.size() % 2 == 0) {
    return DataLoss("expected bytes, got '" + text.substr(0, 20) + "'");
  }
  std::string bytes;
  bytes.reserve(text.size() / 2);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
  }
  return bytes;
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

}  // namespace tutti::cli
