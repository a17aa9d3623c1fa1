// Goal: an experiment that has ended goes on only with a document by which it would have done what
// it has done so far.
// Method: pairs of documents and what is said of them.

#include "coordinator/service/continuation.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

Json Document(const std::string& searcher) {
  return Json::Parse(R"({"name":"a","training":{"epochs":4,"optimizer":{"lr":0.1}},"searcher":{)"
                     R"("name":")" +
                     searcher +
                     R"(","max_time":4},"resources":{"slots_per_trial":1,"node_labels":{}},)"
                     R"("max_restarts":5})")
      .value();
}

struct Case {
  const char* name;
  const char* state;
  const char* searcher;
  std::vector<std::pair<const char*, Json>> changes;
  std::optional<ErrorCode> refused;  // absent: it goes on
  const char* says = "";
};

class ContinuationTest : public testing::TestWithParam<Case> {};

TEST_P(ContinuationTest, KnowsWhatMayDiffer) {
  const Case& c = GetParam();
  const Json before = Document(c.searcher);
  Json after = before;
  for (const auto& [path, value] : c.changes) after.SetPath(path, value);
  const Status status = CheckContinuation(before, after, c.state);
  ASSERT_EQ(status.ok(), !c.refused) << (status ? "" : status.error().ToString());
  if (!c.refused) return;
  EXPECT_EQ(status.error().code(), *c.refused);
  EXPECT_NE(status.error().message().find(c.says), std::string::npos)
      << status.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    Documents, ContinuationTest,
    testing::Values(
        Case{"TheSame", "ERROR", "grid", {}, {}},
        Case{"CancelledTheSame", "CANCELLED", "adaptive_asha", {}, {}},
        Case{"HowItIsRun",
             "ERROR",
             "grid",
             {{"max_restarts", 9},
              {"resources.priority", 3},
              {"resources.node_labels", Json::MakeObject({{"zone", "a"}})},
              {"name", "b"}},
             {}},
        Case{"AnotherRate",
             "ERROR",
             "grid",
             {{"training.optimizer.lr", 0.2}},
             ErrorCode::kInvalidArgument,
             "training.optimizer.lr cannot change when an experiment goes on (it was 0.1, is 0.2)"},
        Case{"ANewField",
             "ERROR",
             "grid",
             {{"training.freeze", Json::MakeArray({"a"})}},
             ErrorCode::kInvalidArgument,
             "training.freeze"},
        Case{"AnotherGang",
             "ERROR",
             "single",
             {{"resources.slots_per_trial", 2}},
             ErrorCode::kInvalidArgument,
             "resources.slots_per_trial"},
        Case{"ALongerSearch",
             "CANCELLED",
             "grid",
             {{"searcher.max_time", 8}, {"training.epochs", 8}},
             ErrorCode::kInvalidArgument,
             "only a `single` experiment"},
        Case{"ALongerSingle",
             "COMPLETED",
             "single",
             {{"searcher.max_time", 8}, {"training.epochs", 8}},
             {}},
        Case{"ACompletedSingleAsItWas",
             "COMPLETED",
             "single",
             {},
             ErrorCode::kFailedPrecondition,
             "greater length than 4"},
        Case{"AShorterSingle",
             "ERROR",
             "single",
             {{"searcher.max_time", 2}, {"training.epochs", 2}},
             ErrorCode::kInvalidArgument,
             "less than 4"},
        Case{"ACompletedSearch",
             "COMPLETED",
             "random",
             {{"max_restarts", 9}},
             ErrorCode::kFailedPrecondition,
             "it is COMPLETED"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace tutti
