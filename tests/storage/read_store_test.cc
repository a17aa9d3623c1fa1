// Goal: a query can read and nothing else, and it ends: rows and time are bounded.
// Method: statements that must be refused, one by one, on a real database; endless recursion.

#include "storage/read_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

class Reading : public ::testing::Test {
 protected:
  void SetUp() override {
    sample_.AddTrial();
    auto reader = ReadStore::Open(sample_.database());
    ASSERT_TRUE(reader) << reader.error().ToString();
    reader_ = std::move(reader).value();
  }
  SampleStore sample_;
  std::unique_ptr<ReadStore> reader_;
};

TEST_F(Reading, RefusesEverythingThatIsNotReading) {
  const std::string other = sample_.directory() / "other.db";
  const std::string statements[] = {
      "DELETE FROM trials",
      "UPDATE trials SET state = 'x'",
      "INSERT INTO nodes (node_id, name, pool, state, slots) VALUES (1, 'a', 'b', 'c', 1)",
      "CREATE TABLE t (a)",
      "CREATE TEMP TABLE t (a)",
      "CREATE TEMP VIEW v AS SELECT 1",
      "DROP TABLE trials",
      "ATTACH '" + other + "' AS other",
      "DETACH main",
      "VACUUM INTO '" + other + "'",
      "VACUUM",
      "REINDEX",
      "ANALYZE",
      "BEGIN",
      "SAVEPOINT s",
      "PRAGMA writable_schema = ON",
      "PRAGMA query_only = OFF",
      "PRAGMA journal_mode = DELETE",
      "PRAGMA user_version = 5",
      "PRAGMA temp_store_directory = '/tmp'",
      "SELECT load_extension('x')",
      "WITH x AS (SELECT 1) DELETE FROM trials",
  };
  for (const std::string& sql : statements) {
    const auto table = reader_->Query(sql);
    ASSERT_FALSE(table) << sql;
    EXPECT_EQ(table.error().code(), ErrorCode::kPermissionDenied)
        << sql << ": " << table.error().ToString();
  }
  EXPECT_EQ(sample_.Rows("SELECT count(*) FROM trials"), "[[1]]");
}

TEST_F(Reading, AllowsWhatReads) {
  const std::string statements[] = {
      "SELECT * FROM v_trials",
      "WITH x AS (SELECT trial_id FROM trials) SELECT * FROM x",
      "VALUES (1), (2)",
      "EXPLAIN QUERY PLAN SELECT * FROM v_epochs",
      "PRAGMA table_info(v_epochs)",
      "PRAGMA table_list",
      "SELECT json_extract(hparams, '$') FROM v_trials",
      "SELECT value FROM json_each('[1]')",
      "SELECT key FROM json_tree('[1]')",
      "SELECT * FROM v_data_statistics",
      "SELECT 1;  -- one statement",
  };
  for (const std::string& sql : statements) {
    const auto table = reader_->Query(sql);
    EXPECT_TRUE(table) << sql << ": " << table.error().ToString();
  }
}

TEST_F(Reading, NamesErrorsInTheStatement) {
  struct {
    const char* sql;
    std::vector<Json> params;
    const char* message;
  } const cases[] = {
      {"SELEC 1", {}, "syntax error"},
      {"SELECT * FROM v_trails", {}, "v_trails"},
      {"", {}, "no statement"},
      {"SELECT 1; SELECT 2", {}, "only one statement"},
      {"SELECT ?1", {}, "1 parameters, 0 were given"},
      {"SELECT 1", {1}, "0 parameters, 1 were given"},
      {"SELECT ?1", {Json::MakeArray()}, "a list"},
  };
  for (const auto& c : cases) {
    const auto table = reader_->Query(c.sql, c.params);
    ASSERT_FALSE(table) << c.sql;
    EXPECT_EQ(table.error().code(), ErrorCode::kInvalidArgument) << c.sql;
    EXPECT_THAT(table.error().ToString(), HasSubstr(c.message)) << c.sql;
  }
}

TEST_F(Reading, ReturnsEveryTypeAndBindsEveryType) {
  const auto table = reader_->Query(
      "SELECT ?1 AS a, ?2 AS b, ?3 AS c, ?4 AS d, x'00ff' AS e, 9e999 AS f, ?5 AS g",
      {nullptr, true, 2.5, "text", -7});
  ASSERT_TRUE(table) << table.error().ToString();
  EXPECT_EQ(table->columns, (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g"}));
  ASSERT_EQ(table->rows.size(), 1u);
  EXPECT_EQ(Json(table->rows[0]).Dump(), R"([null,1,2.5,"text","x'00ff'","Infinity",-7])");
}

TEST_F(Reading, TextThatIsNotUtf8IsShownAsBytes) {
  const auto table = reader_->Query("SELECT CAST(x'61ff' AS TEXT), CAST(x'c3a4' AS TEXT)");
  ASSERT_TRUE(table);
  EXPECT_EQ(Json(table->rows[0]).Dump(), "[\"x'61ff'\",\"\xc3\xa4\"]");
}

TEST_F(Reading, CutsAtMaxRowsAndSaysSo) {
  QueryLimits limits;
  limits.max_rows = 3;
  const auto cut = reader_->Query("VALUES (1), (2), (3), (4)", {}, limits);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->rows.size(), 3u);
  EXPECT_TRUE(cut->truncated);
  const auto whole = reader_->Query("VALUES (1), (2), (3)", {}, limits);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->rows.size(), 3u);
  EXPECT_FALSE(whole->truncated);
}

TEST_F(Reading, EndsAtTheDeadlineAndCanBeUsedAgain) {
  QueryLimits limits;
  limits.timeout_ms = 20;
  const auto endless = reader_->Query(
      "WITH RECURSIVE n (k) AS (VALUES (0) UNION ALL SELECT k + 1 FROM n) SELECT max(k) FROM n",
      {}, limits);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code(), ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(endless.error().ToString(), HasSubstr("20 ms"));
  EXPECT_TRUE(reader_->Query("SELECT 1"));
}

TEST_F(Reading, ASinkEndsTheQuery) {
  int rows = 0;
  const auto result = reader_->Stream(
      "VALUES (1), (2), (3)", {}, {}, [](const auto&) { return true; },
      [&](const Row&) { return ++rows < 2; });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), ErrorCode::kCancelled);
  EXPECT_EQ(rows, 2);
}

TEST_F(Reading, SeesWhatIsWrittenMeanwhile) {
  const std::string count = "SELECT count(*) FROM v_epochs";
  EXPECT_EQ(Json(reader_->Query(count)->rows[0]).Dump(), "[0]");
  ASSERT_TRUE(sample_.Report(1, 1, Epoch(1, 2.0, 2.5)));
  EXPECT_EQ(Json(reader_->Query(count)->rows[0]).Dump(), "[2]");
}

TEST(ReadStore, NamesAMissingFile) {
  TemporaryDirectory directory;
  const auto reader = ReadStore::Open(directory / "tutti.db");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code(), ErrorCode::kNotFound);
  EXPECT_THAT(reader.error().ToString(), HasSubstr(directory / "tutti.db"));
}

}  // namespace
}  // namespace tutti::storage
