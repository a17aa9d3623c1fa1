#include "storage/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace tutti::storage {
namespace {

ErrorCode CodeOf(sqlite3* db, int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return ErrorCode::kResourceExhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return ErrorCode::kPermissionDenied;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kUnavailable;
    case SQLITE_CORRUPT:
      return ErrorCode::kDataLoss;
    case SQLITE_NOTADB:
      return ErrorCode::kFailedPrecondition;
    case SQLITE_INTERRUPT:
      return ErrorCode::kDeadlineExceeded;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
      return ErrorCode::kInvalidArgument;
    case SQLITE_IOERR: {
      // SQLite names only ENOSPC "full"; a quota or a file size limit is an I/O error to it. For a
      // failed COMMIT it forgets the number (3.40), which then still stands in errno.
      const int of_call = errno;
      const int kept = db != nullptr ? sqlite3_system_errno(db) : 0;
      const int number = kept != 0 ? kept : of_call;
      const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
      return full ? ErrorCode::kResourceExhausted : ErrorCode::kInternal;
    }
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

Error SqliteError(sqlite3* db, int code, std::string what) {
  const ErrorCode meaning = CodeOf(db, code);  // first: it looks at errno
  std::string message = std::move(what);
  message += ": ";
  message += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return {meaning, std::move(message)};
}

Statement::~Statement() { sqlite3_finalize(stmt_); }

void Statement::Bind(int i, std::int64_t value) {
  TUTTI_CHECK(sqlite3_bind_int64(stmt_, i, value) == SQLITE_OK, sqlite3_sql(stmt_));
}
void Statement::Bind(int i, double value) {
  TUTTI_CHECK(sqlite3_bind_double(stmt_, i, value) == SQLITE_OK, sqlite3_sql(stmt_));
}
void Statement::Bind(int i, std::string_view text) {
  const char* data = text.data() != nullptr ? text.data() : "";
  const int rc = sqlite3_bind_text64(stmt_, i, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  TUTTI_CHECK(rc == SQLITE_OK, sqlite3_sql(stmt_));
}
void Statement::Bind(int i, Blob blob) {
  const char* data = blob.bytes.data() != nullptr ? blob.bytes.data() : "";
  const int rc = sqlite3_bind_blob64(stmt_, i, data, blob.bytes.size(), SQLITE_STATIC);
  TUTTI_CHECK(rc == SQLITE_OK, sqlite3_sql(stmt_));
}
void Statement::Bind(int i, std::nullopt_t) {
  TUTTI_CHECK(sqlite3_bind_null(stmt_, i) == SQLITE_OK, sqlite3_sql(stmt_));
}

Result<bool> Statement::Step() {
  errno = 0;
  const int rc = sqlite3_step(stmt_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  sqlite3* db = sqlite3_db_handle(stmt_);
  Error error = SqliteError(db, sqlite3_extended_errcode(db), "SQLite");
  sqlite3_reset(stmt_);
  return error;
}

void Statement::Reset() {
  sqlite3_reset(stmt_);
  sqlite3_clear_bindings(stmt_);
}

bool Statement::IsNull(int i) const { return sqlite3_column_type(stmt_, i) == SQLITE_NULL; }
std::int64_t Statement::Int(int i) const { return sqlite3_column_int64(stmt_, i); }
double Statement::Double(int i) const { return sqlite3_column_double(stmt_, i); }
std::string Statement::Text(int i) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(stmt_, i));
  return bytes == nullptr
             ? std::string()
             : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, i)));
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path, Mode mode) {
  sqlite3* db = nullptr;
  const int access = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const int rc = sqlite3_open_v2(path.c_str(), &db, access | SQLITE_OPEN_NOMUTEX, nullptr);
  if (rc != SQLITE_OK) {
    Error error = SqliteError(db, rc, "cannot open the database " + path);
    sqlite3_close(db);
    return error;
  }
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 5'000);
  return std::unique_ptr<Database>(new Database(db, path));
}

Database::~Database() {
  cached_.clear();
  sqlite3_close_v2(db_);
}

Status Database::Close() {
  cached_.clear();
  const int rc = sqlite3_close(db_);
  if (rc != SQLITE_OK) return SqliteError(db_, rc, "cannot close the database " + path_);
  db_ = nullptr;
  return Ok{};
}

Status Database::Execute(const std::string& sql) {
  errno = 0;
  const int rc = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return SqliteError(db_, rc, path_);
  return Ok{};
}

Result<std::unique_ptr<Statement>> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* stmt = nullptr;
  const char* tail = nullptr;
  const int rc =
      sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &stmt, &tail);
  if (rc != SQLITE_OK) return SqliteError(db_, rc, "SQL error");
  auto statement = std::make_unique<Statement>(stmt);
  if (stmt == nullptr) return InvalidArgument("SQL error: there is no statement in the text");
  // What follows may be blanks, comments and ';' only: preparing it must give nothing.
  const char* const end = sql.data() + sql.size();
  while (tail < end) {
    sqlite3_stmt* more = nullptr;
    const char* next = nullptr;
    const int more_rc = sqlite3_prepare_v2(db_, tail, static_cast<int>(end - tail), &more, &next);
    sqlite3_finalize(more);
    if (more_rc != SQLITE_OK || more != nullptr) {
      return InvalidArgument("SQL error: only one statement is allowed, found more after the first");
    }
    if (next == tail) break;
    tail = next;
  }
  return statement;
}

Result<Statement*> Database::Cached(const char* sql) {
  auto& slot = cached_[sql];
  if (slot == nullptr) {
    auto prepared = Prepare(sql);
    if (!prepared) return prepared.error().Wrap(std::string("in \"") + sql + "\"");
    slot = std::move(prepared).value();
  } else {
    slot->Reset();
  }
  return slot.get();
}

std::int64_t Database::Changes() const { return sqlite3_changes64(db_); }
std::int64_t Database::LastInsertId() const { return sqlite3_last_insert_rowid(db_); }

}  // namespace tutti::storage
