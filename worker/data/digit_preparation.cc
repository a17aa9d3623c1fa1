#include "worker/data/digit_preparation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "worker/data/characters.h"
#include "worker/data/distance.h"
#include "worker/data/ink.h"

namespace tutti {
namespace {

// Strokes that would be thinner in the box, in pixels, are widened to `kStroke`: a fine pen far
// away would leave almost nothing after the scaling. MNIST's strokes are 2 to 4 wide.
constexpr double kThinStroke = 1.7;
constexpr double kStroke = 2.2;
// A character must measure so many pixels of the picture in one direction at least.
constexpr std::int64_t kLeastSide = 4;

// The ink of one character with a margin of empty pixels.
Plane CutOut(const InkMap& map, const InkStrokes& strokes, const Character& character,
             std::int64_t margin) {
  const Box& box = character.box;
  Plane cut{box.width() + 2 * margin, box.height() + 2 * margin, {}};
  cut.values.assign(static_cast<std::size_t>(cut.width * cut.height), 0);
  const auto ours = [&](std::int64_t x, std::int64_t y) {
    const auto label = strokes.label[static_cast<std::size_t>(y * map.ink.width + x)];
    return label >= 0 && std::find(character.strokes.begin(), character.strokes.end(), label) !=
                             character.strokes.end();
  };
  // The pixels around a stroke hold the rest of its soft edge.
  for (std::int64_t y = std::max<std::int64_t>(box.top - 1, 0);
       y < std::min(box.bottom + 1, map.ink.height); ++y) {
    for (std::int64_t x = std::max<std::int64_t>(box.left - 1, 0);
         x < std::min(box.right + 1, map.ink.width); ++x) {
      const auto label = strokes.label[static_cast<std::size_t>(y * map.ink.width + x)];
      bool take = ours(x, y);
      for (std::int64_t v = y - 1; label < 0 && !take && v <= y + 1; ++v) {
        for (std::int64_t u = x - 1; !take && u <= x + 1; ++u) {
          take = u >= 0 && v >= 0 && u < map.ink.width && v < map.ink.height && ours(u, v);
        }
      }
      if (take) cut.at(x - box.left + margin, y - box.top + margin) = map.ink.at(x, y);
    }
  }
  return cut;
}

// Four times the mean distance of a stroke's pixels to its edge is its width.
double StrokeWidth(const Plane& ink) {
  Plane outside = ink;  // 1 where there is no ink
  for (float& value : outside.values) value = value < 0.5f ? 1.0f : 0.0f;
  const Plane distance = DistanceTo(outside);
  double sum = 0;
  std::int64_t n = 0;
  for (std::size_t i = 0; i < distance.values.size(); ++i) {
    if (outside.values[i] > 0.5f) continue;
    sum += static_cast<double>(distance.values[i]) - 0.5;
    ++n;
  }
  return n == 0 ? 0 : 4 * sum / static_cast<double>(n);
}

// Every stroke grows by `radius` on each side.
void Widen(Plane& ink, double radius) {
  Plane solid = ink;
  for (float& value : solid.values) value = value >= 0.5f ? 1.0f : 0.0f;
  const Plane distance = DistanceTo(solid);
  for (std::size_t i = 0; i < ink.values.size(); ++i) {
    const double grown = radius + 0.5 - static_cast<double>(distance.values[i]);
    ink.values[i] = std::max(ink.values[i], static_cast<float>(std::clamp(grown, 0.0, 1.0)));
  }
}

// Without the empty rows and columns around it.
Plane Cropped(const Plane& ink, float least) {
  Box box{ink.width, ink.height, 0, 0};
  for (std::int64_t y = 0; y < ink.height; ++y) {
    for (std::int64_t x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) < least) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
             std::max(box.bottom, y + 1)};
    }
  }
  Plane cropped{box.width(), box.height(), {}};
  for (std::int64_t y = box.top; y < box.bottom; ++y) {
    for (std::int64_t x = box.left; x < box.right; ++x) cropped.values.push_back(ink.at(x, y));
  }
  return cropped;
}

// Into the box of 20 x 20, its brightest pixel 1.
Plane FitIntoBox(const Plane& ink) {
  const auto longest = static_cast<double>(std::max(ink.width, ink.height));
  const auto fitted = [&](std::int64_t side) {
    const double scaled = static_cast<double>(side * kPreparedBox) / longest;
    return std::max<std::int64_t>(1, std::llround(scaled));
  };
  const std::int64_t width = fitted(ink.width), height = fitted(ink.height);
  Plane box = longest > static_cast<double>(kPreparedBox) ? ResampleArea(ink, width, height)
                                                          : Resample(ink, width, height);
  const float peak = *std::max_element(box.values.begin(), box.values.end());
  for (float& value : box.values) value = std::min(1.0f, value / peak);
  return box;
}

