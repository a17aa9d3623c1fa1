// Goal: pictures of every format come out with the right pixels, and what is no picture says why.
// Method: small files, made by our encoder, written by hand, or made by Pillow and kept here in
// base64 (16 x 8: the left half red, the right half white), and damaged ones.
#include "worker/data/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>

#include "tests/worker/data/data_files.h"
#include "worker/data/picture_formats.h"
#include "worker/data/png.h"

namespace tutti {
namespace {

using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string FromBase64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int n = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
    n += 6;
    if (n < 8) continue;
    n -= 8;
    bytes += static_cast<char>(bits >> n & 0xff);
  }
  return bytes;
}

const std::string kRotatedJpeg = FromBase64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAg"
    "MDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUE"
    "BQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCA"
    "AIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAcJ/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEA"
    "AAAAAAAAAAAAAAAAAAYH/8QAHBEAAQMFAAAAAAAAAAAAAAAAAAUHQ0SBg8HC/9oADAMBAAIRAxEAPwCBN0AGEWS2y4"
    "ubR5OD/9k=");
const std::string kGif = FromBase64(
    "R0lGODdhEAAIAIEAAJkAAMwAAMwzM////ywAAAAAEAAIAAAIMAAFBBBIMMCAgwgPElwoIGHCggUdIlw4cKBEhQMBCB"
    "Cg8eIAihsNXoRY0SPJjR4DAgA7");
const std::string kWebp =
    FromBase64(
    "UklGRigAAABXRUJQVlA4TBwAAAAvD8ABAA/wj/8n///jf/7jAWLBZP7SnSlE9D9y");
const std::string kTiff = FromBase64(
    "SUkqAE4AAACAMgPB6BQSBwWEQeFB5/w2HQ+IRGHQmDRWKRSJRmNReFxyKxqQRCPSOFyGTP+SRaOwOTyGUymWyCXyuP"
    "zGMzOVTWbRGAgACgAAAQMAAQAAABAAAAABAQMAAQAAAAgAAAACAQMAAwAAAMwAAAADAQMAAQAAAAUAAAAGAQMAAQAA"
    "AAIAAAARAQQAAQAAAAgAAAAVAQMAAQAAAAMAAAAWAQMAAQAAAAgAAAAXAQQAAQAAAEUAAAAcAQMAAQAAAAEAAAAAAA"
    "AACAAIAAgA");
const std::string kPng16 = FromBase64(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAAAAADBDy1ZAAAAFklEQVR4nGMUMmFgYGBgYGBiYEBjAAAHVABMzC7wag"
    "AAAABJRU5ErkJggg==");
// CMYK as Photoshop and Pillow write it: inverted, with a segment of Adobe.
const std::string kCmykJpeg = FromBase64(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCx"
    "AWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAgJCgD/"
    "xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/ADAL6L6NTEmpYUsM/9k=");

std::string SmallPng() {
  const std::vector<std::uint8_t> pixels{0, 50, 100, 150, 200, 250};
  return EncodePng(3, 2, 1, pixels);
}

std::string Bmp() {  // 2 x 1, blue and white, 24 bits
  const unsigned char bytes[] = {'B', 'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2,
                                 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0,
                                 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 255,
                                 255, 0, 0};
  return {reinterpret_cast<const char*>(bytes), sizeof(bytes)};
}

std::string PngHeader(std::uint32_t width, std::uint32_t height) {
  std::string chunk = "IHDR";
  for (const std::uint32_t value : {width, height}) {
    for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(value >> shift & 0xff);
  }
  chunk += std::string("\x08\0\0\0\0", 5);
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(chunk.data()),
                         static_cast<uInt>(chunk.size()));
  std::string file("\x89PNG\r\n\x1a\n\0\0\0\x0d", 12);
  file += chunk;
  for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(sum >> shift & 0xff);
  return file + std::string("\0\0\0\0IDAT", 8);
}

TEST(DecodePicture, ReadsPngAsItWasWritten) {
  const auto picture = DecodePicture(SmallPng(), "p.png");
  ASSERT_TRUE(picture.ok()) << picture.error().ToString();
  EXPECT_EQ(picture->width, 3);
  EXPECT_EQ(picture->height, 2);
  EXPECT_EQ(picture->channels, 1);
  EXPECT_THAT(picture->pixels, ElementsAre(0, 50, 100, 150, 200, 250));
}

struct ColourCase {
  std::string name;
  std::string bytes;
};

TEST(DecodePicture, EveryFormatHasRedOnTheLeftAndWhiteOnTheRight) {
  const std::vector<ColourCase> cases{
      {"gif", kGif}, {"webp", kWebp}, {"tiff", kTiff}, {"cmyk jpeg", kCmykJpeg}};
  for (const ColourCase& one : cases) {
    const auto picture = DecodePicture(one.bytes, one.name);
    ASSERT_TRUE(picture.ok()) << picture.error().ToString();
    EXPECT_EQ(picture->width, 16) << one.name;
    EXPECT_EQ(picture->height, 8) << one.name;
    ASSERT_GE(picture->channels, 3) << one.name;
    const auto at = [&](std::int64_t x, std::int64_t c) {
      return static_cast<int>(
          picture->pixels[static_cast<std::size_t>((3 * 16 + x) * picture->channels + c)]);
    };
    EXPECT_NEAR(at(3, 0), 200, 55) << one.name;
    EXPECT_NEAR(at(3, 1), 30, 55) << one.name;
    EXPECT_NEAR(at(3, 2), 30, 55) << one.name;
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(at(13, c), 255, 12) << one.name;
  }
}

