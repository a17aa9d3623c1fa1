#pragma once

#include <memory>
#include <string>

#include "cli/output.h"
#include "cli/verbs.h"
#include "experiments/core/result.h"

// The results database, wherever it can be read: through the coordinator that owns it, or, when
// none runs, straight from the file (read-only).

namespace tutti::cli {

class Database {
 public:
  // --db FILE; else the coordinator (flag, environment, state directory); else STATE/tutti.db.
  // kUnavailable when there is neither.
  static Result<std::unique_ptr<Database>> Open(const Globals& globals);
  virtual ~Database() = default;

  // One SELECT; params bind to ?1, ?2, … ; max_rows 0 = the default limit.
  virtual Result<Table> Query(const std::string& sql, const Json& params = Json::MakeArray(),
                              std::int64_t max_rows = 0) = 0;
};

// "12" -> {12, 0}; "12.3" -> {12, 3}; "last" -> the newest experiment. kNotFound if it does not
// exist, kInvalidArgument if the text is none of these.
struct TargetId {
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;  // 0: the whole experiment
};
Result<TargetId> ParseTarget(Database& database, const std::string& text);

}  // namespace tutti::cli
