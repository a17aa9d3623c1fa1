#include "storage/read_store.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "storage/database.h"
#include "storage/schema.h"

namespace tutti::storage {
namespace {

using Clock = std::chrono::steady_clock;

// SQLite's own tables-as-functions and schema reading are allowed; writing, attaching, pragmas
// with effects and extensions are not.
int Authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return second != nullptr && std::strcmp(second, "load_extension") == 0 ? SQLITE_DENY
                                                                             : SQLITE_OK;
    case SQLITE_PRAGMA: {
      // Those that list the schema, without an argument that would set something.
      constexpr std::array<std::string_view, 7> kListing{
          "table_list", "table_info", "table_xinfo",    "index_list",
          "index_info", "foreign_key_list", "function_list"};
      for (const std::string_view name : kListing) {
        if (first != nullptr && name == first) return SQLITE_OK;
      }
      const bool number = first != nullptr && second == nullptr &&
                          (std::strcmp(first, "user_version") == 0 ||
                           std::strcmp(first, "application_id") == 0);
      return number ? SQLITE_OK : SQLITE_DENY;
    }
    default:
      return SQLITE_DENY;
  }
}

int PastDeadline(void* deadline) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

Status BindJson(Statement& statement, int i, const Json& value) {
  if (value.is_null()) {
    statement.Bind(i, std::nullopt);
  } else if (value.is_bool()) {
    statement.Bind(i, value.AsBool());
  } else if (value.is_int()) {
    statement.Bind(i, value.AsInt());
  } else if (value.is_double()) {
    statement.Bind(i, value.AsDouble());
  } else if (value.is_string()) {
    statement.Bind(i, value.AsString());
  } else {
    return InvalidArgument("parameter " + std::to_string(i) + " is " +
                           std::string(value.TypeName()) +
                           ", expected null, a bool, a number or a string");
  }
  return Ok{};
}

std::string HexText(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "x'";
  text.reserve(bytes.size() * 2 + 3);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text + "'";
}

// RFC 3629: what JSON and Protocol Buffers call text. SQLite stores any bytes as text.
bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || text.size() - i <= more) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    const auto second = more > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool too_long = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    if (too_long || (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F)) return false;
    i += more + 1;
  }
  return true;
}

Json ColumnJson(const Statement& statement, int i) {
  switch (sqlite3_column_type(statement.raw(), i)) {
    case SQLITE_INTEGER:
      return statement.Int(i);
    case SQLITE_FLOAT:
      return statement.Double(i);
    case SQLITE_TEXT: {
      std::string text = statement.Text(i);
      return IsUtf8(text) ? Json(std::move(text)) : Json(HexText(text));
    }
    case SQLITE_BLOB:
      return HexText(statement.Text(i));
    default:
      return {};
  }
}

class SqliteReadStore : public ReadStore {
 public:
  explicit SqliteReadStore(std::unique_ptr<Database> db) : db_(std::move(db)) {}

  Result<Table> Query(const std::string& sql, const std::vector<Json>& params,
                      const QueryLimits& limits) override {
    Table table;
    auto truncated = Stream(
        sql, params, limits,
        [&](const std::vector<std::string>& columns) {
          table.columns = columns;
          return true;
        },
        [&](const Row& row) {
          table.rows.push_back(row);
          return true;
        });
    if (!truncated) return truncated.error();
    table.truncated = *truncated;
    return table;
  }

  Result<bool> Stream(const std::string& sql, const std::vector<Json>& params,
                      const QueryLimits& limits, const ColumnsSink& on_columns,
                      const RowSink& on_row) override {
    Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(limits.timeout_ms);
    sqlite3_progress_handler(db_->raw(), 1'000, PastDeadline, &deadline);
    auto result = Run(sql, params, limits, on_columns, on_row);
    sqlite3_progress_handler(db_->raw(), 0, nullptr, nullptr);
    if (!result && result.error().code() == ErrorCode::kDeadlineExceeded) {
      return Error(ErrorCode::kDeadlineExceeded,
                   "the query ran longer than its limit of " + std::to_string(limits.timeout_ms) +
                       " ms: narrow it (for v_predictions and v_logits: WHERE evaluation_id = …)");
    }
    return result;
  }

 private:
  Result<bool> Run(const std::string& sql, const std::vector<Json>& params,
                   const QueryLimits& limits, const ColumnsSink& on_columns,
                   const RowSink& on_row) {
    auto prepared = db_->Prepare(sql);
    if (!prepared) {
      // A function that is denied is an SQL error to SQLite; only its text tells.
      const bool denied = prepared.error().code() == ErrorCode::kPermissionDenied ||
                          prepared.error().message().find("not authorized") != std::string::npos;
      if (!denied) return prepared.error();
      return Error(ErrorCode::kPermissionDenied,
                   "only reading is allowed (one SELECT, without ATTACH, PRAGMA or changes): " +
                       prepared.error().message());
    }
    Statement& statement = **prepared;
    const int wanted = sqlite3_bind_parameter_count(statement.raw());
    if (wanted != static_cast<int>(params.size())) {
      return InvalidArgument("the statement has " + std::to_string(wanted) + " parameters, " +
                             std::to_string(params.size()) + " were given");
    }
    for (std::size_t i = 0; i < params.size(); ++i) {
      TUTTI_RETURN_IF_ERROR(BindJson(statement, static_cast<int>(i) + 1, params[i]));
    }
    const int columns = sqlite3_column_count(statement.raw());
    std::vector<std::string> names;
    for (int i = 0; i < columns; ++i) names.emplace_back(sqlite3_column_name(statement.raw(), i));
    if (!on_columns(names)) return Error(ErrorCode::kCancelled, "the reader stopped the query");
    for (std::int64_t rows = 0;; ++rows) {
      TUTTI_ASSIGN_OR_RETURN(const bool more, statement.Step());
      if (!more) return false;
      if (rows == limits.max_rows) return true;
      Row row;
      row.reserve(static_cast<std::size_t>(columns));
      for (int i = 0; i < columns; ++i) row.push_back(ColumnJson(statement, i));
      if (!on_row(row)) return Error(ErrorCode::kCancelled, "the reader stopped the query");
    }
  }

  std::unique_ptr<Database> db_;
};

}  // namespace

Result<std::unique_ptr<ReadStore>> ReadStore::Open(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return ErrnoError(errno, "cannot open the database " + path);
  if (!S_ISREG(info.st_mode)) return FailedPrecondition(path + " is not a file");
  TUTTI_ASSIGN_OR_RETURN(auto db, Database::Open(path, Database::Mode::kReadOnly));
  TUTTI_ASSIGN_OR_RETURN(const FileIdentity identity, CheckIdentity(*db, path));
  if (identity.empty) return FailedPrecondition(path + " is empty: no coordinator has written it");
  // Sorting in memory, so that a query cannot fill the disk.
  TUTTI_RETURN_IF_ERROR(db->Execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY"));
  // Made before the authorizer is, since their making asks it for more than reading.
  TUTTI_RETURN_IF_ERROR(db->Execute("SELECT 1 FROM json_each('[]'), json_tree('[]')"));
  sqlite3_db_config(db->raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db->raw(), SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(db->raw(), SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db->raw(), SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_set_authorizer(db->raw(), Authorize, nullptr);
  return std::unique_ptr<ReadStore>(std::make_unique<SqliteReadStore>(std::move(db)));
}

}  // namespace tutti::storage
