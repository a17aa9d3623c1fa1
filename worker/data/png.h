#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tutti {

// A PNG file of width x height pixels of `channels` bytes (1 grey, 3 RGB, 4 RGB and alpha), rows
// from top to bottom. REQUIRES: pixels.size() == width * height * channels, all at least 1.
std::string EncodePng(std::int64_t width, std::int64_t height, std::int64_t channels,
                      std::span<const std::uint8_t> pixels);

}  // namespace tutti
