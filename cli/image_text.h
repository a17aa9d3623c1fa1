#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Small pictures in a terminal.

namespace tutti::cli {

// A picture of 0 (dark) to 255 (bright), row-major, as lines of text: one column a pixel, one line
// two rows, as bright as their mean: ' ', '░', '▒', '▓', '█'. Lines have the same width.
std::vector<std::string> ImageLines(std::span<const std::uint8_t> pixels, std::int64_t width,
                                    std::int64_t height);

// Blocks of lines side by side, `gap` columns apart; shorter blocks are filled up.
std::string SideBySide(const std::vector<std::vector<std::string>>& blocks, std::size_t gap);

// A bar of `share` (0 … 1) of `width` columns, in eighths of a column: "███▌".
std::string Bar(double share, std::size_t width);

}  // namespace tutti::cli
