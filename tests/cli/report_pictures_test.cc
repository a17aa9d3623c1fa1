// Goal: activation maps become a sheet in which every map uses the whole range of greys, whatever
// its values. Method: small maps with known values; the PNG is decoded again by the data library.
#include "cli/report_pictures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "worker/data/picture.h"

namespace tutti::cli {
namespace {

TEST(Activations, EachMapIsStretchedAndMapsStandSideBySide) {
  // Three maps of 1 x 2: rising, constant, with a NaN.
  const std::vector<float> maps{-1, 3, 5, 5, std::nanf(""), 2};
  const auto layer = DrawActivations("conv", "conv", 3, 1, 2, maps.data(), 8);
  EXPECT_EQ(layer.shown, 3);
  EXPECT_EQ(layer.sheet.width, 8);  // three of two pixels and two gaps
  EXPECT_EQ(layer.sheet.height, 1);
  const auto picture = DecodePicture(layer.sheet.png, "sheet");
  ASSERT_TRUE(picture.ok()) << picture.error().ToString();
  const std::vector<std::uint8_t> expected{0, 255, 128, 0, 0, 128, 0, 0};
  EXPECT_EQ(picture->pixels, expected);
}

TEST(Activations, NoMoreMapsThanAskedFor) {
  const std::vector<float> maps(20 * 4, 1.0f);
  const auto layer = DrawActivations("conv", "conv", 20, 2, 2, maps.data(), 16);
  EXPECT_EQ(layer.shown, 16);
  EXPECT_EQ(layer.channels, 20);
  EXPECT_EQ(layer.sheet.width, 8 * 3 - 1);
  EXPECT_EQ(layer.sheet.height, 2 * 3 - 1);
}

}  // namespace
}  // namespace tutti::cli
