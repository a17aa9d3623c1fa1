#include "storage/run_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "coordinator/engine/engine.h"
#include "storage/database.h"
#include "storage/ensemble_rows.h"
#include "storage/file_system.h"
#include "storage/projection_rows.h"
#include "storage/report_record.h"
#include "storage/report_rows.h"
#include "storage/schema.h"

namespace tutti::storage {
namespace {

namespace fs = std::filesystem;

Status PrepareFile(const OpenOptions& options) {
  fs::path directory = fs::path(options.path).parent_path();
  if (directory.empty()) directory = ".";
  std::error_code missing;
  fs::create_directories(directory.parent_path(), missing);  // mkdir below reports what is wrong
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create the state directory " + directory.string());
  }
  const auto network = NetworkFileSystem(directory.string());
  if (network && !options.allow_network_file_system) {
    return FailedPrecondition(
        directory.string() + " lies on a network file system (" + *network +
        "), where SQLite's locks do not hold: choose a state directory on a local disk (--state)");
  }
  // O_EXCL: the file is opened here only while nobody can have locks on it (closing a descriptor
  // drops all locks of this process on the file).
  const int fd = open(options.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close(fd);
  } else if (errno != EEXIST) {
    return ErrnoError(errno, "cannot create the database " + options.path);
  }
  return Ok{};
}

Status SetUpConnection(Database& db) {
  TUTTI_ASSIGN_OR_RETURN(auto wal, db.Prepare("PRAGMA journal_mode = WAL"));
  TUTTI_ASSIGN_OR_RETURN(const bool row, wal->Step());
  if (!row || wal->Text(0) != "wal") {
    return FailedPrecondition("SQLite cannot use write-ahead logging here, journal_mode stays '" +
                              wal->Text(0) + "': choose a state directory on a local disk");
  }
  wal.reset();
  return db.Execute(
      "PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA wal_autocheckpoint = 1000;"
      "PRAGMA journal_size_limit = 67108864;"
      "PRAGMA cache_size = -65536");
}

// Raises the incarnation: every older writer's next transaction fails.
Result<std::int64_t> TakeOver(Database& db) {
  TUTTI_RETURN_IF_ERROR(db.Execute("BEGIN IMMEDIATE"));
  const std::string version(ProgramVersion());
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO meta (id, incarnation, created_by, written_by)
      VALUES (1, 1, ?1, ?1)
      ON CONFLICT (id) DO UPDATE SET
        incarnation = incarnation + 1,
        written_by = excluded.written_by)",
                               version));
  TUTTI_ASSIGN_OR_RETURN(const auto incarnation,
                         db.Int("SELECT incarnation FROM meta WHERE id = 1"));
  TUTTI_RETURN_IF_ERROR(db.Execute("COMMIT"));
  return incarnation.value_or(0);
}

class SqliteRunStore : public RunStore {
 public:
  SqliteRunStore(std::unique_ptr<Database> db, std::int64_t incarnation)
      : db_(std::move(db)), incarnation_(incarnation) {}

  std::int64_t incarnation() const override { return incarnation_; }

  Status Write(const std::vector<WriteItem>& items) override {
    return InTransaction([&]() -> Status {
      for (const WriteItem& item : items) {
        TUTTI_RETURN_IF_ERROR(std::visit([&](const auto& i) { return WriteOne(i); }, item));
      }
      return Ok{};
    });
  }

  Status SaveSnapshot(const Json& snapshot, int engine_version) override {
    return InTransaction([&]() -> Status {
      const std::string state = snapshot.Dump();
      TUTTI_RETURN_IF_ERROR(db_->Run(R"(
          INSERT INTO snapshots (journal_seq, engine_version, state)
          SELECT coalesce(max(seq), 0), ?, ? FROM journal)",
                                     engine_version, state));
      // The one before is kept in case the newest turns out to be unreadable.
      TUTTI_RETURN_IF_ERROR(db_->Run(R"(
          DELETE FROM snapshots
          WHERE snapshot_id < (SELECT max(snapshot_id) FROM snapshots) - 1)"));
      return Ok{};
    });
  }

