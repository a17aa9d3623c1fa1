// Goal: a database of an older version opens, keeps every answer of its views, and becomes what a
// new one is. Method: golden/version_N.sql, written by version N, loaded into a file; every view's
// rows before and after the migration, and the schema against that of a new database.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "storage/database.h"
#include "storage/schema.h"
#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

constexpr QueryLimits kLimits{.max_rows = 1'000'000, .timeout_ms = 60'000};

std::string WriteVersion(int version, const TemporaryDirectory& directory) {
  std::ifstream in(TUTTI_SOURCE_DIR "/tests/storage/golden/version_" + std::to_string(version) +
                   ".sql");
  std::stringstream dump;
  dump << in.rdbuf();
  const std::string path = directory / "tutti.db";
  std::ofstream(path).close();  // Database makes no file
  auto db = Database::Open(path, Database::Mode::kReadWrite);
  EXPECT_TRUE(db) << db.error().ToString();
  const Status loaded = (*db)->Execute(dump.str());
  EXPECT_TRUE(loaded) << loaded.error().ToString();
  return path;
}

Table Read(const std::string& path, const std::string& sql) {
  const auto reader = ReadStore::Open(path);
  EXPECT_TRUE(reader) << reader.error().ToString();
  auto table = (*reader)->Query(sql, {}, kLimits);
  EXPECT_TRUE(table) << sql << ": " << table.error().ToString();
  return table ? *table : Table{};
}

// In an order of its own: views promise none.
std::vector<std::string> Rows(const std::string& path, const std::string& sql) {
  std::vector<std::string> rows;
  for (const Row& row : Read(path, sql).rows) rows.push_back(Json(row).Dump());
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::map<std::string, std::string> ViewsAndColumns(const std::string& path) {
  std::map<std::string, std::string> views;
  for (const Row& row : Read(path, "SELECT name FROM sqlite_schema WHERE type = 'view'").rows) {
    const std::string& view = row[0].AsString();
    for (const std::string& column : Read(path, "SELECT * FROM " + view + " LIMIT 0").columns) {
      views[view] += (views[view].empty() ? "" : ", ") + column;
    }
  }
  return views;
}

class OlderVersion : public ::testing::TestWithParam<int> {
 protected:
  OlderVersion() : path_(WriteVersion(GetParam(), directory_)) {}
  void Migrate() {
    OpenOptions options;
    options.path = path_;
    auto store = RunStore::Open(options);
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
  }
  Status Write(const std::vector<engine::Command>& commands) {
    JournalEntry entry;
    entry.event = Json::MakeObject();
    entry.commands = commands;
    return store_->Write({entry});
  }
  TemporaryDirectory directory_;
  std::string path_;
  std::unique_ptr<RunStore> store_;
};
INSTANTIATE_TEST_SUITE_P(Golden, OlderVersion, ::testing::Values(1, 2));

TEST_P(OlderVersion, KeepsEveryAnswerOfItsViews) {
  const auto views = ViewsAndColumns(path_);
  ASSERT_GE(views.size(), 18u);
  std::map<std::string, std::vector<std::string>> before;
  for (const auto& [view, columns] : views) {
    before[view] = Rows(path_, "SELECT " + columns + " FROM " + view);
    EXPECT_FALSE(before[view].empty()) << view;
  }
  Migrate();
  EXPECT_EQ(Rows(path_, "PRAGMA user_version"), std::vector<std::string>{"[3]"});
  const auto after = ViewsAndColumns(path_);
  for (const auto& [view, columns] : views) {
    EXPECT_EQ(Rows(path_, "SELECT " + columns + " FROM " + view), before[view]) << view;
    // New columns are at the end.
    EXPECT_EQ(after.at(view).substr(0, columns.size()), columns);
  }
}

TEST_P(OlderVersion, BecomesWhatANewDatabaseIs) {
  Migrate();
  SampleStore fresh;
  const std::string sql = "SELECT type, name, sql FROM sqlite_schema "
                          "WHERE name NOT LIKE 'sqlite_%'";
  EXPECT_EQ(Rows(path_, sql), Rows(fresh.database(), sql));
}

TEST_P(OlderVersion, TakesWhatVersion2Brings) {
  Migrate();
  EXPECT_EQ(Rows(path_, "SELECT DISTINCT kind FROM v_attempts WHERE trial = '1.1'"),
            std::vector<std::string>{R"(["train"])"});
  EXPECT_EQ(Rows(path_, "SELECT DISTINCT dataset, labelled FROM v_evaluations WHERE trial = '1.1'"),
            std::vector<std::string>{"[null,1]"});
  engine::PersistEnsemble ensemble;
  ensemble.ensemble = EnsembleId(7);
  ensemble.name = "both";
  ensemble.combine = "mean_probability";
  ensemble.state = "EVALUATING";
  ensemble.members = {{0, TrialId(1), ""}, {1, TrialId(2), ""}};
  const Status written = Write({ensemble});
  ASSERT_TRUE(written) << written.error().ToString();
  EXPECT_EQ(Rows(path_, "SELECT position, trial FROM v_ensemble_members WHERE ensemble_id = 7"),
            (std::vector<std::string>{R"([0,"1.1"])", R"([1,"1.2"])"}));
}

TEST_P(OlderVersion, TakesWhatVersion3Brings) {
  Migrate();
  // The settings are those that the experiment was submitted with.
  EXPECT_EQ(Rows(path_, "SELECT archived, priority, weight, max_slots, save_experiment_best, "
                        "save_trial_best, save_trial_latest, searcher, objectives "
                        "FROM v_experiments"),
            std::vector<std::string>{R"([0,42,1.0,null,0,1,1,"grid",null])"});
  EXPECT_EQ(Rows(path_, "SELECT DISTINCT parent, flops, run_until, infeasible FROM v_trials"),
            std::vector<std::string>{"[null,null,null,null]"});
  EXPECT_EQ(Rows(path_, "SELECT draining, labels FROM v_workers"),
            std::vector<std::string>{R"([0,"{}"])"});
  engine::LogEvent decision;
  decision.kind = "decision";
  decision.subject = "trial 1.2";
  decision.detail = "rung 0: 1st of 2, goes on";
  const Status written = Write({decision});
  ASSERT_TRUE(written) << written.error().ToString();
  EXPECT_EQ(Rows(path_, "SELECT experiment_id, trial, text FROM v_decisions"),
            std::vector<std::string>{R"([1,"1.2","rung 0: 1st of 2, goes on"])"});
}

}  // namespace
}  // namespace tutti::storage
