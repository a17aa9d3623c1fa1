#include "worker/data/characters.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tutti {
namespace {

// Ink that begins a stroke; and, where that finds nothing but surroundings, ink that may belong to
// one and ink that begins one.
constexpr double kSolid = 0.5;
constexpr double kStrong = 0.55;
constexpr double kStrongest = 0.75;
// A stroke of less than this share of the largest one's ink is a speck.
constexpr double kSpeck = 0.01;
// Strokes of less than this share are left out of a whole character if they lie far from it.
constexpr double kSmallStroke = 0.08;

void Include(Box& box, const Box& other) {
  box.left = std::min(box.left, other.left);
  box.top = std::min(box.top, other.top);
  box.right = std::max(box.right, other.right);
  box.bottom = std::max(box.bottom, other.bottom);
}

void Take(Character& into, const Character& other) {
  if (into.strokes.empty()) {
    into = other;
    return;
  }
  Include(into.box, other.box);
  into.area += other.area;
  into.strokes.insert(into.strokes.end(), other.strokes.begin(), other.strokes.end());
}

// Fills one stroke from a solid pixel.
class Filler {
 public:
  Filler(const InkMap& map, double weakest, std::vector<std::int32_t>& label)
      : map_(map), weakest_(static_cast<float>(weakest)), label_(label) {}

  Character Fill(std::int64_t start, std::int32_t number) {
    const std::int64_t width = map_.ink.width, height = map_.ink.height;
    Character stroke;
    stroke.strokes = {number};
    stroke.box = {width, height, 0, 0};
    stack_.assign(1, start);
    label_[static_cast<std::size_t>(start)] = number;
    while (!stack_.empty()) {
      const std::int64_t at = stack_.back();
      stack_.pop_back();
      const std::int64_t x = at % width, y = at / width;
      Include(stroke.box, {x, y, x + 1, y + 1});
      stroke.area += static_cast<double>(map_.ink.values[static_cast<std::size_t>(at)]);
      for (std::int64_t v = std::max<std::int64_t>(y - 1, 0); v < std::min(y + 2, height); ++v) {
        for (std::int64_t u = std::max<std::int64_t>(x - 1, 0); u < std::min(x + 2, width); ++u) {
          auto& label = label_[static_cast<std::size_t>(v * width + u)];
          if (label >= 0 || map_.ink.at(u, v) < weakest_) continue;
          label = number;
          stack_.push_back(v * width + u);
        }
      }
    }
    return stroke;
  }

