#include <algorithm>
#include <utility>

#include "worker/data/picture_formats.h"

namespace tutti {
namespace {

// Integers of a TIFF structure, in its byte order; 0 beyond its end.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::string_view bytes)
      : bytes_(bytes), little_(bytes.starts_with("II")) {}
  std::uint32_t Get(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t from = at + (little_ ? size - 1 - i : i);
      value = value << 8 | (from < bytes_.size() ? static_cast<unsigned char>(bytes_[from]) : 0u);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool little_;
};

int OrientationOf(std::string_view exif) {
  const TiffNumbers numbers(exif);
  const std::size_t directory = numbers.Get(4, 4);
  const std::uint32_t entries = numbers.Get(directory, 2);
  for (std::uint32_t i = 0; i < std::min(entries, 1000u); ++i) {
    const std::size_t entry = directory + 2 + std::size_t{12} * i;
    if (numbers.Get(entry, 2) != 0x0112) continue;
    const std::uint32_t value = numbers.Get(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace

int JpegOrientation(std::string_view bytes) {
  const auto byte = [&](std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) : 0u;
  };
  std::size_t at = 2;
  while (byte(at) == 0xff && byte(at + 1) != 0xda && byte(at + 1) != 0xd9) {
    const std::size_t length = byte(at + 2) << 8 | byte(at + 3);
    if (length < 2 || at + 2 + length > bytes.size()) return 1;
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    if (byte(at + 1) == 0xe1 && segment.starts_with("Exif") && segment.size() > 14) {
      return OrientationOf(segment.substr(6));
    }
    at += 2 + length;
  }
  return 1;
}

void ApplyOrientation(int orientation, Picture& picture) {
  if (orientation <= 1 || orientation > 8) return;
  const bool swaps = orientation >= 5;  // rows of the file are columns of what was seen
  const bool mirrors_x = orientation == 2 || orientation == 3 || orientation == 7 ||
                         orientation == 8;
  const bool mirrors_y = orientation == 3 || orientation == 4 || orientation == 6 ||
                         orientation == 7;
  Picture turned{swaps ? picture.height : picture.width, swaps ? picture.width : picture.height,
                 picture.channels, {}};
  turned.pixels.reserve(picture.pixels.size());
  for (std::int64_t y = 0; y < turned.height; ++y) {
    for (std::int64_t x = 0; x < turned.width; ++x) {
      std::int64_t from_x = swaps ? y : x;
      std::int64_t from_y = swaps ? x : y;
      if (mirrors_x) from_x = picture.width - 1 - from_x;
      if (mirrors_y) from_y = picture.height - 1 - from_y;
      const auto at = (from_y * picture.width + from_x) * picture.channels;
      turned.pixels.insert(turned.pixels.end(), picture.pixels.begin() + at,
                           picture.pixels.begin() + at + picture.channels);
    }
  }
  picture = std::move(turned);
}

}  // namespace tutti
