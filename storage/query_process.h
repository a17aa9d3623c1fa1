#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "storage/read_store.h"

// One untrusted SQL query in a process of its own, so that it can neither exhaust the
// coordinator's memory nor outlive its deadline: RLIMIT_AS, RLIMIT_CPU, a wall-clock deadline and
// SIGKILL. Request over the helper's stdin, framed JSON records (experiments/core/record.h) back
// over its stdout; argv is an array, there is no shell.

namespace tutti::storage {

// argv[1] that makes a program a query helper: its main() starts with
//   if (argc > 1 && std::string_view(argv[1]) == kQueryHelperFlag) return QueryHelperMain(argc, argv);
inline constexpr const char* kQueryHelperFlag = "--query-helper";

struct QueryRequest {
  std::string database;  // path of the file
  std::string sql;
  std::vector<Json> params;
  QueryLimits limits;  // timeout_ms bounds the query; the helper as a whole gets 2 s more
  std::int64_t memory_bytes = 512ll << 20;  // RLIMIT_AS
};

struct QueryChunk {
  std::vector<std::string> columns;  // of the first chunk only
  Json rows;                         // array of arrays; at most about 256 KiB of text, one row at least
  bool truncated = false;            // of the last chunk only: max_rows cut the result
};

// Returns false to end the query (kCancelled).
using ChunkSink = std::function<bool(const QueryChunk&)>;

// Blocks until the query ends (at most limits.timeout_ms + 2 s): not for an event loop's thread.
// Safe in a process with threads. `program` is an executable whose main() knows kQueryHelperFlag,
// e.g. /proc/self/exe resolved. The sink is called at least once if the query succeeds. Errors: as
// ReadStore::Query; kResourceExhausted if the helper hit its memory limit.
Status RunQueryInHelper(const std::string& program, const QueryRequest& request,
                        const ChunkSink& on_chunk);

// The helper's main(): returns the exit code.
int QueryHelperMain(int argc, char** argv);

}  // namespace tutti::storage
