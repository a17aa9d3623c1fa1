#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "worker/data/picture_formats.h"

namespace tutti {
namespace {

// A file in memory, as libtiff's callbacks want it.
struct Memory {
  std::string_view bytes;
  std::size_t at = 0;
};

tmsize_t Read(thandle_t handle, void* out, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::size_t left = memory.bytes.size() - std::min(memory.at, memory.bytes.size());
  const std::size_t n = std::min(left, static_cast<std::size_t>(size));
  std::memcpy(out, memory.bytes.data() + (memory.bytes.size() - left), n);
  memory.at += n;
  return static_cast<tmsize_t>(n);
}

tmsize_t Write(thandle_t, void*, tmsize_t) { return 0; }

toff_t Seek(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::size_t base = whence == SEEK_CUR   ? memory.at
                           : whence == SEEK_END ? memory.bytes.size()
                                                : 0;
  memory.at = base + offset;
  return memory.at;
}

int Close(thandle_t) { return 0; }
toff_t Size(thandle_t handle) { return static_cast<Memory*>(handle)->bytes.size(); }

// libtiff multiplies colours with alpha; a Picture has them as they are.
std::uint8_t Unmultiplied(std::uint32_t value, std::uint32_t alpha) {
  if (alpha == 0) return 0;
  return static_cast<std::uint8_t>(std::min<std::uint32_t>((value * 255 + alpha / 2) / alpha, 255));
}

}  // namespace

Result<Picture> DecodeTiff(std::string_view bytes) {
  // What they print is said in our own words; the handlers are libtiff's globals.
  TIFFSetErrorHandler(nullptr);
  TIFFSetWarningHandler(nullptr);
  Memory memory{bytes};
  const std::unique_ptr<TIFF, void (*)(TIFF*)> tiff(
      TIFFClientOpen("", "rm", &memory, &Read, &Write, &Seek, &Close, &Size, nullptr, nullptr),
      &TIFFClose);
  if (!tiff) return InvalidArgument("damaged or truncated TIFF");
  std::uint32_t width = 0, height = 0;
  if (TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) == 0 ||
      TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height) == 0) {
    return InvalidArgument("damaged TIFF: it does not say how large it is");
  }
  TUTTI_RETURN_IF_ERROR(CheckPictureSize(width, height));
  const std::size_t n = static_cast<std::size_t>(width) * height;
  std::vector<std::uint32_t> raster(n);
  if (TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), ORIENTATION_TOPLEFT,
                                1) == 0) {
    return InvalidArgument("damaged, truncated or of a compression that cannot be read: TIFF of " +
                           std::to_string(bytes.size()) + " bytes");
  }
  Picture picture{width, height, 4, std::vector<std::uint8_t>(n * 4)};
  std::uint8_t* out = picture.pixels.data();
  for (const std::uint32_t value : raster) {
    const std::uint32_t alpha = TIFFGetA(value);
    *out++ = Unmultiplied(TIFFGetR(value), alpha);
    *out++ = Unmultiplied(TIFFGetG(value), alpha);
    *out++ = Unmultiplied(TIFFGetB(value), alpha);
    *out++ = static_cast<std::uint8_t>(alpha);
  }
  return picture;
}

}  // namespace tutti
