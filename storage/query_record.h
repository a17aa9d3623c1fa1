#pragma once

#include "experiments/core/record.h"
#include "experiments/core/result.h"
#include "storage/query_process.h"

// The records between a coordinator and its query helper: one `query`, then `chunk`s until one that
// is `last`, or one `error`.

namespace tutti::storage {

// What the helper's exit code says when there was no memory left for an error record.
inline constexpr int kOutOfMemoryExit = 77;
// Most bytes of a request, and of the JSON text of one row.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;
// A chunk is sent when its rows have this many bytes of JSON text.
inline constexpr std::size_t kChunkBytes = std::size_t{256} << 10;
// The helper gets this much longer than the query: to start, and to report.
inline constexpr std::int64_t kGraceMs = 2'000;

Record RequestRecord(const QueryRequest& request);
Result<QueryRequest> ParseRequest(const Record& record);

// rows_text: a JSON array of arrays.
Record ChunkRecord(const std::vector<std::string>& columns, std::string rows_text, bool truncated,
                   bool last);
Record ErrorRecord(const Error& error);

struct ReceivedChunk {
  QueryChunk chunk;
  bool last = false;
};
// The error of an `error` record is returned as this function's own.
Result<ReceivedChunk> ParseReply(const Record& record);

}  // namespace tutti::storage