 private:
  const InkMap& map_;
  const float weakest_;
  std::vector<std::int32_t>& label_;
  std::vector<std::int64_t> stack_;
};

// Lies in a corner of the picture, or reaches from side to side: a shadow, a finger, a ruled line,
// the edge of a sheet.
bool LiesAlongBorder(const Box& box, const Plane& ink) {
  const bool left = box.left == 0, right = box.right == ink.width;
  const bool top = box.top == 0, bottom = box.bottom == ink.height;
  return (left && right) || (top && bottom) || ((left || right) && (top || bottom));
}

// A hollow rectangle: ink near all four sides of its bounding box, along nearly the whole of each.
// The sides of a 0 are bent and leave theirs.
bool IsRectangle(const Character& stroke, const Plane& ink,
                 const std::vector<std::int32_t>& label) {
  const Box& box = stroke.box;
  if (2 * stroke.area > static_cast<double>(box.width() * box.height())) return false;
  const std::int64_t depth = std::max<std::int64_t>(2, std::min(box.width(), box.height()) / 16);
  const auto ours = [&](std::int64_t x, std::int64_t y) {
    return label[static_cast<std::size_t>(y * ink.width + x)] == stroke.strokes[0];
  };
  std::int64_t above = 0, below = 0, left = 0, right = 0;
  for (std::int64_t x = box.left; x < box.right; ++x) {
    bool near_top = false, near_bottom = false;
    for (std::int64_t k = 0; k < depth && k < box.height(); ++k) {
      near_top = near_top || ours(x, box.top + k);
      near_bottom = near_bottom || ours(x, box.bottom - 1 - k);
    }
    above += near_top ? 1 : 0;
    below += near_bottom ? 1 : 0;
  }
  for (std::int64_t y = box.top; y < box.bottom; ++y) {
    bool near_left = false, near_right = false;
    for (std::int64_t k = 0; k < depth && k < box.width(); ++k) {
      near_left = near_left || ours(box.left + k, y);
      near_right = near_right || ours(box.right - 1 - k, y);
    }
    left += near_left ? 1 : 0;
    right += near_right ? 1 : 0;
  }
  const auto nearly_all = [](std::int64_t part, std::int64_t whole) {
    return 10 * part > 9 * whole;
  };
  return nearly_all(above, box.width()) && nearly_all(below, box.width()) &&
         nearly_all(left, box.height()) && nearly_all(right, box.height());
}

bool Surrounds(const Box& outer, const Box& inner) {
  return outer.left < inner.left && outer.top < inner.top && outer.right > inner.right &&
         outer.bottom > inner.bottom;
}

// Leaves what lies inside the picture, and inside a frame drawn in it; false, and no change, if
// that is too little to be a character: then a drawing that fills the picture is what is meant.
bool RemoveSurroundings(const InkMap& map, InkStrokes& found) {
  std::vector<Character> inside;
  std::int64_t longest = 0;
  for (const Character& stroke : found.strokes) {
    const bool surrounds =
        std::any_of(found.strokes.begin(), found.strokes.end(), [&](const Character& other) {
          return other.area > kSpeck * stroke.area && Surrounds(stroke.box, other.box);
        });
    if (LiesAlongBorder(stroke.box, map.ink) ||
        (surrounds && IsRectangle(stroke, map.ink, found.label))) {
      continue;
    }
    longest = std::max(longest, std::max(stroke.box.width(), stroke.box.height()));
    inside.push_back(stroke);
  }
  if (100 * longest < 15 * std::min(map.ink.width, map.ink.height)) return false;
  found.strokes = std::move(inside);
  return true;
}

void RemoveSpecks(std::vector<Character>& strokes) {
  double largest = 0;
  for (const Character& stroke : strokes) largest = std::max(largest, stroke.area);
  std::erase_if(strokes, [&](const Character& stroke) { return stroke.area < kSpeck * largest; });
}

// Every pixel of at least `solid` ink, with all of at least `weakest` that is connected to it.
InkStrokes FillStrokes(const InkMap& map, double weakest, double solid) {
  InkStrokes found;
  found.label.assign(map.ink.values.size(), -1);
  Filler filler(map, weakest, found.label);
  for (std::size_t i = 0; i < map.ink.values.size(); ++i) {
    if (map.ink.values[i] < static_cast<float>(solid) || found.label[i] >= 0) continue;
    const auto number = static_cast<std::int32_t>(found.strokes.size());
    found.strokes.push_back(filler.Fill(static_cast<std::int64_t>(i), number));
  }
  return found;
}

std::int64_t Overlap(std::int64_t a_lo, std::int64_t a_hi, std::int64_t b_lo, std::int64_t b_hi) {
  return std::min(a_hi, b_hi) - std::max(a_lo, b_lo);
}

// Whether two parts are one character, one above the other.
bool BelongTogether(const Box& a, const Box& b) {
  const std::int64_t narrower = std::min(a.width(), b.width());
  if (2 * Overlap(a.left, a.right, b.left, b.right) < narrower) return false;
  const std::int64_t gap = -Overlap(a.top, a.bottom, b.top, b.bottom);
  if (gap <= 0) return true;  // one is beside and within the other's height: a broken bow
  const std::int64_t taller = std::max(a.height(), b.height());
  const std::int64_t lower = std::min(a.height(), b.height());
  if (5 * gap <= taller) return true;                        // a broken stroke, the bar of a 5
  if (3 * lower <= taller && 5 * gap <= 3 * taller) return true;  // the dot of an i
  const bool flat = a.width() > 2 * a.height() && b.width() > 2 * b.height();
  const bool dots = a.width() < 2 * a.height() && b.width() < 2 * b.height() &&
                    2 * lower > taller && a.width() * 2 > a.height() && b.width() * 2 > b.height();
  if (flat) return gap <= std::max(a.width(), b.width());  // =
  return dots && gap <= taller;                            // two parts of an 8, a colon
}

// Lines of writing: characters whose middle lies within the height of the line so far.
std::vector<Character> InReadingOrder(std::vector<Character> characters) {
  std::sort(characters.begin(), characters.end(), [](const Character& a, const Character& b) {
    return std::pair(a.box.top, a.box.left) < std::pair(b.box.top, b.box.left);
  });
  std::vector<std::vector<Character>> lines;
  std::vector<Box> extents;
  for (Character& one : characters) {
    const std::int64_t middle = (one.box.top + one.box.bottom) / 2;
    std::size_t line = 0;
    while (line < lines.size()) {
      const Box& extent = extents[line];
      const std::int64_t extent_middle = (extent.top + extent.bottom) / 2;
      if ((middle >= extent.top && middle < extent.bottom) ||
          (extent_middle >= one.box.top && extent_middle < one.box.bottom)) {
        break;
      }
      ++line;
    }
    if (line == lines.size()) {
      lines.emplace_back();
      extents.push_back(one.box);
    }
    Include(extents[line], one.box);
    lines[line].push_back(std::move(one));
  }
  std::vector<Character> ordered;
  for (std::vector<Character>& line : lines) {
    std::sort(line.begin(), line.end(), [](const Character& a, const Character& b) {
      return a.box.left < b.box.left;
    });
    for (Character& one : line) ordered.push_back(std::move(one));
  }
  return ordered;
}

}  // namespace

