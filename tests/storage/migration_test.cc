// Goal: a database of an older version opens, keeps every answer of its views, and becomes what a
// new one is. Method: golden/version_1.sql, written by version 1, loaded into a file; every view's
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

std::string WriteVersion1(const TemporaryDirectory& directory) {
  std::ifstream in(TUTTI_SOURCE_DIR "/tests/storage/golden/version_1.sql");
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

class Version1 : public ::testing::Test {
 protected:
  Version1() : path_(WriteVersion1(directory_)) {}
  void Migrate() {
    OpenOptions options;
    options.path = path_;
    auto store = RunStore::Open(options);
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
  }
  TemporaryDirectory directory_;
  std::string path_;
  std::unique_ptr<RunStore> store_;
};

TEST_F(Version1, KeepsEveryAnswerOfItsViews) {
  const auto views = ViewsAndColumns(path_);
  ASSERT_GE(views.size(), 18u);
  std::map<std::string, std::vector<std::string>> before;
  for (const auto& [view, columns] : views) {
    before[view] = Rows(path_, "SELECT " + columns + " FROM " + view);
    EXPECT_FALSE(before[view].empty()) << view;
  }
  Migrate();
  EXPECT_EQ(Rows(path_, "PRAGMA user_version"), std::vector<std::string>{"[2]"});
  const auto after = ViewsAndColumns(path_);
  for (const auto& [view, columns] : views) {
    EXPECT_EQ(Rows(path_, "SELECT " + columns + " FROM " + view), before[view]) << view;
    // New columns are at the end.
    EXPECT_EQ(after.at(view).substr(0, columns.size()), columns);
  }
}

TEST_F(Version1, BecomesWhatANewDatabaseIs) {
  Migrate();
  SampleStore fresh;
  const std::string sql = "SELECT type, name, sql FROM sqlite_schema "
                          "WHERE name NOT LIKE 'sqlite_%'";
  EXPECT_EQ(Rows(path_, sql), Rows(fresh.database(), sql));
}

TEST_F(Version1, TakesWhatVersion2Brings) {
  Migrate();
  EXPECT_EQ(Rows(path_, "SELECT DISTINCT kind FROM v_attempts"),
            std::vector<std::string>{R"(["train"])"});
  EXPECT_EQ(Rows(path_, "SELECT DISTINCT dataset, labelled FROM v_evaluations"),
            std::vector<std::string>{"[null,1]"});
  engine::PersistEnsemble ensemble;
  ensemble.ensemble = EnsembleId(1);
  ensemble.name = "both";
  ensemble.combine = "mean_probability";
  ensemble.state = "EVALUATING";
  ensemble.members = {{0, TrialId(1), ""}, {1, TrialId(2), ""}};
  JournalEntry entry;
  entry.event = Json::MakeObject();
  entry.commands.emplace_back(ensemble);
  const Status written = store_->Write({entry});
  ASSERT_TRUE(written) << written.error().ToString();
  EXPECT_EQ(Rows(path_, "SELECT position, checkpoint FROM v_ensemble_members"),
            (std::vector<std::string>{R"([0,"1.1@e1"])", R"([1,"1.2@e2"])"}));
}

}  // namespace
}  // namespace tutti::storage
