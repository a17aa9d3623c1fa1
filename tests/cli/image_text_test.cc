// Goal: pictures and bars look right in a terminal, and grids of samples are PNG files with the
// images where they belong. Method: small images, compared as text and pixel by pixel.
#include "cli/image_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output.h"
#include "cli/sample_grid.h"
#include "worker/data/picture.h"

namespace tutti::cli {
namespace {

using ::testing::ElementsAre;

TEST(ImageLines, OneLineShowsTwoRowsByBrightness) {
  const std::vector<std::uint8_t> pixels{0, 1, 80, 140, 255,   //
                                         0, 1, 80, 140, 255,   //
                                         0, 0, 0,  0,   255};  // an odd row is a line of its own
  EXPECT_THAT(ImageLines(pixels, 5, 3), ElementsAre(" ░▒▓█", "    █"));
}

TEST(SideBySide, FillsUpShorterBlocks) {
  EXPECT_EQ(SideBySide({{"██", "█"}, {"x"}, {"a", "b", "c"}}, 1), "██ x a\n█    b\n     c\n");
}

TEST(Bar, HasEighthsAndStaysWithinItsWidth) {
  EXPECT_EQ(Bar(0, 10), "");
  EXPECT_EQ(Bar(0.5, 4), "██");
  EXPECT_EQ(Bar(0.5, 3), "█▌");
  EXPECT_EQ(Bar(2, 3), "███");
  EXPECT_EQ(Bar(-1, 3), "");
}

// Two classes; images of one value each: item * 10.
ImageSet Half(std::int64_t channels) {
  ImageSet half{{}, 6, channels, 24, 24, {0, 1, 0, 1, -1, 0}};
  for (std::int64_t i = 0; i < half.n; ++i) {
    half.pixels.insert(half.pixels.end(), static_cast<std::size_t>(channels * 24 * 24),
                       static_cast<std::uint8_t>(i * 10 + 100));
  }
  return half;
}

SplitItems AllOf(const ImageSet& half) {
  SplitItems split;
  for (std::int64_t i = 0; i < half.n; ++i) split.items.push_back(i);
  split.labels = half.labels;
  return split;
}

TEST(ChooseSamples, TakesTheFirstOfEachClassAndThoseWithoutALabel) {
  const auto rows = ChooseSamples(AllOf(Half(1)), {"a", "b"}, {1, 0, -1}, 2);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].label, "b");
  EXPECT_THAT(rows[0].items, ElementsAre(1, 3));
  EXPECT_THAT(rows[1].items, ElementsAre(0, 2));
  EXPECT_EQ(rows[2].label, "no label");
  EXPECT_THAT(rows[2].items, ElementsAre(4));
}

TEST(SampleGridPng, HasARowPerClassWithItsNameAndItsImages) {
  for (const std::int64_t channels : {1, 3}) {
    const ImageSet half = Half(channels);
    const auto rows = ChooseSamples(AllOf(half), {"a", "Ä/b"}, {0, 1}, 10);
    const auto grid = DecodePicture(SampleGridPng(half, rows), "grid.png");
    ASSERT_TRUE(grid.ok()) << grid.error().ToString();
    EXPECT_EQ(grid->channels, channels);
    const auto at = [&](std::int64_t x, std::int64_t y) {
      return static_cast<int>(
          grid->pixels[static_cast<std::size_t>((y * grid->width + x) * channels)]);
    };
    // Images are enlarged to 48 pixels, 4 apart; class a has items 0, 2, 5, class Ä/b 1 and 3.
    const std::int64_t from_right = grid->width - 4 - 52 + 24;
    EXPECT_EQ(at(from_right, 28), 150);
    EXPECT_EQ(at(from_right - 52, 28), 120);
    EXPECT_EQ(at(from_right - 104, 28), 100);
    EXPECT_EQ(at(from_right - 104, 80), 110);
    EXPECT_EQ(at(from_right, 80), 40);  // class Ä/b has no third image
    int text = 0;
    for (std::int64_t y = 4; y < 52; ++y) {
      for (std::int64_t x = 0; x < from_right - 104 - 28; ++x) text += at(x, y) == 230 ? 1 : 0;
    }
    EXPECT_GT(text, 10);  // the name before it
  }
}

}  // namespace
}  // namespace tutti::cli
