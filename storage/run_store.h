#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/engine/command.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"
#include "storage/ensemble_result.h"

// The one writer of the results database (STATE/tutti.db). Not thread-safe: the writer thread of
// coordinator/service/writer owns it. Everybody else opens the file read-only (read_store.h).

namespace tutti::storage {

// One journaled event with the rows that follow from it.
struct JournalEntry {
  std::int64_t at_ms = 0;
  Json event;
  std::vector<engine::Command> commands;  // projections are stored as rows, all as journal JSON
};

// One numbered report of an attempt. The row update that advances attempts.last_seq must change
// exactly one row (fence equal, last_seq == seq - 1), else the write fails as a whole: the event
// loop has checked it before, so a mismatch is a bug or a second writer. A record that CheckReport
// refuses advances last_seq and is kept in noncanonical_records: a program that reports nonsense
// must not stop the coordinator.
struct StoredReport {
  AttemptId attempt;
  std::int64_t fence = 0;
  std::int64_t seq = 0;
  std::int64_t at_ms = 0;
  Record record;            // docs/records.md: epoch, steps, evaluation, checkpoint, started, exit
  CheckpointId checkpoint;  // for type checkpoint: the id the event loop chose
};
// A report of a fenced attempt: kept, not part of any canonical view.
struct NoncanonicalReport {
  AttemptId attempt;
  std::int64_t fence = 0;
  std::int64_t seq = 0;
  std::int64_t at_ms = 0;
  Record record;
};
// The submitted document, stored beside the experiment's row.
struct SubmittedDocument {
  ExperimentId experiment;
  std::string raw_text;
  std::string canonical_json;
  std::string provenance_json;
  std::string user;
};
// The canonical document from here on, of an experiment that goes on with another one; what was
// submitted stays as it is.
struct ContinuedDocument {
  ExperimentId experiment;
  std::string canonical_json;
};
// The reply to a mutating request, so that a retry gets the same one. Of two replies to one request
// the first stays.
struct StoredReply {
  std::string request_id;
  std::string method;
  std::string reply;  // serialized proto
  std::int64_t at_ms = 0;
};

using WriteItem = std::variant<StoredReport, NoncanonicalReport, SubmittedDocument, ContinuedDocument,
                               JournalEntry, StoredReply, EnsembleResult>;

// Does Write store this record's rows? kInvalidArgument says why not. To be asked before an event is
// made from a report (a checkpoint that has no row must not become known to the engine).
Status CheckReport(const Record& record);

struct OpenOptions {
  std::string path;
  bool allow_network_file_system = false;  // tests only
};

class RunStore {
 public:
  // Creates the file (mode 0600) or opens it: application_id and user_version checked, migrations
  // applied, WAL, synchronous=FULL, foreign keys on; the incarnation is raised by one. Errors:
  // kFailedPrecondition (newer schema, not a Tutti database, network file system),
  // kResourceExhausted (disk full), kPermissionDenied.
  static Result<std::unique_ptr<RunStore>> Open(const OpenOptions& options);
  virtual ~RunStore() = default;

  virtual std::int64_t incarnation() const = 0;

  // All items in one transaction: all or nothing, in the order given (a report before the journal
  // entry that follows from it). Checks in the same transaction that the database's incarnation is
  // still ours (kFenced). After an error the store refuses everything else.
  virtual Status Write(const std::vector<WriteItem>& items) = 0;

  // What a start needs.
  struct Journal {
    int engine_version = 0;        // of the events; of the snapshot if there are none
    std::optional<Json> snapshot;  // newest
    std::vector<Json> events;      // after it, in order
  };
  virtual Result<Journal> LoadJournal() = 0;
  virtual Status SaveSnapshot(const Json& snapshot, int engine_version) = 0;
  // last_seq and fence of attempts that are not terminal.
  struct AttemptPosition {
    AttemptId attempt;
    std::int64_t fence = 0;
    std::int64_t last_seq = 0;
  };
  virtual Result<std::vector<AttemptPosition>> LoadPositions() = 0;
  // The next free id of each kind (max + 1).
  struct NextIds {
    std::int64_t experiment = 1, checkpoint = 1, node = 1;
  };
  virtual Result<NextIds> LoadNextIds() = 0;
  struct KnownNode {
    NodeId node;
    std::string name;
  };
  virtual Result<std::vector<KnownNode>> LoadNodes() = 0;
  virtual Result<std::optional<StoredReply>> FindReply(const std::string& request_id) = 0;
  // wal_checkpoint(TRUNCATE) and close cleanly.
  virtual Status Close() = 0;
};

}  // namespace tutti::storage
