#pragma once

#include <cstdint>
#include <vector>

#include "worker/data/picture.h"

namespace tutti {

struct FitOptions {
  std::int64_t channels = 1;  // 1 (grey, ITU-R BT.601) or 3 (RGB)
  std::int64_t height = 28, width = 28;
  bool invert = false;        // 255 - value, for dark ink on light paper
};

// A whole picture as one image of a data set of pictures: c x h x w bytes (NCHW), resized with an
// anti-aliasing triangle filter without keeping the aspect (as torchvision's Resize). What is
// transparent becomes 0.
// REQUIRES: the options' sizes are at least 1, channels 1 or 3.
std::vector<std::uint8_t> FitPicture(const Picture& picture, const FitOptions& options);

}  // namespace tutti