  Result<Journal> LoadJournal() override;
  Result<std::vector<AttemptPosition>> LoadPositions() override;
  Result<NextIds> LoadNextIds() override;
  Result<std::vector<KnownNode>> LoadNodes() override;
  Result<std::optional<StoredReply>> FindReply(const std::string& request_id) override;

  Status Close() override {
    TUTTI_RETURN_IF_ERROR(db_->Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    failed_ = true;  // nothing may be written any more
    return db_->Close();
  }

 private:
  template <class F>
  Status InTransaction(F body) {
    if (failed_) {
      return FailedPrecondition("the results database was closed or a write to it failed before");
    }
    Status status = db_->Execute("BEGIN IMMEDIATE");
    if (status) {
      status = CheckIncarnation();
      if (status) status = body();
      if (status) status = db_->Execute("COMMIT");
      if (!status) {
        // SQLite may have rolled back already; the first error is the one that counts.
        [[maybe_unused]] const Status rolled_back = db_->Execute("ROLLBACK");
      }
    }
    if (status) return status;
    failed_ = true;
    return status.error().Wrap("nothing of this write was stored");
  }

  Status CheckIncarnation() {
    TUTTI_ASSIGN_OR_RETURN(const auto now, db_->Int("SELECT incarnation FROM meta WHERE id = 1"));
    if (now == incarnation_) return Ok{};
    return Error(ErrorCode::kFenced,
                 "another coordinator took over this database: its incarnation is " +
                     std::to_string(now.value_or(0)) + ", ours " + std::to_string(incarnation_) +
                     "; this process must stop");
  }

  Status WriteOne(const StoredReport& report);
  Status WriteOne(const NoncanonicalReport& report) { return KeepAside(report, "fenced"); }
  Status WriteOne(const ContinuedDocument& document);
  Status WriteOne(const SubmittedDocument& document);
  Status WriteOne(const JournalEntry& entry);
  Status WriteOne(const StoredReply& reply);
  Status WriteOne(const EnsembleResult& result) { return WriteEnsembleResult(*db_, result); }
  // Reports are sent again until they are acknowledged: one of them is enough.
  template <class Report>
  Status KeepAside(const Report& report, const std::string& reason) {
    const std::string header = report.record.header.Dump();
    TUTTI_RETURN_IF_ERROR(db_->Run(R"(
        INSERT INTO noncanonical_records (attempt_id, fence, seq, at_ms, reason, header, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (attempt_id, fence, seq) DO NOTHING)",
                                   report.attempt.value, report.fence, report.seq, report.at_ms,
                                   reason, header, Blob{report.record.payload}));
    return Ok{};
  }

  std::unique_ptr<Database> db_;
  std::int64_t incarnation_;
  bool failed_ = false;
};

Status SqliteRunStore::WriteOne(const StoredReport& report) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t changed, db_->Run(R"(
      UPDATE attempts
      SET last_seq = ?1, last_report_at_ms = max(coalesce(last_report_at_ms, 0), ?2)
      WHERE attempt_id = ?3 AND fence = ?4 AND last_seq = ?1 - 1)",
                                                              report.seq, report.at_ms,
                                                              report.attempt.value, report.fence));
  if (changed != 1) {
    return Internal("report " + std::to_string(report.seq) + " (fence " +
                    std::to_string(report.fence) + ") of attempt " + ToString(report.attempt) +
                    " does not follow what is stored: already there, a gap, or another fence");
  }
  const auto parsed = ParseReport(report.record);
  if (!parsed) return KeepAside(report, parsed.error().ToString());
  const Status rows = WriteReportRows(*db_, report, *parsed);
  if (!rows) {
    return rows.error().Wrap("report " + std::to_string(report.seq) + " of attempt " +
                             ToString(report.attempt));
  }
  return Ok{};
}

