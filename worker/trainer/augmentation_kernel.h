#pragma once

#include <cstdint>

// Moves the pixels of one image by an affine map, with bilinear sampling, and erases a rectangle.
// Plain memory, no torch types.

namespace tutti::trainer {

// What happens to one image. The value at the output's row y, column x is that of the source at
//   row    center_y + yy * (y - center_y) + yx * (x - center_x) + yt
//   column center_x + xy * (y - center_y) + xx * (x - center_x) + xt
// with centre ((h - 1) / 2, (w - 1) / 2): whole numbers are the middles of pixels. That is
// PyTorch's align_corners=False. Outside the image is background, and so is the erased rectangle of
// the output.
struct ImageChange {
  float yy = 1, yx = 0, yt = 0;
  float xy = 0, xx = 1, xt = 0;
  std::int32_t erase_top = 0, erase_left = 0, erase_height = 0, erase_width = 0;
  bool moves() const { return !(yy == 1 && yx == 0 && yt == 0 && xy == 0 && xx == 1 && xt == 0); }
  bool erases() const { return erase_height > 0 && erase_width > 0; }
};

struct PixelShape {
  std::int64_t h = 0, w = 0, c = 0;
};

// Numbers of scratch that ChangeImage needs.
inline std::int64_t ChangeScratchSize(const PixelShape& s) { return (s.h + 2) * (s.w + 2); }

// image, out: [h][w][c]; 0 = background. out: 0 … 255, fractions between pixels. Where nothing
// moves, the very values of the image.
void ChangeImage(const PixelShape& shape, const std::uint8_t* image, const ImageChange& change,
                 std::uint32_t* scratch, float* out);

}  // namespace tutti::trainer
