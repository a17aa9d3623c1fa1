#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/data/dataset.h"

// The built-in data set: drawn characters 0-9 and A-Z, each image of its own. It needs no file, so
// that everything can be tried on any machine.

namespace tutti {

inline constexpr std::int64_t kGlyphClasses = 36;
inline constexpr std::int64_t kGlyphSide = 28;
// Part of the data's identity; grows with every change of what is drawn.
inline constexpr int kGlyphVersion = 1;

struct GlyphOptions {
  std::int64_t train = 10000;  // images of each half; any number >= 0
  std::int64_t test = 2000;
  std::uint64_t seed = 0;
  std::int64_t classes = kGlyphClasses;  // the first so many of "0…9A…Z"
};

// Draws image `index` of class `label` into 28 x 28 bytes: strokes of a vector font under a random
// affine map, of random width, with blur and noise. All randomness comes from
// Rng(seed).Split("glyph", {index}), so that an image does not depend on how many are drawn.
// REQUIRES: label in 0 … 35.
void DrawGlyph(std::uint64_t seed, std::uint64_t index, std::int32_t label, std::uint8_t* pixels);

// Image i of the train half has index i and label i mod classes; the test half uses indices from
// 2^40 on, so that neither half changes when the other grows.
Dataset MakeGlyphs(const GlyphOptions& options);

// Dataset::sha256 of glyphs: names the version of the generator.
std::string GlyphIdentity();

// "0" … "9", "A" … "Z".
const std::vector<std::string>& GlyphClassNames();

}  // namespace tutti