// The box in 28 x 28, so that its centre of mass lies where MNIST's does, to the nearest pixel: in
// the middle of pixel (14, 14), counted from 0. (Measured: the mean over MNIST's test half is
// 14.51, 14.49 from the left and upper edge.)
void Centre(const Plane& box, PreparedCharacter& out) {
  double mass = 0, mass_x = 0, mass_y = 0;
  for (std::int64_t y = 0; y < box.height; ++y) {
    for (std::int64_t x = 0; x < box.width; ++x) {
      const auto value = static_cast<double>(box.at(x, y));
      mass += value;
      mass_x += value * (static_cast<double>(x) + 0.5);
      mass_y += value * (static_cast<double>(y) + 0.5);
    }
  }
  constexpr double kMiddle = static_cast<double>(kPreparedSide) / 2 + 0.5;
  const auto place = [&](double centre, std::int64_t side) {
    return std::clamp<std::int64_t>(std::llround(kMiddle - centre), 0, kPreparedSide - side);
  };
  const std::int64_t left = place(mass_x / mass, box.width);
  const std::int64_t top = place(mass_y / mass, box.height);
  for (std::int64_t y = 0; y < box.height; ++y) {
    for (std::int64_t x = 0; x < box.width; ++x) {
      const auto byte = static_cast<std::uint8_t>(std::lround(255 * box.at(x, y)));
      out.pixels[static_cast<std::size_t>((top + y) * kPreparedSide + left + x)] = byte;
    }
  }
}

PreparedCharacter Prepare(const InkMap& map, const InkStrokes& strokes,
                          const Character& character) {
  PreparedCharacter out;
  const Box& box = character.box;
  const auto in_picture = [&](std::int64_t value) {
    return static_cast<std::int64_t>(std::llround(static_cast<double>(value) * map.scale));
  };
  out.left = map.left + in_picture(box.left);
  out.top = map.top + in_picture(box.top);
  out.right = map.left + in_picture(box.right);
  out.bottom = map.top + in_picture(box.bottom);
  const auto longest = static_cast<double>(std::max(box.width(), box.height()));
  const double shrink = longest / static_cast<double>(kPreparedBox);
  Plane ink = CutOut(map, strokes, character, 2);
  const double width = StrokeWidth(ink);
  if (width < kThinStroke * shrink) {
    const double radius = (kStroke * shrink - width) / 2;
    ink = CutOut(map, strokes, character, static_cast<std::int64_t>(radius) + 3);
    Widen(ink, radius);
  }
  Centre(FitIntoBox(Cropped(ink, 0.1f)), out);
  return out;
}

Result<InkStrokes> StrokesOf(const InkMap& map, const Picture& picture) {
  InkStrokes strokes = FindStrokes(map);
  std::int64_t longest = 0;
  for (const Character& stroke : strokes.strokes) {
    longest = std::max(longest, std::max(stroke.box.width(), stroke.box.height()));
  }
  if (longest < kLeastSide) {
    return InvalidArgument("no character can be seen: the largest stroke in " +
                           std::to_string(picture.width) + " x " + std::to_string(picture.height) +
                           " pixels is smaller than " + std::to_string(kLeastSide) + " pixels");
  }
  return strokes;
}

}  // namespace

Result<PreparedCharacter> PrepareDigit(const Picture& picture) {
  TUTTI_ASSIGN_OR_RETURN(const InkMap map, FindInk(picture));
  TUTTI_ASSIGN_OR_RETURN(const InkStrokes strokes, StrokesOf(map, picture));
  return Prepare(map, strokes, WholeCharacter(strokes));
}

Result<std::vector<PreparedCharacter>> PrepareDigits(const Picture& picture) {
  TUTTI_ASSIGN_OR_RETURN(const InkMap map, FindInk(picture));
  TUTTI_ASSIGN_OR_RETURN(const InkStrokes strokes, StrokesOf(map, picture));
  std::vector<PreparedCharacter> prepared;
  for (const Character& character : SplitCharacters(strokes)) {
    prepared.push_back(Prepare(map, strokes, character));
  }
  return prepared;
}

}  // namespace tutti
