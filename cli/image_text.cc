#include "cli/image_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/output.h"

namespace tutti::cli {

std::vector<std::string> ImageLines(std::span<const std::uint8_t> pixels, std::int64_t width,
                                    std::int64_t height) {
  static constexpr std::array<const char*, 5> kShades{" ", "░", "▒", "▓", "█"};
  std::vector<std::string> lines;
  for (std::int64_t y = 0; y < height; y += 2) {
    std::string line;
    for (std::int64_t x = 0; x < width; ++x) {
      int sum = pixels[static_cast<std::size_t>(y * width + x)];
      int rows = 1;
      if (y + 1 < height) {
        sum += pixels[static_cast<std::size_t>((y + 1) * width + x)];
        rows = 2;
      }
      // Anything at all is at least the lightest shade.
      const int mean = sum / rows;
      line += kShades[mean == 0 ? 0 : std::min(4u, 1u + static_cast<unsigned>(mean) / 64u)];
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string SideBySide(const std::vector<std::vector<std::string>>& blocks, std::size_t gap) {
  std::size_t height = 0;
  for (const auto& block : blocks) height = std::max(height, block.size());
  std::string text;
  for (std::size_t row = 0; row < height; ++row) {
    std::string line;
    std::size_t column = 0;  // where the block begins
    for (const auto& block : blocks) {
      std::size_t width = 0;
      for (const std::string& one : block) width = std::max(width, DisplayWidth(one));
      const std::size_t at = DisplayWidth(line);
      if (row < block.size()) line += std::string(column - std::min(column, at), ' ') + block[row];
      column += width + gap;
    }
    text += line + "\n";
  }
  return text;
}

std::string Bar(double share, std::size_t width) {
  static constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::clamp(share, 0.0, 1.0);
  const auto eighths =
      static_cast<std::size_t>(std::lround(clamped * static_cast<double>(width) * 8));
  std::string bar;
  for (std::size_t i = 0; i < eighths / 8; ++i) bar += "█";
  return bar + kEighths[eighths % 8];
}

}  // namespace tutti::cli
