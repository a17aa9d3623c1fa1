// Goal: several sets become one, with classes unified by name, and a selection of each. Method:
// small IDX files whose pixels say where they come from.
#include "worker/data/concat_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/data/data_files.h"

namespace tutti {
namespace {

using test::IdxImages;
using test::IdxLabels;
using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A 1 x 1 image per label, its pixel = first + index.
void WriteSet(const TemporaryFolder& folder, const std::string& name, int first,
              const std::vector<int>& labels) {
  std::string pixels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    pixels += static_cast<char>(first + static_cast<int>(i));
  }
  const auto n = static_cast<std::uint32_t>(labels.size());
  folder.Write(name + ".images", IdxImages(n, 1, 1, pixels));
  folder.Write(name + ".labels", IdxLabels(labels));
}

Json Part(const std::string& train, const std::string& test, Json names, Json more = Json()) {
  Json options = Json::MakeObject({{"class_names", std::move(names)}});
  const std::pair<const char*, const std::string*> halves[] = {{"train", &train}, {"test", &test}};
  for (const auto& [half, name] : halves) {
    if (name->empty()) continue;
    options.Set(std::string(half) + "_images", *name + ".images");
    options.Set(std::string(half) + "_labels", *name + ".labels");
  }
  Json part = Json::MakeObject({{"dataset", "idx"}, {"options", options}});
  if (more.is_object()) {
    for (const auto& [key, value] : more.AsObject()) part.Set(key, value);
  }
  return part;
}

class LoadConcat : public ::testing::Test {
 protected:
  LoadConcat() {
    WriteSet(folder_, "digits", 10, {0, 1, 0, 1, 0, 1, 0, 1});
    WriteSet(folder_, "digits_test", 50, {1, 0});
    WriteSet(folder_, "letters", 100, {0, 1, 1, 0});
    WriteSet(folder_, "letters_test", 150, {1});
  }
  Result<Dataset> Load(std::initializer_list<Json> parts, NeededHalves needed = {}) {
    DataConfig config;
    config.dataset = "concat";
    config.options = Json::MakeObject({{"parts", Json::MakeArray(parts)}});
    return LoadDataset(config, folder_.path(), needed);
  }
  const Json digits_ = Json::MakeArray({"0", "1"});
  const Json letters_ = Json::MakeArray({"a", "b"});
  TemporaryFolder folder_;
};

TEST_F(LoadConcat, ClassesAreUnifiedByNameInOrderOfAppearance) {
  const auto data = Load({Part("letters", "", Json::MakeArray({"1", "b"})),
                          Part("digits", "", digits_)});
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_THAT(data->class_names, ElementsAre("1", "b", "0"));
  EXPECT_THAT(data->train.labels, ElementsAre(0, 1, 1, 0, 2, 0, 2, 0, 2, 0, 2, 0));
  EXPECT_THAT(data->train.pixels,
              ElementsAre(100, 101, 102, 103, 10, 11, 12, 13, 14, 15, 16, 17));
  EXPECT_EQ(data->test.n, 0);
}

TEST_F(LoadConcat, HasTheHalvesThatEveryPartHas) {
  const auto both = Load({Part("digits", "digits_test", digits_),
                          Part("letters", "letters_test", letters_)});
  ASSERT_TRUE(both.ok()) << both.error().ToString();
  EXPECT_THAT(both->test.labels, ElementsAre(1, 0, 3));
  EXPECT_THAT(both->test.pixels, ElementsAre(50, 51, 150));
  const auto train = Load({Part("digits", "digits_test", digits_), Part("letters", "", letters_)});
  ASSERT_TRUE(train.ok()) << train.error().ToString();
  EXPECT_EQ(train->train.n, 12);
  EXPECT_EQ(train->test.n, 0);
  const auto none = Load({Part("", "digits_test", digits_), Part("letters", "", letters_)});
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().ToString(), HasSubstr("neither a train half nor a test half"));
}

TEST_F(LoadConcat, TakesSomeOfEachClassEvenlySpaced) {
  const auto data = Load(
      {Part("digits", "digits_test", digits_, Json::MakeObject({{"per_class", 2}})),
       Part("letters", "letters_test", letters_,
            Json::MakeObject({{"classes", Json::MakeArray({1})},
                              {"labels", Json::MakeObject({{"b", "B"}})}}))});
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_THAT(data->class_names, ElementsAre("0", "1", "B"));
  EXPECT_THAT(data->train.pixels, ElementsAre(10, 11, 14, 15, 101, 102));
  EXPECT_THAT(data->train.labels, ElementsAre(0, 1, 0, 1, 2, 2));
  EXPECT_THAT(data->test.labels, ElementsAre(1, 0, 2));  // at most per_class
}

TEST_F(LoadConcat, RenamingCanJoinClasses) {
  const auto data = Load({Part("letters", "", letters_,
                               Json::MakeObject({{"labels", Json::MakeObject({{"b", "a"}})}}))});
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_THAT(data->class_names, ElementsAre("a"));
  EXPECT_THAT(data->train.labels, ElementsAre(0, 0, 0, 0));
}

TEST_F(LoadConcat, IdentityDependsOnTheSelection) {
  const auto all = Load({Part("digits", "", digits_)});
  const auto again = Load({Part("digits", "", digits_)});
  const auto some = Load({Part("digits", "", digits_, Json::MakeObject({{"per_class", 2}}))});
  EXPECT_EQ(all->sha256, again->sha256);
  EXPECT_NE(all->sha256, some->sha256);
}

TEST_F(LoadConcat, SaysWhichPartIsWrong) {
  folder_.Write("wide.images", IdxImages(1, 1, 2, "ab"));
  folder_.Write("wide.labels", IdxLabels({0}));
  const Json good = Part("digits", "", digits_);
  const std::vector<std::pair<Json, std::string>> cases{
      {Json::MakeObject({{"dataset", "concat"}}), "a data set other than concat"},
      {Json::MakeObject({{"dataset", "nothing"}}), "unknown data set \"nothing\""},
      {Json("mnist"), "must be a map"},
      {Part("letters", "", letters_, Json::MakeObject({{"per_class", 3}})),
       "per_class is 3, but class a of idx has 2 train images"},
      {Part("letters", "", letters_, Json::MakeObject({{"per_class", 0}})), "from 1 to"},
      {Part("letters", "", letters_, Json::MakeObject({{"classes", Json::MakeArray({2})}})),
       "2 is no class of idx, which has 0 to 1"},
      {Part("letters", "", letters_, Json::MakeObject({{"classes", Json::MakeArray({1, 1})}})),
       "expected labels, each once"},
      {Part("letters", "", letters_,
            Json::MakeObject({{"labels", Json::MakeObject({{"c", "x"}})}})),
       "labels renames \"c\", which is no class of idx"},
      {Part("letters", "", letters_, Json::MakeObject({{"label", "x"}})), "label is no option"},
      {Part("wide", "", letters_), "its images are 1 x 1 x 2, those of the parts before it 1 x 1"},
  };
  for (const auto& [part, message] : cases) {
    const auto data = Load({good, part});
    ASSERT_FALSE(data.ok()) << message;
    EXPECT_EQ(data.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(data.error().ToString(), HasSubstr(message));
    EXPECT_THAT(data.error().ToString(), HasSubstr("part 2 of data.options.parts"));
  }
  EXPECT_THAT(Load({}).error().ToString(), HasSubstr("needs data.options.parts"));
}

}  // namespace
}  // namespace tutti