Status SqliteRunStore::WriteOne(const SubmittedDocument& document) {
  TUTTI_RETURN_IF_ERROR(db_->Run(R"(
      INSERT INTO documents (experiment_id, raw_text, canonical_json, provenance_json, user_name)
      VALUES (?, ?, ?, ?, ?))",
                                 document.experiment.value, document.raw_text,
                                 document.canonical_json, document.provenance_json,
                                 document.user));
  return Ok{};
}

Status SqliteRunStore::WriteOne(const ContinuedDocument& document) {
  TUTTI_RETURN_IF_ERROR(db_->Run("UPDATE documents SET canonical_json = ? WHERE experiment_id = ?",
                                 document.canonical_json, document.experiment.value));
  return Ok{};
}

Status SqliteRunStore::WriteOne(const JournalEntry& entry) {
  Json commands = Json::MakeArray();
  for (const engine::Command& command : entry.commands) {
    TUTTI_RETURN_IF_ERROR(WriteProjection(*db_, entry.at_ms, command));
    commands.Append(engine::ToJson(command));
  }
  const std::string event_text = entry.event.Dump();
  const std::string commands_text = commands.Dump();
  TUTTI_RETURN_IF_ERROR(db_->Run(R"(
      INSERT INTO journal (at_ms, incarnation, engine_version, event, commands)
      VALUES (?, ?, ?, ?, ?))",
                                 entry.at_ms, incarnation_, engine::kEngineVersion, event_text,
                                 commands_text));
  return Ok{};
}

Status SqliteRunStore::WriteOne(const StoredReply& reply) {
  TUTTI_RETURN_IF_ERROR(db_->Run(R"(
      INSERT INTO replies (request_id, method, reply, at_ms)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (request_id) DO NOTHING)",
                                 reply.request_id, reply.method, Blob{reply.reply}, reply.at_ms));
  return Ok{};
}