InkStrokes FindStrokes(const InkMap& map) {
  InkStrokes found = FillStrokes(map, map.weakest, kSolid);
  if (!RemoveSurroundings(map, found)) {
    // Perhaps what is faint joins the character to the border: ruled lines, a shadow.
    InkStrokes strong = FillStrokes(map, std::max(map.weakest, kStrong), kStrongest);
    if (RemoveSurroundings(map, strong)) found = std::move(strong);
  }
  RemoveSpecks(found.strokes);
  return found;
}

Character WholeCharacter(const InkStrokes& found) {
  Character whole;
  double largest = 0;
  for (const Character& stroke : found.strokes) largest = std::max(largest, stroke.area);
  for (const Character& stroke : found.strokes) {
    if (stroke.area >= kSmallStroke * largest) Take(whole, stroke);
  }
  const Box core = whole.box;
  const std::int64_t reach = std::max(core.width(), core.height()) / 4;
  for (const Character& stroke : found.strokes) {
    if (stroke.area >= kSmallStroke * largest) continue;
    const std::int64_t gap = -std::min(
        Overlap(core.left, core.right, stroke.box.left, stroke.box.right),
        Overlap(core.top, core.bottom, stroke.box.top, stroke.box.bottom));
    if (gap <= reach) Take(whole, stroke);
  }
  return whole;
}

std::vector<Character> SplitCharacters(const InkStrokes& found) {
  std::vector<Character> parts = found.strokes;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < parts.size() && !changed; ++i) {
      for (std::size_t j = i + 1; j < parts.size() && !changed; ++j) {
        if (!BelongTogether(parts[i].box, parts[j].box)) continue;
        Take(parts[i], parts[j]);
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(j));
        changed = true;
      }
    }
  }
  // A speck that found no character.
  std::int64_t tallest = 0;
  for (const Character& part : parts) {
    tallest = std::max(tallest, std::max(part.box.height(), part.box.width()));
  }
  std::erase_if(parts, [&](const Character& part) {
    return 6 * std::max(part.box.height(), part.box.width()) < tallest;
  });
  return InReadingOrder(std::move(parts));
}

}  // namespace tutti
