#include "worker/data/idx.h"

#include <cstdio>
#include <span>
#include <utility>

#include "experiments/core/check.h"

namespace tutti {
namespace {

std::uint32_t BigEndian32(std::span<const std::uint8_t> p) {
  return (std::uint32_t{p[0]} << 24) | (std::uint32_t{p[1]} << 16) | (std::uint32_t{p[2]} << 8) |
         p[3];
}

std::string Hex(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08X", value);
  return text;
}

// Checks magic and size; returns the dimensions.
Result<std::vector<std::uint64_t>> ReadHeader(const std::vector<std::uint8_t>& bytes,
                                              std::uint32_t magic, const std::string& path) {
  const std::size_t dimensions = magic & 0xFF;
  const std::size_t header = 4 + 4 * dimensions;
  const std::string what = magic == kIdxImageMagic ? "IDX images" : "IDX labels";
  if (bytes.size() < 4) {
    return DataLoss(path + ": truncated: " + std::to_string(bytes.size()) +
                    " bytes, too few for the header of " + what);
  }
  const std::uint32_t found = BigEndian32(bytes);
  if (found != magic) {
    std::string message = path + ": wrong magic " + Hex(found) + ", expected " + Hex(magic) +
                          " (" + what + ", unsigned bytes)";
    if (found == kIdxImageMagic) message += "; this is a file of images";
    if (found == kIdxLabelMagic) message += "; this is a file of labels";
    return DataLoss(message);
  }
  if (bytes.size() < header) {
    return DataLoss(path + ": truncated: " + std::to_string(bytes.size()) +
                    " bytes, too few for the header of " + what);
  }
  std::vector<std::uint64_t> sizes;
  unsigned __int128 values = 1;  // three factors below 2^32
  std::string shape;
  for (std::size_t d = 0; d < dimensions; ++d) {
    sizes.push_back(BigEndian32(std::span(bytes).subspan(4 + 4 * d, 4)));
    values *= sizes.back();
    shape += (d > 0 ? " x " : "") + std::to_string(sizes.back());
  }
  const std::uint64_t body = bytes.size() - header;
  if (values != body) {
    return DataLoss(path + ": " + (body < values ? "truncated" : "trailing bytes") + ": " +
                    std::to_string(body) + " bytes of data, expected " + shape);
  }
  return sizes;
}

}  // namespace

Result<ImageSet> DecodeIdxImages(std::vector<std::uint8_t> bytes, const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(const auto sizes, ReadHeader(bytes, kIdxImageMagic, path));
  if (sizes[0] == 0 || sizes[1] == 0 || sizes[2] == 0) {
    return DataLoss(path + ": holds no image: " + std::to_string(sizes[0]) + " x " +
                    std::to_string(sizes[1]) + " x " + std::to_string(sizes[2]));
  }
  ImageSet set;
  set.n = static_cast<std::int64_t>(sizes[0]);
  set.c = 1;
  set.h = static_cast<std::int64_t>(sizes[1]);
  set.w = static_cast<std::int64_t>(sizes[2]);
  bytes.erase(bytes.begin(), bytes.begin() + 16);
  set.pixels = std::move(bytes);
  return set;
}

Result<std::vector<std::uint8_t>> DecodeIdxLabels(std::vector<std::uint8_t> bytes,
                                                  const std::string& path) {
  TUTTI_RETURN_IF_ERROR(ReadHeader(bytes, kIdxLabelMagic, path));
  bytes.erase(bytes.begin(), bytes.begin() + 8);
  return bytes;
}

void TransposeImages(ImageSet& images) {
  TUTTI_CHECK(images.h == images.w, "only square images can be transposed in place");
  const auto side = static_cast<std::size_t>(images.h);
  const auto planes = static_cast<std::size_t>(images.n * images.c);
  for (std::size_t i = 0; i < planes; ++i) {
    std::uint8_t* image = images.pixels.data() + i * side * side;
    for (std::size_t y = 0; y < side; ++y) {
      for (std::size_t x = 0; x < y; ++x) std::swap(image[y * side + x], image[x * side + y]);
    }
  }
}

}  // namespace tutti
