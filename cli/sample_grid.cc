#include "cli/sample_grid.h"

#include <algorithm>
#include <cstring>

#include <stb/stb_easy_font.h>

#include "worker/data/png.h"

namespace tutti::cli {
namespace {

constexpr std::int64_t kPictureGap = 4;
constexpr std::int64_t kTextScale = 2;
constexpr std::int64_t kTextHeight = 8 * kTextScale;
constexpr std::uint8_t kPaper = 40;  // between the images, so that their black borders show
constexpr std::uint8_t kText = 230;

std::string Ascii(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;  // the rest of a UTF-8 character
    text += c >= ' ' && c <= '~' ? c : '?';
  }
  return text.substr(0, 24);
}

struct Canvas {
  std::int64_t width = 0, height = 0, channels = 1;
  std::vector<std::uint8_t> pixels;

  void Fill(std::int64_t left, std::int64_t top, std::int64_t w, std::int64_t h,
            std::uint8_t value) {
    for (std::int64_t y = std::max<std::int64_t>(top, 0); y < std::min(top + h, height); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(left, 0); x < std::min(left + w, width); ++x) {
        for (std::int64_t c = 0; c < channels; ++c) {
          pixels[static_cast<std::size_t>((y * width + x) * channels + c)] = value;
        }
      }
    }
  }

  // stb's font is rectangles: four corners of x, y, z and a colour each.
  void Write(std::int64_t left, std::int64_t top, std::string text) {
    std::vector<char> buffer(text.size() * 300 + 300);
    const int quads = stb_easy_font_print(0, 0, text.data(), nullptr, buffer.data(),
                                          static_cast<int>(buffer.size()));
    for (int q = 0; q < quads; ++q) {
      float corner[2], opposite[2];
      std::memcpy(corner, buffer.data() + q * 64, sizeof(corner));
      std::memcpy(opposite, buffer.data() + q * 64 + 32, sizeof(opposite));
      Fill(left + static_cast<std::int64_t>(corner[0]) * kTextScale,
           top + static_cast<std::int64_t>(corner[1]) * kTextScale,
           static_cast<std::int64_t>(opposite[0] - corner[0]) * kTextScale,
           static_cast<std::int64_t>(opposite[1] - corner[1]) * kTextScale, kText);
    }
  }

  void Draw(std::int64_t left, std::int64_t top, std::int64_t zoom, const ImageSet& half,
            std::int64_t item) {
    const std::int64_t plane = half.h * half.w;
    const std::uint8_t* image =
        half.pixels.data() + static_cast<std::size_t>(item * half.c * plane);
    for (std::int64_t y = 0; y < half.h * zoom; ++y) {
      for (std::int64_t x = 0; x < half.w * zoom; ++x) {
        const std::int64_t from = y / zoom * half.w + x / zoom;
        for (std::int64_t c = 0; c < channels; ++c) {
          const std::int64_t source = half.c == 3 ? c : 0;
          pixels[static_cast<std::size_t>(((top + y) * width + left + x) * channels + c)] =
              image[source * plane + from];
        }
      }
    }
  }
};

}  // namespace

std::vector<SampleRow> ChooseSamples(const SplitItems& split,
                                     const std::vector<std::string>& class_names,
                                     const std::vector<std::int32_t>& classes,
                                     std::int64_t samples) {
  std::vector<SampleRow> rows;
  for (const std::int32_t label : classes) {
    SampleRow row;
    row.label = label < 0 ? "no label" : class_names[static_cast<std::size_t>(label)];
    for (std::size_t i = 0; i < split.items.size(); ++i) {
      if (static_cast<std::int64_t>(row.items.size()) == samples) break;
      if (split.labels[i] == label) row.items.push_back(split.items[i]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string SampleGridPng(const ImageSet& half, const std::vector<SampleRow>& rows) {
  const std::int64_t zoom =
      std::max<std::int64_t>(1, (48 + std::max(half.h, half.w) - 1) / std::max(half.h, half.w));
  std::int64_t text_width = 0;
  std::size_t columns = 1;
  for (const SampleRow& row : rows) {
    std::string text = Ascii(row.label);
    text_width = std::max<std::int64_t>(text_width, stb_easy_font_width(text.data()) * kTextScale);
    columns = std::max(columns, row.items.size());
  }
  const std::int64_t cell_w = half.w * zoom + kPictureGap, cell_h = half.h * zoom + kPictureGap;
  const std::int64_t images_left = 2 * kPictureGap + text_width + kPictureGap;
  Canvas canvas;
  canvas.width = images_left + static_cast<std::int64_t>(columns) * cell_w + kPictureGap;
  canvas.height = kPictureGap + std::max<std::int64_t>(1, static_cast<std::int64_t>(rows.size())) * cell_h;
  canvas.channels = half.c == 3 ? 3 : 1;
  canvas.pixels.assign(
      static_cast<std::size_t>(canvas.width * canvas.height * canvas.channels), kPaper);
  std::int64_t top = kPictureGap;
  for (const SampleRow& row : rows) {
    canvas.Write(2 * kPictureGap, top + (cell_h - kTextHeight) / 2, Ascii(row.label));
    std::int64_t left = images_left;
    for (const std::int64_t item : row.items) {
      canvas.Draw(left, top, zoom, half, item);
      left += cell_w;
    }
    top += cell_h;
  }
  return EncodePng(canvas.width, canvas.height, canvas.channels, canvas.pixels);
}

std::vector<std::uint8_t> Brightness(const ImageSet& half, std::int64_t item) {
  const auto plane = static_cast<std::size_t>(half.h * half.w);
  const auto channels = static_cast<std::size_t>(half.c);
  const std::uint8_t* image =
      half.pixels.data() + static_cast<std::size_t>(item) * channels * plane;
  std::vector<std::uint8_t> bytes(plane);
  for (std::size_t i = 0; i < plane; ++i) {
    std::size_t sum = 0;
    for (std::size_t c = 0; c < channels; ++c) sum += image[c * plane + i];
    bytes[i] = static_cast<std::uint8_t>(sum / channels);
  }
  return bytes;
}

}  // namespace tutti::cli
