// Goal: pictures of characters become what MNIST's authors would have made of them, whatever their
// size, ink, paper and shading; several characters are found in the order of reading. Method: pen
// strokes drawn here, glyphs enlarged and coloured, and pictures in which nothing is to be found.
#include "worker/data/digit_preparation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "experiments/core/rng.h"
#include "worker/data/glyphs.h"
#include "worker/data/resample.h"

namespace tutti {
namespace {

using ::testing::HasSubstr;

using Colour = std::array<double, 3>;

// Ink of 0 … 1, drawn with a round pen.
class Drawing {
 public:
  Drawing(std::int64_t width, std::int64_t height)
      : ink_{width, height, std::vector<float>(static_cast<std::size_t>(width * height), 0)} {}

  Drawing& Line(double x0, double y0, double x1, double y1, double pen) {
    for (std::int64_t y = 0; y < ink_.height; ++y) {
      for (std::int64_t x = 0; x < ink_.width; ++x) {
        const double px = static_cast<double>(x) + 0.5, py = static_cast<double>(y) + 0.5;
        const double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
        const double t =
            length == 0 ? 0 : std::clamp(((px - x0) * dx + (py - y0) * dy) / length, 0.0, 1.0);
        const double distance = std::hypot(px - x0 - t * dx, py - y0 - t * dy);
        const auto covered = static_cast<float>(std::clamp(pen / 2 + 0.5 - distance, 0.0, 1.0));
        ink_.at(x, y) = std::max(ink_.at(x, y), covered);
      }
    }
    return *this;
  }
  Drawing& Dot(double x, double y, double pen) { return Line(x, y, x, y, pen); }

  // A seven in a box of side `size` with its upper left corner at (x, y).
  Drawing& Seven(double x, double y, double size, double pen) {
    Line(x, y, x + 0.7 * size, y, pen);
    return Line(x + 0.7 * size, y, x + 0.25 * size, y + size, pen);
  }

  const Plane& ink() const { return ink_; }

 private:
  Plane ink_;
};

using Shade = std::function<double(double x, double y)>;  // x, y from 0 to 1; factor of the light

Picture Paint(const Plane& ink, Colour paper, Colour pen, const Shade& shade = {},
              double noise = 0) {
  Rng rng(7);
  Picture picture{ink.width, ink.height, 3, {}};
  for (std::int64_t y = 0; y < ink.height; ++y) {
    for (std::int64_t x = 0; x < ink.width; ++x) {
      const double light = shade ? shade(static_cast<double>(x) / static_cast<double>(ink.width),
                                         static_cast<double>(y) / static_cast<double>(ink.height))
                                 : 1;
      const double a = static_cast<double>(ink.at(x, y));
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = light * (paper[c] * (1 - a) + pen[c] * a) + noise * rng.Normal();
        picture.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
      }
    }
  }
  return picture;
}

const Colour kWhite{255, 255, 255}, kBlack{0, 0, 0};

double MeanDifference(const PreparedCharacter& a, const PreparedCharacter& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    sum += std::abs(static_cast<int>(a.pixels[i]) - static_cast<int>(b.pixels[i]));
  }
  return sum / static_cast<double>(a.pixels.size());
}

PreparedCharacter MustPrepare(const Picture& picture) {
  auto prepared = PrepareDigit(picture);
  EXPECT_TRUE(prepared.ok()) << prepared.error().ToString();
  return prepared.ok() ? *prepared : PreparedCharacter{};
}

struct Extent {
  std::int64_t left = 28, top = 28, right = -1, bottom = -1;
  double x = 0, y = 0;  // centre of mass
};

Extent ExtentOf(const PreparedCharacter& character) {
  Extent e;
  double mass = 0;
  for (std::int64_t y = 0; y < 28; ++y) {
    for (std::int64_t x = 0; x < 28; ++x) {
      const double v = character.pixels[static_cast<std::size_t>(y * 28 + x)];
      if (v == 0) continue;
      e.left = std::min(e.left, x);
      e.right = std::max(e.right, x);
      e.top = std::min(e.top, y);
      e.bottom = std::max(e.bottom, y);
      mass += v;
      e.x += v * (static_cast<double>(x) + 0.5);
      e.y += v * (static_cast<double>(y) + 0.5);
    }
  }
  e.x /= mass;
  e.y /= mass;
  return e;
}

