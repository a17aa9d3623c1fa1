#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// Pictures as people have them: any size, grey, colour, with or without alpha, from files of the
// usual formats.

namespace tutti {

// width * height * channels bytes, rows from top to bottom, the channels of a pixel side by side.
// channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (not premultiplied; 255 = opaque).
struct Picture {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t channels = 0;
  std::vector<std::uint8_t> pixels;
};

// A picture of more pixels is refused before anything is allocated for it.
inline constexpr std::int64_t kMaxPicturePixels = 100'000'000;

// Decodes PNG, JPEG (also CMYK and progressive; turned as its EXIF orientation says), GIF (first
// frame), BMP, PGM and PPM, WebP (not animated), and TIFF (first page). 16-bit values
// are cut to 8. `path` is for messages.
// kInvalidArgument: empty, no picture of these formats, truncated or damaged, or larger than
// kMaxPicturePixels (found from its header). In a build without picture decoding (no_picture.cc)
// always kFailedPrecondition.
Result<Picture> DecodePicture(std::string_view bytes, const std::string& path);

// Reads and decodes a file. Also kNotFound and kPermissionDenied.
Result<Picture> ReadPicture(const std::string& path);

// "png jpg jpeg …": the endings, lower case, of the files that a folder of pictures consists of.
const std::vector<std::string>& PictureEndings();

// The file's name ends like a picture's.
bool LooksLikePicture(const std::string& path);

}  // namespace tutti
