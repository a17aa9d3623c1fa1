#pragma once

#include <cstdint>
#include <vector>

// Sizes of pictures.

namespace tutti {

// width * height brightness values, row-major, of any range.
struct Plane {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<float> values;
  float& at(std::int64_t x, std::int64_t y) {
    return values[static_cast<std::size_t>(y * width + x)];
  }
  float at(std::int64_t x, std::int64_t y) const {
    return values[static_cast<std::size_t>(y * width + x)];
  }
};

// The plane at another size, each direction by itself: a triangle filter whose reach is one pixel
// of the larger of both grids, so that making smaller averages (no aliasing) and making larger
// interpolates linearly. This is what Pillow and torchvision call antialiased bilinear.
// REQUIRES: all sizes at least 1.
Plane Resample(const Plane& plane, std::int64_t width, std::int64_t height);

// The same with a box filter: every new pixel is the mean of the area that it covers. It is
// sharper than the triangle where pictures become smaller; larger ones repeat pixels.
Plane ResampleArea(const Plane& plane, std::int64_t width, std::int64_t height);

}  // namespace tutti
