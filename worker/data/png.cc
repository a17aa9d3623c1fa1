#include "worker/data/png.h"

#include "experiments/core/check.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

namespace tutti {

std::string EncodePng(std::int64_t width, std::int64_t height, std::int64_t channels,
                      std::span<const std::uint8_t> pixels) {
  TUTTI_CHECK(width > 0 && height > 0 && channels > 0 &&
                  static_cast<std::int64_t>(pixels.size()) == width * height * channels,
              "pixels do not fit the size of the PNG");
  std::string file;
  const auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<const char*>(data),
                                               static_cast<std::size_t>(size));
  };
  const int written = stbi_write_png_to_func(
      append, &file, static_cast<int>(width), static_cast<int>(height),
      static_cast<int>(channels), pixels.data(), static_cast<int>(width * channels));
  TUTTI_CHECK(written != 0, "a PNG cannot be encoded");
  return file;
}

}  // namespace tutti
