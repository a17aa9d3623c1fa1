// Goal: the drawn characters are a fair data set: deterministic, varied, the classes told apart by
// shape, not by anything trivial. Method: properties of generated images; a nearest-mean
// classifier, which must do better than chance and clearly worse than perfect.
#include "worker/data/glyphs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "experiments/core/sha256.h"
#include "worker/data/glyph_font.h"

namespace tutti {
namespace {

constexpr std::size_t kPixels = 28 * 28;

std::string Bytes(const ImageSet& set) { return {set.pixels.begin(), set.pixels.end()}; }

TEST(Glyphs, SameSeedGivesSameBytesAndAnotherSeedOthers) {
  const Dataset a = MakeGlyphs({72, 36, 5, 36});
  const Dataset b = MakeGlyphs({72, 36, 5, 36});
  const Dataset c = MakeGlyphs({72, 36, 6, 36});
  EXPECT_EQ(a.train.pixels, b.train.pixels);
  EXPECT_EQ(a.test.pixels, b.test.pixels);
  EXPECT_NE(a.train.pixels, c.train.pixels);
}

// A change of what is drawn must come with a new kGlyphVersion, and then a new hash here.
TEST(Glyphs, VersionNamesTheBytes) {
  const Dataset data = MakeGlyphs({360, 0, 1, 36});
  EXPECT_EQ(kGlyphVersion, 1);
  EXPECT_EQ(Sha256Hex(Bytes(data.train)),
            "3f60a7ced15ae1e92514f133e73b04696430f7977221545170c10ea9815cfa5f");
}

TEST(Glyphs, AnImageDoesNotDependOnHowManyAreDrawn) {
  const Dataset few = MakeGlyphs({10, 10, 5, 36});
  const Dataset many = MakeGlyphs({50, 40, 5, 36});
  EXPECT_TRUE(std::equal(few.train.pixels.begin(), few.train.pixels.end(),
                         many.train.pixels.begin()));
  EXPECT_TRUE(std::equal(few.test.pixels.begin(), few.test.pixels.end(),
                         many.test.pixels.begin()));
}

TEST(Glyphs, ClassesAreBalancedAndNamed) {
  const Dataset data = MakeGlyphs({36 * 3, 10, 0, 10});
  std::array<int, 10> counts{};
  for (const std::int32_t label : data.train.labels) ++counts[static_cast<std::size_t>(label)];
  EXPECT_LE(*std::max_element(counts.begin(), counts.end()) -
                *std::min_element(counts.begin(), counts.end()), 1);
  EXPECT_EQ(data.class_names.size(), 10u);
  EXPECT_EQ(GlyphClassNames()[35], "Z");
}

TEST(Glyphs, NoTwoImagesAreEqualAndAllHaveInk) {
  const Dataset data = MakeGlyphs({720, 0, 3, 36});
  std::set<std::string> seen;
  const std::string bytes = Bytes(data.train);
  for (std::size_t i = 0; i < 720; ++i) {
    const std::string image = bytes.substr(i * kPixels, kPixels);
    EXPECT_TRUE(seen.insert(image).second) << "image " << i;
    const auto ink = std::count_if(image.begin(), image.end(),
                                   [](char c) { return static_cast<unsigned char>(c) > 90; });
    EXPECT_GT(ink, 12) << "image " << i;
    EXPECT_LT(ink, 400) << "image " << i;
  }
}

TEST(GlyphFont, EveryCharacterHasVariantsInsideItsBox) {
  ASSERT_EQ(GlyphFont().size(), 36u);
  for (std::size_t k = 0; k < 36; ++k) {
    EXPECT_GE(GlyphFont()[k].size(), 2u) << GlyphClassNames()[k];
    for (const GlyphShape& shape : GlyphFont()[k]) {
      ASSERT_FALSE(shape.empty()) << GlyphClassNames()[k];
      for (const GlyphSegment& s : shape) {
        for (const float v : {s.x0, s.y0, s.x1, s.y1}) {
          EXPECT_GE(v, -0.15f) << GlyphClassNames()[k];
          EXPECT_LE(v, 1.15f) << GlyphClassNames()[k];
        }
      }
    }
  }
}

// The image whose class mean is nearest. Trivially separable data would give nearly 1.
TEST(Glyphs, NearestMeanIsBetterThanChanceAndFarFromPerfect) {
  const Dataset data = MakeGlyphs({3600, 1800, 9, 36});
  std::vector<std::array<double, kPixels>> means(36);
  for (std::size_t i = 0; i < 3600; ++i) {
    auto& mean = means[static_cast<std::size_t>(data.train.labels[i])];
    for (std::size_t p = 0; p < kPixels; ++p) mean[p] += data.train.pixels[i * kPixels + p] / 100.;
  }
  int correct = 0;
  for (std::size_t i = 0; i < 1800; ++i) {
    double best = 1e300;
    std::int32_t chosen = -1;
    for (std::size_t k = 0; k < 36; ++k) {
      double distance = 0;
      for (std::size_t p = 0; p < kPixels; ++p) {
        const double d = means[k][p] - data.test.pixels[i * kPixels + p];
        distance += d * d;
      }
      if (distance < best) {
        best = distance;
        chosen = static_cast<std::int32_t>(k);
      }
    }
    correct += chosen == data.test.labels[i];
  }
  EXPECT_GT(correct, 1800 * 0.20);
  EXPECT_LT(correct, 1800 * 0.75);
  RecordProperty("nearest_mean_correct", correct);
}

}  // namespace
}  // namespace tutti
