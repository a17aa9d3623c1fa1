#include "storage/query_record.h"

#include <utility>

namespace tutti::storage {

Record RequestRecord(const QueryRequest& request) {
  Record record;
  record.header = Json::MakeObject({{"type", "query"},
                                    {"database", request.database},
                                    {"sql", request.sql},
                                    {"params", Json(request.params)},
                                    {"max_rows", request.limits.max_rows},
                                    {"timeout_ms", request.limits.timeout_ms},
                                    {"memory_bytes", request.memory_bytes}});
  return record;
}

Result<QueryRequest> ParseRequest(const Record& record) {
  if (record.type() != "query") {
    return InvalidArgument("record '" + std::string(record.type()) + "', expected 'query'");
  }
  QueryRequest request;
  const Json& json = record.header;
  TUTTI_ASSIGN_OR_RETURN(request.database, json.GetString("database"));
  TUTTI_ASSIGN_OR_RETURN(request.sql, json.GetString("sql"));
  TUTTI_ASSIGN_OR_RETURN(request.limits.max_rows, json.GetInt("max_rows"));
  TUTTI_ASSIGN_OR_RETURN(request.limits.timeout_ms, json.GetInt("timeout_ms"));
  TUTTI_ASSIGN_OR_RETURN(request.memory_bytes, json.GetInt("memory_bytes"));
  const Json* params = json.Find("params");
  if (params == nullptr || !params->is_array()) return InvalidArgument("'params' must be a list");
  request.params = params->AsArray();
  return request;
}

Record ChunkRecord(const std::vector<std::string>& columns, std::string rows_text, bool truncated,
                   bool last) {
  Record record;
  Json names = Json::MakeArray();
  for (const std::string& column : columns) names.Append(column);
  record.header = Json::MakeObject({{"type", "chunk"},
                                    {"columns", std::move(names)},
                                    {"truncated", truncated},
                                    {"last", last}});
  record.payload = std::move(rows_text);
  return record;
}

Record ErrorRecord(const Error& error) {
  Record record;
  record.header = Json::MakeObject({{"type", "error"},
                                    {"code", static_cast<std::int64_t>(error.code())},
                                    {"message", error.ToString()}});
  return record;
}

Result<ReceivedChunk> ParseReply(const Record& record) {
  const Json& json = record.header;
  if (record.type() == "error") {
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t code, json.GetInt("code"));
    TUTTI_ASSIGN_OR_RETURN(std::string message, json.GetString("message"));
    const bool known = code >= 0 && code <= static_cast<std::int64_t>(ErrorCode::kInternal);
    return Error(known ? static_cast<ErrorCode>(code) : ErrorCode::kInternal, std::move(message));
  }
  if (record.type() != "chunk") {
    return DataLoss("record '" + std::string(record.type()) + "', expected 'chunk' or 'error'");
  }
  ReceivedChunk received;
  const Json* columns = json.Find("columns");
  if (columns == nullptr || !columns->is_array()) return DataLoss("'columns' must be a list");
  for (const Json& column : columns->AsArray()) {
    if (!column.is_string()) return DataLoss("'columns' must be a list of strings");
    received.chunk.columns.push_back(column.AsString());
  }
  TUTTI_ASSIGN_OR_RETURN(received.chunk.truncated, json.GetBool("truncated"));
  TUTTI_ASSIGN_OR_RETURN(received.last, json.GetBool("last"));
  TUTTI_ASSIGN_OR_RETURN(received.chunk.rows, Json::Parse(record.payload));
  return received;
}

}  // namespace tutti::storage
