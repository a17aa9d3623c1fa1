// Goal: files, folders and bad input become images for a network, each by itself: one bad picture
// costs no other. Method: PNG files and rubbish written here.
#include "cli/predict_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/worker/data/data_files.h"
#include "worker/data/png.h"

namespace tutti::cli {
namespace {

using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Black bars of 6 x 60 on white, at these columns.
std::string Bars(std::int64_t width, const std::vector<std::int64_t>& columns) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * 100), 255);
  for (const std::int64_t column : columns) {
    for (std::int64_t y = 20; y < 80; ++y) {
      for (std::int64_t x = column; x < column + 6; ++x) {
        pixels[static_cast<std::size_t>(y * width + x)] = 0;
      }
    }
  }
  return EncodePng(width, 100, 1, pixels);
}

std::vector<std::string> Names(const std::vector<PreparedPicture>& pictures) {
  std::vector<std::string> names;
  for (const PreparedPicture& picture : pictures) {
    names.push_back(std::filesystem::path(picture.file).filename().string() +
                    (picture.error ? "!" : ""));
  }
  return names;
}

TEST(PreparePictures, FoldersAreTakenInOrderAndOtherFilesPassedOver) {
  TemporaryFolder folder;
  folder.Write("b.png", Bars(100, {40}));
  folder.Write("a.PNG", Bars(100, {50}));
  folder.Write("notes.txt", "no picture");
  folder.Write("deeper/c.png", Bars(100, {40}));
  const std::string last = folder.Write("deeper/z.png", Bars(100, {30}));
  const auto pictures = PreparePictures({folder.path(), last}, {}, {});
  EXPECT_THAT(Names(pictures), ElementsAre("a.PNG", "b.png", "z.png"));
  for (const PreparedPicture& picture : pictures) EXPECT_EQ(picture.pixels.size(), 784u);
  EXPECT_EQ(pictures[0].left, 50);
  EXPECT_EQ(pictures[0].bottom, 80);
}

TEST(PreparePictures, EachBadPictureSaysWhyAndTheOthersArePrepared) {
  TemporaryFolder folder;
  folder.Write("1_good.png", Bars(100, {40}));
  folder.Write("2_empty.png", "");
  folder.Write("3_text.jpg", "this is no picture");
  folder.Write("4_one_pixel.png", EncodePng(1, 1, 1, std::vector<std::uint8_t>{0}));
  folder.Write("5_blank.png", Bars(100, {}));
  folder.Write("6_cut.png", Bars(100, {40}).substr(0, 60));
  folder.Write("7_good.png", Bars(120, {70}));
  const auto pictures =
      PreparePictures({folder.path(), folder.path() + "/absent.png"}, {}, {});
  EXPECT_THAT(Names(pictures), ElementsAre("1_good.png", "2_empty.png!", "3_text.jpg!",
                                           "4_one_pixel.png!", "5_blank.png!", "6_cut.png!",
                                           "7_good.png", "absent.png!"));
  const std::vector<std::string> messages{"",
                                          "the file is empty (0 bytes)",
                                          "no picture of a known format",
                                          "1 x 1 pixels; expected at least 3 x 3",
                                          "the picture is blank",
                                          "truncated",
                                          "",
                                          "No such file"};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!pictures[i].error) continue;
    EXPECT_THAT(pictures[i].error->ToString(), HasSubstr(messages[i]));
    EXPECT_THAT(pictures[i].error->ToString(), HasSubstr(pictures[i].file));
  }
}

TEST(PreparePictures, EmptyFolderIsAnError) {
  TemporaryFolder folder;
  folder.Write("notes.txt", "no picture");
  const auto pictures = PreparePictures({folder.path()}, {}, {});
  ASSERT_EQ(pictures.size(), 1u);
  EXPECT_THAT(pictures[0].error->ToString(), HasSubstr("no pictures in the folder"));
}

TEST(PreparePictures, SeveralCharactersAreNumberedFromLeftToRight) {
  TemporaryFolder folder;
  const std::string file = folder.Write("three.png", Bars(300, {200, 40, 120}));
  const auto one = PreparePictures({file}, {}, {});
  EXPECT_EQ(one.size(), 1u);
  const auto several = PreparePictures({file}, {}, {.segment = true});
  ASSERT_EQ(several.size(), 3u);
  EXPECT_EQ(several[2].character, 2);
  EXPECT_EQ(several[0].left, 40);
  EXPECT_EQ(several[2].left, 200);
}

TEST(PreparePictures, WholePicturesAreOnlyResized) {
  TemporaryFolder folder;
  const std::string file =
      folder.Write("flat.png", EncodePng(4, 2, 3, std::vector<std::uint8_t>(24, 100)));
  const NetworkInput colour{3, 5, 6, true, false};
  const auto fitted = PreparePictures({file}, colour, {});
  ASSERT_FALSE(fitted[0].error);
  EXPECT_EQ(fitted[0].pixels, std::vector<std::uint8_t>(90, 100));
  const auto unprepared = PreparePictures({file}, {}, {.prepare = false});
  EXPECT_EQ(unprepared[0].pixels, std::vector<std::uint8_t>(784, 100));
  const auto inverted = PreparePictures({file}, {1, 2, 2, true, true}, {});
  EXPECT_EQ(inverted[0].pixels, std::vector<std::uint8_t>(4, 155));
}

}  // namespace
}  // namespace tutti::cli
