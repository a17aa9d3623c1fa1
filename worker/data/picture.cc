#include "worker/data/picture.h"

#include <zlib.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "worker/data/file_bytes.h"
#include "worker/data/picture_formats.h"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_ONLY_PNM
#define STBI_FAILURE_USERMSG
#include <stb/stb_image.h>

namespace tutti {
namespace {

enum class Format { kPng, kJpeg, kGif, kBmp, kPnm, kWebp, kTiff, kHeif, kUnknown };

Format FormatOf(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return Format::kPng;
  if (bytes.starts_with("\xff\xd8\xff"sv)) return Format::kJpeg;
  if (bytes.starts_with("GIF8"sv)) return Format::kGif;
  if (bytes.starts_with("BM"sv) && bytes.size() >= 26) return Format::kBmp;
  if (bytes.starts_with("P5"sv) || bytes.starts_with("P6"sv)) return Format::kPnm;
  if (bytes.starts_with("RIFF"sv) && bytes.substr(0, 12).ends_with("WEBP"sv)) {
    return Format::kWebp;
  }
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return Format::kTiff;
  if (bytes.substr(0, 8).ends_with("ftyp"sv)) return Format::kHeif;
  return Format::kUnknown;
}

std::uint32_t BigEndian(std::string_view four) {
  std::uint32_t value = 0;
  for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// stb decodes what it can of a PNG and looks at no checksum.
Status CheckPng(std::string_view bytes) {
  std::size_t at = 8;
  while (at + 12 <= bytes.size()) {
    const std::size_t length = BigEndian(bytes.substr(at, 4));
    if (length > bytes.size() - at - 12) break;
    const std::string_view checked = bytes.substr(at + 4, length + 4);
    const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    if (sum != BigEndian(bytes.substr(at + 8 + length, 4))) {
      return InvalidArgument("damaged: wrong checksum at byte " + std::to_string(at));
    }
    if (checked.starts_with("IEND")) return Ok{};
    at += 12 + length;
  }
  return InvalidArgument("truncated: the PNG ends at byte " + std::to_string(bytes.size()) +
                         " without its end mark");
}

// What stb would read as zeros where the file ends too early.
Status CheckComplete(Format format, std::string_view bytes) {
  using namespace std::string_view_literals;
  const std::string size = std::to_string(bytes.size()) + " bytes";
  if (format == Format::kPng) return CheckPng(bytes);
  if (format == Format::kJpeg) {
    const std::size_t scan = bytes.rfind("\xff\xda"sv);
    if (scan == std::string_view::npos || bytes.find("\xff\xd9"sv, scan) == bytes.npos) {
      return InvalidArgument("truncated: the JPEG of " + size + " has no end mark");
    }
  }
  if (format == Format::kGif) {
    const std::size_t last = bytes.find_last_not_of('\0');
    if (bytes[last] != '\x3b') {
      return InvalidArgument("truncated: the GIF of " + size + " has no end mark");
    }
  }
  if (format == Format::kBmp) {
    const std::string_view b = bytes.substr(2, 4);
    const char reversed[] = {b[3], b[2], b[1], b[0]};
    const std::size_t stated = BigEndian({reversed, 4});
    if (stated > bytes.size()) {
      return InvalidArgument("truncated: " + size + " of a BMP of " + std::to_string(stated));
    }
  }
  return Ok{};
}

Result<Picture> DecodeWithStb(Format format, std::string_view bytes) {
  if (bytes.size() > INT_MAX) return InvalidArgument("larger than 2 GiB");
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (stbi_info_from_memory(data, size, &width, &height, &channels) == 0) {
    return InvalidArgument(std::string("damaged: ") + stbi_failure_reason());
  }
  TUTTI_RETURN_IF_ERROR(CheckPictureSize(width, height));
  TUTTI_RETURN_IF_ERROR(CheckComplete(format, bytes));
  if (format == Format::kPnm && std::int64_t{width} * height * channels > size) {
    return InvalidArgument("truncated: " + std::to_string(size) + " bytes of a picture of " +
                           std::to_string(width) + " x " + std::to_string(height) + " pixels");
  }
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(data, size, &width, &height, &channels, 0), &std::free);
  if (!pixels) return InvalidArgument(std::string("damaged: ") + stbi_failure_reason());
  Picture picture{width, height, channels, {}};
  picture.pixels.assign(pixels.get(), pixels.get() + picture.width * height * channels);
  if (format == Format::kJpeg) ApplyOrientation(JpegOrientation(bytes), picture);
  return picture;
}

Error UnknownFormat(Format format, std::string_view bytes) {
  const std::string formats = "PNG, JPEG, GIF, BMP, PGM, PPM, WebP and TIFF can be read";
  if (format == Format::kHeif) {
    return InvalidArgument("a HEIF or AVIF file; save it as JPEG or PNG (" + formats + ")");
  }
  std::string begins;
  for (const char c : bytes.substr(0, 8)) {
    char text[4];
    std::snprintf(text, sizeof(text), "%02X ", static_cast<unsigned>(static_cast<unsigned char>(c)));
    begins += text;
  }
  return InvalidArgument("no picture of a known format: it begins with " + begins + "(" + formats +
                         ")");
}

Result<Picture> Decode(std::string_view bytes) {
  if (bytes.empty()) return InvalidArgument("the file is empty (0 bytes)");
  const Format format = FormatOf(bytes);
  if (format == Format::kWebp) return DecodeWebp(bytes);
  if (format == Format::kTiff) return DecodeTiff(bytes);
  if (format == Format::kHeif || format == Format::kUnknown) return UnknownFormat(format, bytes);
  return DecodeWithStb(format, bytes);
}

}  // namespace

Status CheckPictureSize(std::int64_t width, std::int64_t height) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) return InvalidArgument("damaged: a picture of " + size);
  if (width > kMaxPicturePixels / height) {
    return InvalidArgument("too large: " + size + ", expected at most " +
                           std::to_string(kMaxPicturePixels / 1'000'000) +
                           " million pixels; make it smaller or cut out the part that matters");
  }
  return Ok{};
}

Result<Picture> DecodePicture(std::string_view bytes, const std::string& path) {
  auto picture = Decode(bytes);
  if (!picture) return Error(picture.error().code(), path + ": " + picture.error().ToString());
  return picture;
}

}  // namespace tutti
