#pragma once

#include <cstdint>
#include <vector>

#include "worker/data/ink.h"

// Which ink belongs together.

namespace tutti {

// Columns left … right - 1, rows top … bottom - 1 of an InkMap.
struct Box {
  std::int64_t left = 0, top = 0, right = 0, bottom = 0;
  std::int64_t width() const { return right - left; }
  std::int64_t height() const { return bottom - top; }
};

// A character: connected strokes (8 neighbours) that were taken together.
struct Character {
  Box box;
  double area = 0;                   // sum of its ink
  std::vector<std::int32_t> strokes;  // their numbers in InkStrokes::label
};

struct InkStrokes {
  std::vector<std::int32_t> label;  // per pixel of the map; -1 = none
  std::vector<Character> strokes;   // one stroke each
};

// The connected strokes of a map: pixels of at least `weakest` ink around one that is solid. Specks
// are left out, and so are a frame drawn around and what lies in a corner of the picture or reaches
// from side to side (a shadow, a finger, ruled lines), if there is anything else.
InkStrokes FindStrokes(const InkMap& map);

// Everything taken together, but for small strokes far from the large ones.
Character WholeCharacter(const InkStrokes& found);

// Strokes that stand above each other taken together (i, j, =, :, broken strokes); in the order of
// reading: lines from top to bottom, in each from left to right.
std::vector<Character> SplitCharacters(const InkStrokes& found);

}  // namespace tutti