Result<RunStore::Journal> SqliteRunStore::LoadJournal() {
  Journal journal;
  journal.engine_version = engine::kEngineVersion;
  std::int64_t after = 0;
  {
    TUTTI_ASSIGN_OR_RETURN(auto newest, db_->Prepare(R"(
        SELECT journal_seq, engine_version, state
        FROM snapshots
        ORDER BY snapshot_id DESC
        LIMIT 1)"));
    TUTTI_ASSIGN_OR_RETURN(const bool row, newest->Step());
    if (row) {
      after = newest->Int(0);
      journal.engine_version = static_cast<int>(newest->Int(1));
      auto state = Json::Parse(newest->Text(2));
      if (!state) return DataLoss("the newest snapshot is damaged: " + state.error().ToString());
      journal.snapshot = std::move(state).value();
    }
  }
  TUTTI_ASSIGN_OR_RETURN(auto events, db_->Prepare(R"(
      SELECT seq, engine_version, event
      FROM journal
      WHERE seq > ?
      ORDER BY seq)"));
  events->Bind(1, after);
  while (true) {
    TUTTI_ASSIGN_OR_RETURN(const bool row, events->Step());
    if (!row) break;
    const int version = static_cast<int>(events->Int(1));
    if (!journal.events.empty() && version != journal.engine_version) {
      return FailedPrecondition("journal entry " + std::to_string(events->Int(0)) +
                                " is of engine version " + std::to_string(version) +
                                ", those before it of " + std::to_string(journal.engine_version));
    }
    journal.engine_version = version;
    auto event = Json::Parse(events->Text(2));
    if (!event) {
      return DataLoss("journal entry " + std::to_string(events->Int(0)) +
                      " is damaged: " + event.error().ToString());
    }
    journal.events.push_back(std::move(event).value());
  }
  return journal;
}

Result<std::vector<RunStore::AttemptPosition>> SqliteRunStore::LoadPositions() {
  TUTTI_ASSIGN_OR_RETURN(auto rows, db_->Prepare(R"(
      SELECT attempt_id, fence, last_seq
      FROM attempts
      WHERE state NOT IN ('COMPLETED', 'PREEMPTED', 'STOPPED', 'ERROR', 'LOST', 'HELD')
      ORDER BY attempt_id)"));
  std::vector<AttemptPosition> positions;
  while (true) {
    TUTTI_ASSIGN_OR_RETURN(const bool row, rows->Step());
    if (!row) return positions;
    positions.push_back({AttemptId(rows->Int(0)), rows->Int(1), rows->Int(2)});
  }
}

Result<RunStore::NextIds> SqliteRunStore::LoadNextIds() {
  NextIds ids;
  TUTTI_ASSIGN_OR_RETURN(const auto experiment,
                         db_->Int("SELECT max(experiment_id) FROM experiments"));
  TUTTI_ASSIGN_OR_RETURN(const auto checkpoint,
                         db_->Int("SELECT max(checkpoint_id) FROM checkpoints"));
  TUTTI_ASSIGN_OR_RETURN(const auto node, db_->Int("SELECT max(node_id) FROM nodes"));
  ids.experiment = experiment.value_or(0) + 1;
  ids.checkpoint = checkpoint.value_or(0) + 1;
  ids.node = node.value_or(0) + 1;
  return ids;
}

Result<std::vector<RunStore::KnownNode>> SqliteRunStore::LoadNodes() {
  TUTTI_ASSIGN_OR_RETURN(auto rows, db_->Prepare("SELECT node_id, name FROM nodes ORDER BY node_id"));
  std::vector<KnownNode> nodes;
  while (true) {
    TUTTI_ASSIGN_OR_RETURN(const bool row, rows->Step());
    if (!row) return nodes;
    nodes.push_back({NodeId(rows->Int(0)), rows->Text(1)});
  }
}

Result<std::optional<StoredReply>> SqliteRunStore::FindReply(const std::string& request_id) {
  TUTTI_ASSIGN_OR_RETURN(
      auto found, db_->Prepare("SELECT method, reply, at_ms FROM replies WHERE request_id = ?"));
  found->Bind(1, request_id);
  TUTTI_ASSIGN_OR_RETURN(const bool row, found->Step());
  if (!row) return std::optional<StoredReply>();
  return std::optional<StoredReply>(
      StoredReply{request_id, found->Text(0), found->Text(1), found->Int(2)});
}

Result<std::unique_ptr<RunStore>> OpenChecked(const OpenOptions& options) {
  TUTTI_RETURN_IF_ERROR(PrepareFile(options));
  TUTTI_ASSIGN_OR_RETURN(auto db, Database::Open(options.path, Database::Mode::kReadWrite));
  TUTTI_ASSIGN_OR_RETURN(const FileIdentity identity, CheckIdentity(*db, options.path));
  TUTTI_RETURN_IF_ERROR(SetUpConnection(*db));
  TUTTI_RETURN_IF_ERROR(Migrate(*db, identity));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t incarnation, TakeOver(*db));
  return std::unique_ptr<RunStore>(
      std::make_unique<SqliteRunStore>(std::move(db), incarnation));
}

}  // namespace

Result<std::unique_ptr<RunStore>> RunStore::Open(const OpenOptions& options) {
  auto store = OpenChecked(options);
  if (store) return store;
  if (store.error().code() == ErrorCode::kResourceExhausted) {
    return store.error().Wrap("there is no room for the results database " + options.path +
                              " (disk or quota full): free some space or choose another state "
                              "directory (--state)");
  }
  return store.error().Wrap("cannot open the results database " + options.path);
}

Status CheckReport(const Record& record) {
  const auto parsed = ParseReport(record);
  if (!parsed) return parsed.error();
  return Ok{};
}

}  // namespace tutti::storage
