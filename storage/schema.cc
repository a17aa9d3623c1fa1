#include "storage/schema.h"

#include <optional>
#include <utility>

namespace tutti::storage {
namespace {

// Column names of later versions may differ: a failure is no reason not to refuse.
std::string WriterOf(Database& db) {
  auto statement = db.Prepare("SELECT written_by FROM meta WHERE id = 1");
  if (!statement) return "a newer tutti";
  const auto row = (*statement)->Step();
  if (!row || !*row || (*statement)->IsNull(0)) return "a newer tutti";
  return "tutti " + (*statement)->Text(0);
}

Status MigrateTo(Database& db, int version) {
  TUTTI_RETURN_IF_ERROR(db.Execute("BEGIN IMMEDIATE"));
  const auto run = [&]() -> Status {
    for (const Migration& migration : Migrations()) {
      if (migration.version != version) continue;
      const Status done = db.Execute(std::string(migration.sql));
      if (!done) return done.error().Wrap("migration " + std::string(migration.name));
    }
    TUTTI_RETURN_IF_ERROR(db.Execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
    TUTTI_RETURN_IF_ERROR(db.Execute("PRAGMA user_version = " + std::to_string(version)));
    return db.Execute("COMMIT");
  };
  Status status = run();
  if (!status) {
    // The first error is the one to report; a rollback after a full disk may have happened already.
    [[maybe_unused]] const Status rolled_back = db.Execute("ROLLBACK");
  }
  return status;
}

}  // namespace

int SchemaVersion() { return Migrations().back().version; }

std::string_view ProgramVersion() { return TUTTI_VERSION; }

Result<FileIdentity> CheckIdentity(Database& db, const std::string& path) {
  FileIdentity identity;
  const auto id = db.Int("PRAGMA application_id");
  if (!id) {
    if (id.error().code() != ErrorCode::kFailedPrecondition) {
      return id.error().Wrap("cannot read " + path);
    }
    return FailedPrecondition(path +
                              " is not a Tutti database (not even an SQLite file): move it away or "
                              "choose another state directory (--state)");
  }
  identity.application_id = id->value_or(0);
  TUTTI_ASSIGN_OR_RETURN(const auto version, db.Int("PRAGMA user_version"));
  identity.user_version = version.value_or(0);
  TUTTI_ASSIGN_OR_RETURN(const auto tables, db.Int("SELECT count(*) FROM sqlite_schema"));
  identity.empty = tables.value_or(0) == 0;
  const bool fresh =
      identity.application_id == 0 && identity.user_version == 0 && identity.empty;
  if (!fresh && identity.application_id != kApplicationId) {
    return FailedPrecondition(path + " is not a Tutti database: its application id is " +
                              std::to_string(identity.application_id) + ", expected " +
                              std::to_string(kApplicationId) +
                              "; move it away or choose another state directory (--state)");
  }
  if (identity.user_version > SchemaVersion()) {
    return FailedPrecondition(
        path + " has schema version " + std::to_string(identity.user_version) + ", written by " +
        WriterOf(db) + "; this is tutti " + std::string(ProgramVersion()) +
        ", which knows versions up to " + std::to_string(SchemaVersion()) +
        ": use the newer tutti, or another state directory (--state)");
  }
  return identity;
}

Status Migrate(Database& db, const FileIdentity& identity) {
  for (int version = static_cast<int>(identity.user_version) + 1; version <= SchemaVersion();
       ++version) {
    TUTTI_RETURN_IF_ERROR(MigrateTo(db, version));
  }
  return Ok{};
}

}  // namespace tutti::storage
