// Goal: a query in a process of its own answers like one in ours, and neither its memory nor its
// time is ours to lose.
// Method: this test's helper program, and programs that are none: they hang, die or talk nonsense.

#include "storage/query_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

const char* const kHelper = TUTTI_BINARY_DIR "/tests/storage_query_helper";
const char* const kEndless =
    "WITH RECURSIVE n (k) AS (VALUES (0) UNION ALL SELECT k + 1 FROM n) SELECT max(k) FROM n";

struct Answer {
  Status status = Ok{};
  std::vector<QueryChunk> chunks;
  std::size_t rows() const {
    std::size_t n = 0;
    for (const QueryChunk& chunk : chunks) n += chunk.rows.size();
    return n;
  }
};

Answer Ask(const QueryRequest& request, const std::string& program = kHelper) {
  Answer answer;
  answer.status = RunQueryInHelper(program, request, [&](const QueryChunk& chunk) {
    answer.chunks.push_back(chunk);
    return true;
  });
  return answer;
}

class QueryProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    sample_.AddTrial();
    request_.database = sample_.database();
  }
  // An executable shell script.
  std::string Script(const std::string& body) {
    const std::string path = sample_.directory() / "helper.sh";
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    chmod(path.c_str(), 0700);
    return path;
  }
  SampleStore sample_;
  QueryRequest request_;
};

TEST_F(QueryProcess, ReturnsColumnsAndRows) {
  request_.sql = "SELECT trial, state, ?1 AS given FROM v_trials";
  request_.params = {"x"};
  const Answer answer = Ask(request_);
  ASSERT_TRUE(answer.status) << answer.status.error().ToString();
  ASSERT_EQ(answer.chunks.size(), 1u);
  EXPECT_EQ(answer.chunks[0].columns, (std::vector<std::string>{"trial", "state", "given"}));
  EXPECT_EQ(answer.chunks[0].rows.Dump(), R"([["1.1","RUNNING","x"]])");
  EXPECT_FALSE(answer.chunks[0].truncated);
}

TEST_F(QueryProcess, CallsTheSinkOnceWithoutRows) {
  request_.sql = "SELECT trial FROM v_trials WHERE 0";
  const Answer answer = Ask(request_);
  ASSERT_TRUE(answer.status);
  ASSERT_EQ(answer.chunks.size(), 1u);
  EXPECT_EQ(answer.chunks[0].columns, std::vector<std::string>{"trial"});
  EXPECT_EQ(answer.chunks[0].rows.size(), 0u);
}

TEST_F(QueryProcess, CutsALongResultIntoChunks) {
  request_.sql =
      "WITH RECURSIVE n (k) AS (VALUES (1) UNION ALL SELECT k + 1 FROM n WHERE k < 2000) "
      "SELECT k, printf('%.*c', 1000, 'x') FROM n";
  const Answer whole = Ask(request_);
  ASSERT_TRUE(whole.status) << whole.status.error().ToString();
  EXPECT_GE(whole.chunks.size(), 7u);
  EXPECT_EQ(whole.rows(), 2000u);
  EXPECT_TRUE(whole.chunks[1].columns.empty());
  request_.limits.max_rows = 1500;
  const Answer cut = Ask(request_);
  ASSERT_TRUE(cut.status);
  EXPECT_EQ(cut.rows(), 1500u);
  EXPECT_TRUE(cut.chunks.back().truncated);
  EXPECT_FALSE(cut.chunks.front().truncated);
}

TEST_F(QueryProcess, PassesErrorsOn) {
  struct {
    const char* sql;
    ErrorCode code;
    const char* message;
  } const cases[] = {
      {"SELECT * FROM v_trails", ErrorCode::kInvalidArgument, "v_trails"},
      {"DELETE FROM trials", ErrorCode::kPermissionDenied, "only reading"},
      {"SELECT zeroblob(20000000)", ErrorCode::kResourceExhausted, "bytes of text"},
  };
  for (const auto& c : cases) {
    request_.sql = c.sql;
    const Answer answer = Ask(request_);
    ASSERT_FALSE(answer.status) << c.sql;
    EXPECT_EQ(answer.status.error().code(), c.code) << answer.status.error().ToString();
    EXPECT_THAT(answer.status.error().ToString(), HasSubstr(c.message));
  }
}

TEST_F(QueryProcess, EndsAQueryAtItsDeadline) {
  request_.sql = kEndless;
  request_.limits.timeout_ms = 50;
  const Answer answer = Ask(request_);
  ASSERT_FALSE(answer.status);
  EXPECT_EQ(answer.status.error().code(), ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(answer.status.error().ToString(), HasSubstr("50 ms"));
}

TEST_F(QueryProcess, EndsAQueryThatNeedsTooMuchMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "SKIPPED: a sanitizer needs more address space than any limit";
#endif
  request_.memory_bytes = 128 << 20;
  request_.limits.timeout_ms = 60'000;
  request_.sql =
      "WITH RECURSIVE n (k) AS (VALUES (0) UNION ALL SELECT k + 1 FROM n LIMIT 10000000) "
      "SELECT length(group_concat(printf('%.*c', 1000, 'x'))) FROM n";
  const Answer answer = Ask(request_);
  ASSERT_FALSE(answer.status);
  EXPECT_EQ(answer.status.error().code(), ErrorCode::kResourceExhausted)
      << answer.status.error().ToString();
}

TEST_F(QueryProcess, ASinkEndsTheQuery) {
  request_.sql = "SELECT 1";
  const Status status =
      RunQueryInHelper(kHelper, request_, [](const QueryChunk&) { return false; });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::kCancelled);
}

TEST_F(QueryProcess, RefusesAnEnormousRequest) {
  request_.sql = std::string(5 << 20, ' ');
  const Answer answer = Ask(request_);
  ASSERT_FALSE(answer.status);
  EXPECT_EQ(answer.status.error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(QueryProcess, KillsAHelperThatHangs) {
  request_.sql = "SELECT 1";
  request_.limits.timeout_ms = -1'900;  // with the grace of 2 s: 100 ms in all
  const auto begin = std::chrono::steady_clock::now();
  const Answer answer = Ask(request_, Script("exec sleep 600"));
  ASSERT_FALSE(answer.status);
  EXPECT_EQ(answer.status.error().code(), ErrorCode::kDeadlineExceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST_F(QueryProcess, NamesWhatBecameOfAHelperThatDied) {
  request_.sql = "SELECT 1";
  struct {
    const char* body;
    ErrorCode code;
    const char* message;
  } const cases[] = {
      {"exit 3", ErrorCode::kInternal, "exit code 3"},
      {"kill -SEGV $$", ErrorCode::kInternal, "signal 11"},
      {"exit 77", ErrorCode::kResourceExhausted, "512 MiB"},
      {"echo This is not a framed record at all.", ErrorCode::kDataLoss, ""},
  };
  for (const auto& c : cases) {
    const Answer answer = Ask(request_, Script(c.body));
    ASSERT_FALSE(answer.status) << c.body;
    EXPECT_EQ(answer.status.error().code(), c.code) << answer.status.error().ToString();
    EXPECT_THAT(answer.status.error().ToString(), HasSubstr(c.message));
  }
  const Answer missing = Ask(request_, "/nonexistent/helper");
  ASSERT_FALSE(missing.status);
  EXPECT_THAT(missing.status.error().ToString(), HasSubstr("/nonexistent/helper"));
}

}  // namespace
}  // namespace tutti::storage
