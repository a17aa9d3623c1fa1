// Goal: folders of pictures become a data set with the folders' names as classes, and pictures
// that cannot be read are named. Method: PNG files written here.
#include "worker/data/image_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/data/data_files.h"
#include "worker/data/png.h"

namespace tutti {
namespace {

using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A picture of one colour.
std::string Flat(std::int64_t side, std::vector<std::uint8_t> colour) {
  std::vector<std::uint8_t> pixels;
  for (std::int64_t i = 0; i < side * side; ++i) {
    pixels.insert(pixels.end(), colour.begin(), colour.end());
  }
  return EncodePng(side, side, static_cast<std::int64_t>(colour.size()), pixels);
}

Result<Dataset> Load(const TemporaryFolder& folder, Json options) {
  DataConfig config;
  config.dataset = "images";
  config.options = std::move(options);
  return LoadDataset(config, folder.path());
}

Json Options(std::initializer_list<Json::Member> more = {}) {
  Json options = Json::MakeObject({{"train", "train"}, {"size", Json::MakeArray({1, 1})}});
  for (const auto& [key, value] : more) options.Set(key, value);
  return options;
}

TEST(LoadImageFolders, FoldersAreClassesAndFilesAreTakenInOrder) {
  TemporaryFolder folder;
  folder.Write("train/b/2.png", Flat(1, {20}));
  folder.Write("train/b/1.png", Flat(3, {10}));
  folder.Write("train/a/deeper/x.PNG", Flat(2, {5}));
  folder.Write("train/a/notes.txt", "no picture");
  folder.Write("train/.hidden/x.png", Flat(1, {1}));
  folder.Write("test/b/t.png", Flat(1, {7}));
  const auto data = Load(folder, Options({{"test", "test"}}));
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_THAT(data->class_names, ElementsAre("a", "b"));
  EXPECT_THAT(data->train.pixels, ElementsAre(5, 10, 20));
  EXPECT_THAT(data->train.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(data->test.labels, ElementsAre(1));
  EXPECT_EQ(data->sha256.size(), 64u);
}

TEST(LoadImageFolders, ColoursAlphaAndInversion) {
  TemporaryFolder folder;
  folder.Write("train/a/1.png", Flat(2, {200, 100, 50, 255}));
  folder.Write("train/a/2.png", Flat(2, {200, 100, 50, 0}));  // transparent
  const auto grey = Load(folder, Options());
  ASSERT_TRUE(grey.ok()) << grey.error().ToString();
  EXPECT_THAT(grey->train.pixels, ElementsAre(124, 0));  // 0.299 R + 0.587 G + 0.114 B
  const auto colour = Load(folder, Options({{"channels", 3}}));
  EXPECT_THAT(colour->train.pixels, ElementsAre(200, 100, 50, 0, 0, 0));
  EXPECT_EQ(colour->train.c, 3);
  const auto inverted = Load(folder, Options({{"invert", true}}));
  EXPECT_THAT(inverted->train.pixels, ElementsAre(131, 0));
}

TEST(LoadImageFolders, ResizingAveragesInsteadOfSkipping) {
  TemporaryFolder folder;
  std::vector<std::uint8_t> stripes;
  for (int i = 0; i < 64 * 64; ++i) stripes.push_back(i % 2 == 0 ? 0 : 200);
  folder.Write("train/a/1.png", EncodePng(64, 64, 1, stripes));
  const auto data = Load(folder, Json::MakeObject({{"train", "train"},
                                                   {"size", Json::MakeArray({4, 4})}}));
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  for (const std::uint8_t pixel : data->train.pixels) EXPECT_NEAR(pixel, 100, 3);
}

TEST(LoadImageFolders, UnreadablePicturesAreAllNamed) {
  TemporaryFolder folder;
  folder.Write("train/a/good.png", Flat(1, {1}));
  const std::string empty = folder.Write("train/a/empty.png", "");
  const std::string text = folder.Write("train/b/text.jpg", "this is text");
  const auto data = Load(folder, Options());
  ASSERT_FALSE(data.ok());
  EXPECT_EQ(data.error().code(), ErrorCode::kDataLoss);
  EXPECT_THAT(data.error().ToString(), HasSubstr("2 of 3 pictures cannot be read"));
  EXPECT_THAT(data.error().ToString(), HasSubstr(empty + ": the file is empty"));
  EXPECT_THAT(data.error().ToString(), HasSubstr(text + ": no picture of a known format"));
}

TEST(LoadImageFolders, SaysWhatIsMissingOrWrong) {
  TemporaryFolder folder;
  folder.Write("train/a/good.png", Flat(1, {1}));
  folder.Write("other/c/good.png", Flat(1, {1}));
  folder.Write("flat/good.png", Flat(1, {1}));
  folder.Write("empty/a/readme.txt", "");
  const std::vector<std::pair<Json, std::string>> cases{
      {Json::MakeObject(), "needs data.options.train, test, or both"},
      {Options({{"train", "absent"}}), "cannot list the folder of classes"},
      {Options({{"train", "flat"}}), "no folders in it, expected one for each class"},
      {Options({{"train", "empty"}}), "no pictures in the folders of its classes"},
      {Options({{"test", "other"}}), "other/c: the train folder has no class of this name"},
      {Options({{"size", 28}}), "expected 2 integers from 1 to 4096"},
      {Options({{"size", Json::MakeArray({0, 28})}}), "expected 2 integers"},
      {Options({{"channels", 2}}), "expected 1 (grey) or 3 (RGB)"},
      {Options({{"invert", "yes"}}), "expected true or false"},
  };
  for (const auto& [options, message] : cases) {
    const auto data = Load(folder, options);
    ASSERT_FALSE(data.ok()) << message;
    EXPECT_THAT(data.error().ToString(), HasSubstr(message));
  }
}

}  // namespace
}  // namespace tutti
