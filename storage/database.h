#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "experiments/core/result.h"

// SQLite behind Result: one connection and its prepared statements. For this folder only; one
// thread at a time.

struct sqlite3;
struct sqlite3_stmt;

namespace tutti::storage {

struct Blob {
  std::string_view bytes;
};

// A prepared statement. Bound text and blobs must live until the next Reset.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* stmt) : stmt_(stmt) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Parameter i counts from 1. Binding fails only for a wrong index, which is our bug (CHECK).
  // A NaN is bound as NULL (SQLite's rule).
  void Bind(int i, std::int64_t value);
  void Bind(int i, int value) { Bind(i, static_cast<std::int64_t>(value)); }
  void Bind(int i, bool value) { Bind(i, static_cast<std::int64_t>(value)); }
  void Bind(int i, double value);
  void Bind(int i, std::string_view text);
  void Bind(int i, const std::string& text) { Bind(i, std::string_view(text)); }
  void Bind(int i, const char* text) { Bind(i, std::string_view(text)); }
  void Bind(int i, Blob blob);
  void Bind(int i, std::nullopt_t);
  template <class T>
  void Bind(int i, const std::optional<T>& value) {
    if (value) {
      Bind(i, *value);
    } else {
      Bind(i, std::nullopt);
    }
  }

  // True: a row is there. False: done.
  Result<bool> Step();
  void Reset();

  // Column i counts from 0; valid until the next Step or Reset.
  bool IsNull(int i) const;
  std::int64_t Int(int i) const;
  double Double(int i) const;
  std::string Text(int i) const;  // text or blob bytes
  sqlite3_stmt* raw() const { return stmt_; }

 private:
  sqlite3_stmt* stmt_;
};

class Database {
 public:
  enum class Mode { kReadWrite, kReadOnly };
  static Result<std::unique_ptr<Database>> Open(const std::string& path, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // Statements without parameters and results, separated by ';'.
  Status Execute(const std::string& sql);
  // A new statement. kInvalidArgument for an SQL error or more than one statement.
  Result<std::unique_ptr<Statement>> Prepare(std::string_view sql);
  // A statement that is prepared once and kept, reset. REQUIRES: sql is a literal (its address is
  // the key) and the one before is done with.
  Result<Statement*> Cached(const char* sql);

  // Runs a statement that returns no rows; the number of rows it changed.
  template <class... A>
  Result<std::int64_t> Run(const char* sql, const A&... args) {
    TUTTI_ASSIGN_OR_RETURN(Statement* const statement, Cached(sql));
    int i = 0;
    (statement->Bind(++i, args), ...);
    TUTTI_RETURN_IF_ERROR(statement->Step());
    statement->Reset();
    return Changes();
  }
  // The first column of the first row; nullopt if there is no row or it is NULL.
  template <class... A>
  Result<std::optional<std::int64_t>> Int(const char* sql, const A&... args) {
    TUTTI_ASSIGN_OR_RETURN(Statement* const statement, Cached(sql));
    int i = 0;
    (statement->Bind(++i, args), ...);
    TUTTI_ASSIGN_OR_RETURN(const bool row, statement->Step());
    std::optional<std::int64_t> value;
    if (row && !statement->IsNull(0)) value = statement->Int(0);
    statement->Reset();
    return value;
  }

  std::int64_t Changes() const;
  std::int64_t LastInsertId() const;
  sqlite3* raw() const { return db_; }
  // Finalizes all and closes; an error (unfinished statement) is our bug.
  Status Close();

 private:
  Database(sqlite3* db, std::string path) : db_(db), path_(std::move(path)) {}
  sqlite3* db_;
  std::string path_;
  std::map<const char*, std::unique_ptr<Statement>> cached_;
};

// The error of a connection's last call, as "<what>: <SQLite's message>". Codes: full disk, quota
// or memory kResourceExhausted; read-only or forbidden kPermissionDenied; locked kUnavailable;
// damaged kDataLoss; not a database or schema kFailedPrecondition; interrupted kDeadlineExceeded;
// an SQL error kInvalidArgument; else kInternal.
Error SqliteError(sqlite3* db, int code, std::string what);

}  // namespace tutti::storage
