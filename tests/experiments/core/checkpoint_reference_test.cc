// Goal: names of checkpoints are read wholly or refused with what is expected. Method: tables.
#include "experiments/core/checkpoint_reference.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(CheckpointReference, ReadsTrialsAndTheirCheckpoints) {
  struct Case {
    const char* text;
    std::int64_t experiment, trial_no;
    const char* which;
    std::int64_t epoch;
  };
  for (const Case& c : {Case{"12.3", 12, 3, "best", 0}, Case{"12.3@best", 12, 3, "best", 0},
                        Case{"1.10@last", 1, 10, "last", 0}, Case{"1.2@e17", 1, 2, "e17", 17}}) {
    const auto read = ParseCheckpointReference(c.text);
    ASSERT_TRUE(read) << c.text;
    EXPECT_EQ(read->experiment, c.experiment);
    EXPECT_EQ(read->trial_no, c.trial_no);
    EXPECT_EQ(read->which, c.which);
    EXPECT_EQ(CheckpointEpoch(read->which), c.epoch);
  }
}

TEST(CheckpointReference, RefusesEverythingElseAndSaysWhatIsExpected) {
  for (const char* text : {"", "12", "12.", ".3", "a.b", "1.2.3", "0.1", "1.0", "-1.2", "1.2@",
                           "1.2@e", "1.2@e0", "1.2@e-1", "1.2@e1x", "1.2@Best", "1.2@best@e1",
                           " 1.2", "99999999999999999999.1", "1.2@e99999999999999999999"}) {
    const auto read = ParseCheckpointReference(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), ErrorCode::kInvalidArgument) << text;
    EXPECT_NE(read.error().message().find("expected 12.3, 12.3@best"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tutti