TEST(PrepareDigit, FitsTheBoxKeepsTheAspectAndCentresByMass) {
  const Picture picture =
      Paint(Drawing(300, 200).Seven(90, 20, 150, 16).ink(), kWhite, kBlack);
  const PreparedCharacter seven = MustPrepare(picture);
  const Extent e = ExtentOf(seven);
  EXPECT_EQ(e.bottom - e.top + 1, 20);
  EXPECT_NEAR(static_cast<double>(e.right - e.left + 1), 20 * 0.73, 1.01);
  EXPECT_NEAR(e.x, 14.5, 0.51);
  EXPECT_NEAR(e.y, 14.5, 0.51);
  EXPECT_EQ(*std::max_element(seven.pixels.begin(), seven.pixels.end()), 255);
  EXPECT_NEAR(static_cast<double>(seven.left), 82, 1.5);
  EXPECT_NEAR(static_cast<double>(seven.top), 12, 1.5);
  EXPECT_NEAR(static_cast<double>(seven.right), 203, 1.5);
  EXPECT_NEAR(static_cast<double>(seven.bottom), 178, 1.5);
}

struct Look {
  std::string name;
  Colour paper, pen;
  Shade shade;
  double noise;
};

TEST(PrepareDigit, InkPaperShadingAndNoiseDoNotMatter) {
  const Plane ink = Drawing(240, 240).Seven(70, 40, 150, 14).ink();
  const PreparedCharacter plain = MustPrepare(Paint(ink, kWhite, kBlack));
  const std::vector<Look> looks{
      {"white on black", kBlack, kWhite, {}, 0},
      {"blue pen on yellowed paper", {235, 225, 190}, {30, 40, 140}, {}, 0},
      {"red on green of the same brightness", {60, 140, 60}, {200, 70, 60}, {}, 0},
      {"chalk", {40, 70, 50}, {220, 225, 220}, {}, 4},
      {"pale pencil", {240, 240, 238}, {205, 205, 205}, {}, 2},
      {"light from the left", kWhite, {20, 20, 20}, [](double x, double) { return 1 - 0.5 * x; },
       3},
      {"a dark corner", {230, 230, 225}, {40, 40, 40},
       [](double x, double y) { return 1 - 0.4 * x * y; }, 3},
      {"vignette", {250, 250, 250}, {60, 60, 60},
       [](double x, double y) {
         return 1 - 0.5 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5));
       },
       3},
      {"noise of a camera", {200, 200, 200}, {60, 60, 60}, {}, 10},
  };
  for (const Look& look : looks) {
    const auto prepared = PrepareDigit(Paint(ink, look.paper, look.pen, look.shade, look.noise));
    ASSERT_TRUE(prepared.ok()) << look.name << ": " << prepared.error().ToString();
    EXPECT_LT(MeanDifference(*prepared, plain), 9) << look.name;
  }
}

TEST(PrepareDigit, SizeDoesNotMatter) {
  const PreparedCharacter plain =
      MustPrepare(Paint(Drawing(240, 240).Seven(60, 40, 160, 20).ink(), kWhite, kBlack));
  for (const double scale : {0.15, 0.3, 0.7, 3.0}) {
    const auto side = static_cast<std::int64_t>(240 * scale);
    const Drawing drawing = Drawing(side, side).Seven(60 * scale, 40 * scale, 160 * scale,
                                                      20 * scale);
    const auto prepared = PrepareDigit(Paint(drawing.ink(), kWhite, kBlack));
    ASSERT_TRUE(prepared.ok()) << scale << ": " << prepared.error().ToString();
    EXPECT_LT(MeanDifference(*prepared, plain), 10) << scale;
  }
}

// What preparation made is prepared already: enlarged and coloured it must come back.
TEST(PrepareDigit, EnlargedCharactersComeBackAsTheyWere) {
  double sum = 0;
  int n = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    Picture small{28, 28, 1, std::vector<std::uint8_t>(28 * 28)};
    DrawGlyph(11, i, static_cast<std::int32_t>(i % 10), small.pixels.data());
    const PreparedCharacter original = MustPrepare(small);
    Plane plane{28, 28, {}};
    for (const std::uint8_t value : original.pixels) {
      plane.values.push_back(static_cast<float>(value) / 255);
    }
    const std::int64_t side = 28 * static_cast<std::int64_t>(1 + i % 9);
    const Plane large = Resample(plane, side, side);
    const Colour pen = i % 3 == 0 ? kWhite : Colour{20, 30, 120};
    const Colour paper = i % 3 == 0 ? kBlack : Colour{240, 235, 220};
    const double difference = MeanDifference(MustPrepare(Paint(large, paper, pen)), original);
    EXPECT_LT(difference, 30) << "glyph " << i << ", side " << side;
    sum += difference;
    ++n;
  }
  EXPECT_LT(sum / n, 10);
}

