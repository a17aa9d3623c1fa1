#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"
#include "storage/database.h"

// What makes a file a Tutti database, and how it becomes one. The schema's versions are the SQL
// files in migrations/, embedded at build time.

namespace tutti::storage {

inline constexpr std::int64_t kApplicationId = 0x54555449;  // "TUTI"

struct Migration {
  int version;
  std::string_view name;  // file name
  std::string_view sql;
};
// In the order in which they run.
const std::vector<Migration>& Migrations();
// The version that this program knows.
int SchemaVersion();
// This program's version, "0.1.0".
std::string_view ProgramVersion();

struct FileIdentity {
  std::int64_t application_id = 0;
  std::int64_t user_version = 0;
  bool empty = false;  // no tables yet
};
// Reads only. kFailedPrecondition if the file is no database, belongs to another program or has a
// newer schema (the message says which tutti wrote it).
Result<FileIdentity> CheckIdentity(Database& db, const std::string& path);

// Brings the schema up to date, one transaction per version. REQUIRES: CheckIdentity was ok.
Status Migrate(Database& db, const FileIdentity& identity);

}  // namespace tutti::storage
