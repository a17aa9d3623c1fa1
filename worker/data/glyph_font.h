#pragma once

#include <cstdint>
#include <vector>

// The vector font of the glyphs data set: what a pen draws for each character.

namespace tutti {

// A straight piece of a stroke. The box of a character is 0 … 1 in both directions, y downwards.
struct GlyphSegment {
  float x0, y0, x1, y1;
};

using GlyphShape = std::vector<GlyphSegment>;

// The ways to write each of "0…9A…Z"; every character has at least two.
const std::vector<std::vector<GlyphShape>>& GlyphFont();

}  // namespace tutti
