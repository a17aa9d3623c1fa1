#include "cli/database.h"

#include <charconv>
#include <cstdio>

#include <unistd.h>

#include "cli/coordinator_client.h"
#include "cli/state_directory.h"
#include "storage/read_store.h"

namespace tutti::cli {
namespace {

class RemoteDatabase final : public Database {
 public:
  explicit RemoteDatabase(const std::string& address) : client_(address) {}
  Result<Table> Query(const std::string& sql, const Json& params, std::int64_t max_rows) override {
    return client_.Query(sql, params, max_rows);
  }

 private:
  CoordinatorClient client_;
};

class FileDatabase final : public Database {
 public:
  explicit FileDatabase(std::unique_ptr<storage::ReadStore> store) : store_(std::move(store)) {}
  Result<Table> Query(const std::string& sql, const Json& params, std::int64_t max_rows) override {
    storage::QueryLimits limits;
    limits.timeout_ms = 60'000;  // the user's own file and process
    if (max_rows > 0) limits.max_rows = max_rows;
    TUTTI_ASSIGN_OR_RETURN(storage::Table found,
                           store_->Query(sql, params.AsArray(), limits));
    if (found.truncated) {
      std::fprintf(stderr, "tutti: the row limit cut the result after %zu rows; --max-rows N "
                   "raises it\n", found.rows.size());
    }
    Table table;
    table.columns = std::move(found.columns);
    table.rows = std::move(found.rows);
    return table;
  }

 private:
  std::unique_ptr<storage::ReadStore> store_;
};

Result<std::unique_ptr<Database>> OpenFile(const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(auto store, storage::ReadStore::Open(path));
  return std::unique_ptr<Database>(std::make_unique<FileDatabase>(std::move(store)));
}

// A number that fills the whole text.
bool ParseNumber(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const Globals& globals) {
  if (!globals.db.empty()) return OpenFile(globals.db);
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  auto address = ResolveCoordinator(globals.coordinator, state);
  if (address) {
    return std::unique_ptr<Database>(std::make_unique<RemoteDatabase>(*address));
  }
  const std::string file = state + "/tutti.db";
  if (access(file.c_str(), R_OK) == 0) return OpenFile(file);
  return address.error();
}

Result<TargetId> ParseTarget(Database& database, const std::string& text) {
  TargetId id;
  if (text == "last") {
    TUTTI_ASSIGN_OR_RETURN(
        const Table newest,
        database.Query("SELECT max(experiment_id) AS id FROM v_experiments"));
    if (newest.rows.empty() || !newest.rows[0][0].is_int()) {
      return NotFound("there is no experiment yet; submit one with `tutti submit FILE.yaml`");
    }
    id.experiment = newest.rows[0][0].AsInt();
    return id;
  }
  const auto dot = text.find('.');
  const bool trial = dot != std::string::npos;
  if (!ParseNumber(std::string_view(text).substr(0, dot), id.experiment) ||
      (trial && !ParseNumber(std::string_view(text).substr(dot + 1), id.trial_no))) {
    return InvalidArgument("'" + text + "' is no id; expected an experiment (12), a trial (12.3) "
                           "or `last`");
  }
  const std::string sql =
      trial ? "SELECT 1 FROM v_trials WHERE experiment_id = ?1 AND trial_no = ?2"
            : "SELECT 1 FROM v_experiments WHERE experiment_id = ?1";
  Json params = Json::MakeArray({id.experiment});
  if (trial) params.Append(id.trial_no);
  TUTTI_ASSIGN_OR_RETURN(const Table found, database.Query(sql, params));
  if (found.rows.empty()) {
    return NotFound(std::string(trial ? "trial " : "experiment ") + text +
                    " does not exist; `tutti ls` lists what does");
  }
  return id;
}

}  // namespace tutti::cli