TEST(DecodePicture, JpegIsTurnedAsItsExifSays) {
  const auto picture = DecodePicture(kRotatedJpeg, "photo.jpg");  // orientation 6: turned right
  ASSERT_TRUE(picture.ok()) << picture.error().ToString();
  EXPECT_EQ(picture->width, 8);
  EXPECT_EQ(picture->height, 16);
  const auto green = [&](std::int64_t y) {
    return picture->pixels[static_cast<std::size_t>(y * 8 + 4) * 3 + 1];
  };
  EXPECT_LT(green(3), 100);   // red, was on the left, is above
  EXPECT_GT(green(13), 200);  // white
}

TEST(DecodePicture, SixteenBitsAreCutToEight) {
  const auto picture = DecodePicture(kPng16, "deep.png");
  ASSERT_TRUE(picture.ok()) << picture.error().ToString();
  EXPECT_EQ(picture->width, 4);
  EXPECT_EQ(picture->height, 3);
  EXPECT_EQ(picture->pixels[0], 0x12);
}

TEST(DecodePicture, BmpAndPgm) {
  const auto bmp = DecodePicture(Bmp(), "b.bmp");
  ASSERT_TRUE(bmp.ok()) << bmp.error().ToString();
  EXPECT_THAT(bmp->pixels, ElementsAre(0, 0, 255, 255, 255, 255));
  const auto pgm = DecodePicture("P5 2 1 255\n\x07\x09", "b.pgm");
  ASSERT_TRUE(pgm.ok()) << pgm.error().ToString();
  EXPECT_THAT(pgm->pixels, ElementsAre(7, 9));
}

struct BadPicture {
  std::string bytes;
  std::string message;
};

TEST(DecodePicture, WhatIsNoPictureSaysWhy) {
  std::string flipped = SmallPng();
  flipped[flipped.size() - 20] = static_cast<char>(flipped[flipped.size() - 20] ^ 0x40);
  const std::string png = SmallPng();
  const std::vector<BadPicture> cases{
      {"", "the file is empty (0 bytes)"},
      {"x", "no picture of a known format: it begins with 78"},
      {"<!DOCTYPE html><html>", "begins with 3C 21 44 4F 43 54 59 50"},
      {std::string("\0\0\0\x18" "ftypheic\0\0\0\0", 16), "HEIF"},
      {png.substr(0, 20), "damaged"},
      {png.substr(0, png.size() - 14), "truncated: the PNG ends at byte"},
      {flipped, "damaged: wrong checksum"},
      {PngHeader(20000, 20000), "too large: 20000 x 20000 pixels, expected at most 100 million"},
      {kRotatedJpeg.substr(0, kRotatedJpeg.size() - 30), "truncated: the JPEG of"},
      {kRotatedJpeg.substr(0, 100), "damaged"},
      {"\xff\xd8\xff garbage that is no JPEG", "damaged"},
      {kGif.substr(0, kGif.size() - 20), "truncated: the GIF of"},
      {Bmp().substr(0, 56), "truncated: 56 bytes of a BMP of 62"},
      {kWebp.substr(0, 20), "WebP"},
      {kWebp.substr(0, kWebp.size() - 12), "WebP"},
      {kTiff.substr(0, 60), "TIFF"},
      {std::string("II*\0\xff\xff\xff\xff", 8), "TIFF"},
      {"P5 20 2 255\n\x07", "truncated: 13 bytes of a picture of 20 x 2"},
      {"P5 99999 99999 255\n", "too large: 99999 x 99999"},
  };
  for (const BadPicture& bad : cases) {
    const auto picture = DecodePicture(bad.bytes, "folder/it.png");
    ASSERT_FALSE(picture.ok()) << bad.message;
    EXPECT_EQ(picture.error().code(), ErrorCode::kInvalidArgument) << picture.error().ToString();
    EXPECT_THAT(picture.error().ToString(), HasSubstr("folder/it.png: "));
    EXPECT_THAT(picture.error().ToString(), HasSubstr(bad.message));
  }
}

TEST(ReadPicture, MissingFileIsNotFound) {
  const auto picture = ReadPicture("/nonexistent/a.png");
  ASSERT_FALSE(picture.ok());
  EXPECT_EQ(picture.error().code(), ErrorCode::kNotFound);
}

TEST(LooksLikePicture, GoesByTheEnding) {
  EXPECT_TRUE(LooksLikePicture("a/b.PNG"));
  EXPECT_TRUE(LooksLikePicture("b.jpeg"));
  EXPECT_FALSE(LooksLikePicture("b"));
  EXPECT_FALSE(LooksLikePicture("b.txt"));
  EXPECT_FALSE(LooksLikePicture("png"));
}

TEST(ApplyOrientation, EachOfTheEightTurnsTheCornersAsExifSays) {
  // 2 x 3 (width x height): 1 2 / 3 4 / 5 6
  const std::vector<std::vector<std::uint8_t>> turned{
      {1, 2, 3, 4, 5, 6}, {2, 1, 4, 3, 6, 5}, {6, 5, 4, 3, 2, 1}, {5, 6, 3, 4, 1, 2},
      {1, 3, 5, 2, 4, 6}, {5, 3, 1, 6, 4, 2}, {6, 4, 2, 5, 3, 1}, {2, 4, 6, 1, 3, 5}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    Picture picture{2, 3, 1, {1, 2, 3, 4, 5, 6}};
    ApplyOrientation(orientation, picture);
    EXPECT_EQ(picture.pixels, turned[static_cast<std::size_t>(orientation - 1)]) << orientation;
    EXPECT_EQ(picture.width, orientation >= 5 ? 3 : 2) << orientation;
  }
}

}  // namespace
}  // namespace tutti
