#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Read-only access to a results database (STATE/tutti.db) while the coordinator writes it. One
// connection, used by one thread at a time. The query may be untrusted: an authorizer allows
// SELECT only, and time and rows are bounded. Memory is not (SQLite's heap limit is process-wide):
// untrusted queries of other people run in a process of their own, see query_process.h.

namespace tutti::storage {

struct QueryLimits {
  std::int64_t max_rows = 100'000;
  std::int64_t timeout_ms = 2'000;
};

// Values: null, integers, doubles (infinities as Json writes them), text (UTF-8), and blobs and
// other text as the text x'0a1b…'.
using Row = std::vector<Json>;
struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  bool truncated = false;  // max_rows cut the result
};

class ReadStore {
 public:
  // Errors: kNotFound (no such file), kPermissionDenied, kFailedPrecondition (not a Tutti
  // database, or one of a newer schema).
  static Result<std::unique_ptr<ReadStore>> Open(const std::string& path);
  virtual ~ReadStore() = default;

  // Runs one SELECT (or WITH … SELECT, VALUES, EXPLAIN). params are bound to ?1, ?2, …: null,
  // bool, numbers and strings. Errors: kInvalidArgument (SQL error, more than one statement,
  // wrong number of parameters), kPermissionDenied (anything but reading), kDeadlineExceeded,
  // kResourceExhausted (out of memory), kDataLoss (damaged file).
  virtual Result<Table> Query(const std::string& sql, const std::vector<Json>& params = {},
                              const QueryLimits& limits = {}) = 0;

  // The same, row by row. on_columns is called once, before the first row; a sink that returns
  // false ends the query with kCancelled. The result says whether max_rows cut it.
  using ColumnsSink = std::function<bool(const std::vector<std::string>&)>;
  using RowSink = std::function<bool(const Row&)>;
  virtual Result<bool> Stream(const std::string& sql, const std::vector<Json>& params,
                              const QueryLimits& limits, const ColumnsSink& on_columns,
                              const RowSink& on_row) = 0;
};

}  // namespace tutti::storage
