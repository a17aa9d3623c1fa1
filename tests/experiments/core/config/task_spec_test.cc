// Goal: what a task asks is read completely, and every mistake is named with its value. Method: a table
// of documents.

#include "experiments/core/config/task_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tutti {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<TaskSpec> Read(const std::string& text) { return ReadTaskSpec(*Json::Parse(text)); }

TEST(TaskSpec, PicturesThatComeWithTheTask) {
  const auto spec = Read(R"({"kind":"predict","n":3,"shape":[1,28,20],"activations":true})");
  ASSERT_TRUE(spec.ok()) << spec.error().ToString();
  EXPECT_EQ(spec->kind, TaskKind::kPredict);
  EXPECT_FALSE(spec->from_split);
  EXPECT_THAT(spec->shape, ElementsAre(1, 28, 20));
  EXPECT_TRUE(spec->activations);
  EXPECT_FALSE(spec->pixels);
  EXPECT_EQ(spec->input_bytes(), 3 * 28 * 20);
}

TEST(TaskSpec, ItemsOfASplit) {
  const auto spec = Read(R"({"kind":"predict","split":"validation","items":[7,2],"pixels":true})");
  ASSERT_TRUE(spec.ok()) << spec.error().ToString();
  EXPECT_TRUE(spec->from_split);
  EXPECT_EQ(spec->split, Split::kValidation);
  EXPECT_THAT(spec->items, ElementsAre(7, 2));
  EXPECT_EQ(spec->n, 2);
  EXPECT_TRUE(spec->pixels);
  EXPECT_EQ(spec->input_bytes(), 0);
}

TEST(TaskSpec, SplitsToEvaluate) {
  const auto spec = Read(R"({"kind":"evaluate","splits":["test","train"]})");
  ASSERT_TRUE(spec.ok()) << spec.error().ToString();
  EXPECT_EQ(spec->kind, TaskKind::kEvaluate);
  EXPECT_THAT(spec->splits, ElementsAre(Split::kTest, Split::kTrain));
  EXPECT_EQ(spec->input_bytes(), 0);
}

struct Mistake {
  const char* text;
  const char* words;
};

TEST(TaskSpec, MistakesAreNamed) {
  const Mistake mistakes[] = {
      {R"([])", "expected an object"},
      {R"({})", "kind"},
      {R"({"kind":"guess"})", "'guess', expected predict or evaluate"},
      {R"({"kind":"predict"})", "n"},
      {R"({"kind":"predict","n":0,"shape":[1,2,3]})", "task.n is 0"},
      {R"({"kind":"predict","n":1})", "task.shape is missing"},
      {R"({"kind":"predict","n":1,"shape":[28,28]})", "task.shape is [28,28]"},
      {R"({"kind":"predict","n":1,"shape":[1,0,3]})", "task.shape has 0"},
      {R"({"kind":"predict","n":1000000,"shape":[1,4096,4096]})", "in several tasks"},
      {R"({"kind":"predict","n":1,"shape":[1,2,3],"activations":1})", "task.activations is 1"},
      {R"({"kind":"predict","split":"rest","items":[1]})", "task.split is \"rest\""},
      {R"({"kind":"predict","split":"test","items":[]})", "task.items"},
      {R"({"kind":"predict","split":"test","items":[-1]})", "task.items has -1"},
      {R"({"kind":"predict","split":"test","items":[1],"pixels":"yes"})", "task.pixels"},
      {R"({"kind":"evaluate"})", "task.splits"},
      {R"({"kind":"evaluate","splits":[]})", "task.splits"},
      {R"({"kind":"evaluate","splits":["all"]})", "\"all\", expected train, validation or test"},
      {R"({"kind":"evaluate","splits":["test","test"]})", "twice"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto spec = Read(mistake.text);
    ASSERT_FALSE(spec.ok()) << mistake.text;
    EXPECT_EQ(spec.error().code(), ErrorCode::kInvalidArgument) << mistake.text;
    EXPECT_THAT(spec.error().ToString(), HasSubstr(mistake.words));
  }
}

}  // namespace
}  // namespace tutti
