#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "experiments/core/result.h"
#include "worker/data/picture.h"

// Makes of a picture what MNIST's authors made of scanned digits, so that a network trained on
// MNIST or EMNIST can read it: "normalized to fit in a 20x20 pixel box while preserving their
// aspect ratio; grey levels by the anti-aliasing of the normalization; centred in a 28x28 image by
// the centre of mass of the pixels" (http://yann.lecun.com/exdb/mnist).

namespace tutti {

inline constexpr std::int64_t kPreparedSide = 28;
inline constexpr std::int64_t kPreparedBox = 20;

struct PreparedCharacter {
  std::array<std::uint8_t, kPreparedSide * kPreparedSide> pixels{};  // 0 = background, 255 = ink
  // Where its ink lay in the picture: columns left … right - 1, rows top … bottom - 1.
  std::int64_t left = 0, top = 0, right = 0, bottom = 0;
};

// The one character of a picture: everything that is ink. Alpha is laid over white, or over black
// if the ink itself is light; a bright border makes the picture dark on light, which is inverted;
// shading of the background is removed.
// kInvalidArgument: a picture without ink (blank, or too small to hold a character).
Result<PreparedCharacter> PrepareDigit(const Picture& picture);

// All characters of a picture, from left to right: connected strokes, with those above each other
// (i, j, =, :, broken strokes) taken together, specks left out. At least one, else as PrepareDigit.
Result<std::vector<PreparedCharacter>> PrepareDigits(const Picture& picture);

}  // namespace tutti
