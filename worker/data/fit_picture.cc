#include "worker/data/fit_picture.h"

#include <algorithm>
#include <cmath>

#include "worker/data/resample.h"

namespace tutti {
namespace {

// One channel, 0 … 255. Transparent parts become what counts as background.
Plane ChannelOf(const Picture& picture, std::int64_t channel, bool grey, float background) {
  Plane plane{picture.width, picture.height, {}};
  const std::size_t n = static_cast<std::size_t>(picture.width * picture.height);
  const auto channels = static_cast<std::size_t>(picture.channels);
  const bool colour = channels >= 3;
  const bool alpha = channels % 2 == 0;
  plane.values.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t* pixel = picture.pixels.data() + i * channels;
    float value = pixel[colour ? static_cast<std::size_t>(channel) : 0];
    if (colour && grey) {  // ITU-R BT.601, as Pillow's convert("L")
      value = 0.299f * static_cast<float>(pixel[0]) + 0.587f * static_cast<float>(pixel[1]) +
              0.114f * static_cast<float>(pixel[2]);
    }
    if (alpha) {
      const float a = static_cast<float>(pixel[channels - 1]) / 255;
      value = value * a + background * (1 - a);
    }
    plane.values[i] = value;
  }
  return plane;
}

}  // namespace

std::vector<std::uint8_t> FitPicture(const Picture& picture, const FitOptions& options) {
  std::vector<std::uint8_t> image;
  for (std::int64_t channel = 0; channel < options.channels; ++channel) {
    Plane plane =
        ChannelOf(picture, channel, options.channels == 1, options.invert ? 255.0f : 0.0f);
    if (plane.width != options.width || plane.height != options.height) {
      plane = Resample(plane, options.width, options.height);
    }
    for (const float value : plane.values) {
      const auto byte = static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
      image.push_back(options.invert ? static_cast<std::uint8_t>(255 - byte) : byte);
    }
  }
  return image;
}

}  // namespace tutti