TEST(PrepareDigit, ThinStrokesAreWidened) {
  const auto prepared =
      PrepareDigit(Paint(Drawing(500, 500).Seven(120, 80, 360, 2).ink(), kWhite, {90, 90, 90}));
  ASSERT_TRUE(prepared.ok()) << prepared.error().ToString();
  const auto bright = std::count_if(prepared->pixels.begin(), prepared->pixels.end(),
                                    [](std::uint8_t v) { return v > 127; });
  EXPECT_GT(bright, 45);  // two strokes of some 34 pixels together, about two wide
  EXPECT_LT(bright, 110);
}

TEST(PrepareDigit, TransparentPaperTakesTheSideThatTheInkIsNot) {
  const Plane ink = Drawing(100, 100).Seven(30, 15, 65, 8).ink();
  const PreparedCharacter plain = MustPrepare(Paint(ink, kWhite, kBlack));
  for (const int colour : {0, 255}) {
    Picture picture{100, 100, 4, {}};
    for (const float a : ink.values) {
      for (int c = 0; c < 3; ++c) picture.pixels.push_back(static_cast<std::uint8_t>(colour));
      picture.pixels.push_back(static_cast<std::uint8_t>(std::lround(255 * a)));
    }
    EXPECT_LT(MeanDifference(MustPrepare(picture), plain), 3) << colour;
  }
}

TEST(PrepareDigit, SheetOnATableAndSpecksAreLeftOut) {
  Picture picture = Paint(Drawing(300, 300).Seven(110, 80, 120, 12).Dot(60, 250, 3).ink(),
                          {235, 235, 230}, {30, 30, 30});
  const PreparedCharacter plain =
      MustPrepare(Paint(Drawing(300, 300).Seven(110, 80, 120, 12).ink(), kWhite, kBlack));
  EXPECT_LT(MeanDifference(MustPrepare(picture), plain), 6);
  for (std::int64_t y = 0; y < 300; ++y) {
    for (std::int64_t x = 0; x < 300; ++x) {
      if (x > 30 && x < 275 && y > 25 && y < 280) continue;
      for (std::int64_t c = 0; c < 3; ++c) {
        picture.pixels[static_cast<std::size_t>((y * 300 + x) * 3 + c)] = 50;
      }
    }
  }
  EXPECT_LT(MeanDifference(MustPrepare(picture), plain), 6);
}

// What lies around a character, in the same kind of picture: each must leave it as it is alone.
TEST(PrepareDigit, WhatLiesAroundACharacterIsLeftOut) {
  const Drawing alone = Drawing(300, 300).Seven(110, 80, 120, 12);
  const PreparedCharacter plain = MustPrepare(Paint(alone.ink(), kWhite, kBlack));
  const Drawing framed = Drawing(alone).Line(40, 40, 260, 40, 4).Line(260, 40, 260, 260, 4)
                             .Line(260, 260, 40, 260, 4).Line(40, 260, 40, 40, 4);
  const Drawing edged = Drawing(alone).Line(0, 0, 300, 0, 9).Line(0, 0, 0, 300, 9);
  Drawing ruled(300, 300);
  for (int y = 20; y < 300; y += 40) ruled.Line(0, y, 300, y, 2);
  Plane lines = ruled.ink();  // paler than the pen, and crossing its strokes
  for (std::size_t i = 0; i < lines.values.size(); ++i) {
    lines.values[i] = std::max(0.35f * lines.values[i], alone.ink().values[i]);
  }
  const Shade shadow = [](double x, double y) { return x + 0.3 * y > 0.72 ? 0.65 : 1.0; };
  const std::vector<std::pair<std::string, Picture>> cases{
      {"frame", Paint(framed.ink(), kWhite, kBlack)},
      {"black edges", Paint(edged.ink(), kWhite, kBlack)},
      {"ruled paper", Paint(lines, kWhite, kBlack)},
      {"edge of a shadow", Paint(alone.ink(), {235, 232, 225}, {20, 20, 20}, shadow, 2)},
  };
  for (const auto& [name, picture] : cases) {
    const auto prepared = PrepareDigit(picture);
    ASSERT_TRUE(prepared.ok()) << name << ": " << prepared.error().ToString();
    EXPECT_LT(MeanDifference(*prepared, plain), 8) << name;
  }
}

