#include "worker/trainer/augmentation_kernel.h"

#include <cmath>
#include <cstring>

#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace augment {

// One channel with its right, lower and lower right neighbour in one word each, so that a sample is
// one gather. Row and column 0 stand for those before the image, which are background.
TUTTI_SIMD void Pack(const PixelShape& s, const std::uint8_t* image, std::uint32_t* packed) {
  const std::int64_t stride = s.w + 2;
  std::memset(packed, 0, static_cast<std::size_t>((s.h + 2) * stride) * sizeof(std::uint32_t));
  for (std::int64_t y = 0; y < s.h; ++y) {
    // A pixel is the lower neighbour of the word above and the right one of the word before.
    std::uint32_t* above = packed + y * stride;
    std::uint32_t* here = above + stride;
    const std::uint8_t* row = image + y * s.w * s.c;
    for (std::int64_t x = 0; x < s.w; ++x) above[x] |= std::uint32_t{row[x * s.c]} << 24;
    for (std::int64_t x = 0; x < s.w; ++x) above[x + 1] |= std::uint32_t{row[x * s.c]} << 16;
    for (std::int64_t x = 0; x < s.w; ++x) here[x] |= std::uint32_t{row[x * s.c]} << 8;
    for (std::int64_t x = 0; x < s.w; ++x) here[x + 1] |= std::uint32_t{row[x * s.c]};
  }
}

TUTTI_SIMD void Sample(const PixelShape& s, const std::uint32_t* packed, const ImageChange& m,
                       float* out) {
  const auto h = static_cast<float>(s.h), w = static_cast<float>(s.w);
  const float center_y = (h - 1) / 2, center_x = (w - 1) / 2;
  const auto stride = static_cast<std::int32_t>(s.w + 2), columns = static_cast<std::int32_t>(s.w);
  for (std::int32_t y = 0; y < static_cast<std::int32_t>(s.h); ++y) {
    const float v = static_cast<float>(y) - center_y;
    // Places are counted from row and column -1, so that they are positive and truncation is floor.
    const float row0 = center_y + m.yy * v + m.yt + 1, column0 = center_x + m.xy * v + m.xt + 1;
    float* to = out + y * s.w * s.c;
    for (std::int32_t x = 0; x < columns; ++x) {
      const float u = static_cast<float>(x) - center_x;
      float sy = row0 + m.yx * u, sx = column0 + m.xx * u;
      // Beyond -1 or the side everything is background, and so it is there.
      sy = sy < 0 ? 0 : sy;
      sy = sy > h + 1 ? h + 1 : sy;
      sx = sx < 0 ? 0 : sx;
      sx = sx > w + 1 ? w + 1 : sx;
      const auto iy = static_cast<std::int32_t>(sy), ix = static_cast<std::int32_t>(sx);
      const float fy = sy - static_cast<float>(iy), fx = sx - static_cast<float>(ix);
      const std::uint32_t word = packed[iy * stride + ix];
      const auto a = static_cast<float>(static_cast<std::int32_t>(word & 255u));
      const auto b = static_cast<float>(static_cast<std::int32_t>((word >> 8) & 255u));
      const auto c = static_cast<float>(static_cast<std::int32_t>((word >> 16) & 255u));
      const auto d = static_cast<float>(static_cast<std::int32_t>(word >> 24));
      const float top = a + fx * (b - a), bottom = c + fx * (d - c);
      to[x * s.c] = top + fy * (bottom - top);
    }
  }
}

}  // namespace augment

void ChangeImage(const PixelShape& shape, const std::uint8_t* image, const ImageChange& change,
                 std::uint32_t* scratch, float* out) {
  if (change.moves()) {
    for (std::int64_t channel = 0; channel < shape.c; ++channel) {
      augment::Pack(shape, image + channel, scratch);
      augment::Sample(shape, scratch, change, out + channel);
    }
  } else {
    const std::int64_t size = shape.h * shape.w * shape.c;
    for (std::int64_t i = 0; i < size; ++i) out[i] = static_cast<float>(image[i]);
  }
  if (!change.erases()) return;
  for (std::int64_t y = 0; y < change.erase_height; ++y) {
    float* row = out + ((change.erase_top + y) * shape.w + change.erase_left) * shape.c;
    std::memset(row, 0, static_cast<std::size_t>(change.erase_width * shape.c) * sizeof(float));
  }
}

}  // namespace tutti::trainer