TEST(PrepareDigit, PicturesWithoutACharacterSaySo) {
  const Plane nothing{64, 64, std::vector<float>(64 * 64, 0)};
  const std::vector<std::pair<Picture, std::string>> cases{
      {{1, 1, 1, {0}}, "no character can be seen in 1 x 1 pixels"},
      {{2, 2, 3, std::vector<std::uint8_t>(12, 9)}, "expected at least 3 x 3"},
      {Paint(nothing, kWhite, kBlack), "the picture is blank"},
      {Paint(nothing, kBlack, kBlack), "the picture is blank"},
      {Paint(nothing, {128, 128, 128}, kBlack, {}, 4), "the picture is blank"},
      {Paint(nothing, kWhite, kBlack, [](double x, double) { return 0.5 + 0.5 * x; }),
       "the picture is blank"},
      {Paint(Drawing(64, 64).Dot(32, 32, 2).ink(), kWhite, kBlack), "no character can be seen"},
      {{8, 8, 4, std::vector<std::uint8_t>(8 * 8 * 4, 0)}, "the picture is blank"},
  };
  for (const auto& [picture, message] : cases) {
    const auto one = PrepareDigit(picture);
    const auto several = PrepareDigits(picture);
    ASSERT_FALSE(one.ok()) << message;
    ASSERT_FALSE(several.ok()) << message;
    EXPECT_THAT(one.error().ToString(), HasSubstr(message));
    EXPECT_THAT(several.error().ToString(), HasSubstr(message));
  }
}

TEST(PrepareDigits, FindsCharactersFromLeftToRight) {
  const Picture picture = Paint(Drawing(520, 160)
                                    .Seven(30, 40, 80, 9)
                                    .Line(150, 35, 150, 120, 9)
                                    .Seven(190, 30, 90, 9)
                                    .Line(310, 60, 370, 60, 9)  // =
                                    .Line(310, 90, 370, 90, 9)
                                    .Line(420, 70, 420, 120, 9)  // i
                                    .Dot(420, 45, 12)
                                    .Line(470, 40, 470, 75, 9)  // a broken 1
                                    .Line(471, 84, 471, 120, 9)
                                    .Dot(140, 140, 2)  // a speck
                                    .ink(),
                                {230, 230, 225}, {40, 40, 60});
  const auto found = PrepareDigits(picture);
  ASSERT_TRUE(found.ok()) << found.error().ToString();
  ASSERT_EQ(found->size(), 6u);
  for (std::size_t i = 1; i < found->size(); ++i) {
    EXPECT_LT((*found)[i - 1].left, (*found)[i].left);
  }
  EXPECT_LT((*found)[3].top, 62);  // both bars of =
  EXPECT_GT((*found)[3].bottom, 88);
  EXPECT_LT((*found)[4].top, 45);  // i with its dot
  EXPECT_LT((*found)[5].top, 45);
  EXPECT_GT((*found)[5].bottom, 115);
  const PreparedCharacter alone =
      MustPrepare(Paint(Drawing(160, 160).Seven(30, 40, 80, 9).ink(), kWhite, kBlack));
  EXPECT_LT(MeanDifference((*found)[0], alone), 5);
}

// A 1 drawn as a bar is no frame.
TEST(PrepareDigits, BarsAreCharacters) {
  Plane ink = Drawing(300, 120).Seven(30, 25, 70, 9).Seven(210, 25, 70, 9).ink();
  for (std::int64_t y = 25; y < 95; ++y) {
    for (std::int64_t x = 150; x < 162; ++x) ink.at(x, y) = 1;
  }
  const auto found = PrepareDigits(Paint(ink, kWhite, kBlack));
  ASSERT_TRUE(found.ok()) << found.error().ToString();
  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ((*found)[1].left, 150);
}

TEST(PrepareDigits, ReadsLinesFromTopToBottom) {
  const auto found = PrepareDigits(Paint(Drawing(200, 240)
                                             .Line(150, 20, 150, 80, 8)
                                             .Seven(40, 25, 60, 8)
                                             .Seven(110, 150, 60, 8)
                                             .Line(50, 145, 50, 205, 8)
                                             .ink(),
                                         kWhite, kBlack));
  ASSERT_TRUE(found.ok()) << found.error().ToString();
  ASSERT_EQ(found->size(), 4u);
  EXPECT_LT((*found)[0].left, (*found)[1].left);
  EXPECT_LT((*found)[1].bottom, (*found)[2].top);
  EXPECT_LT((*found)[2].left, (*found)[3].left);
}

}  // namespace
}  // namespace tutti
