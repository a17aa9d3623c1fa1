#include "worker/data/ink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "worker/data/paper.h"

namespace tutti {
namespace {

// Larger pictures are made smaller first: a character needs some dozens of pixels, and averaging
// removes the noise of a camera.
constexpr double kWorkingPixels = 500'000;
// Differences from the paper up to this many of 255 are no ink, however little noise there is.
constexpr double kLeastContrast = 10;

struct Window {
  std::int64_t left = 0, top = 0, width = 0, height = 0;
};

// Brightness of what is opaque, and how much of the picture it is.
struct Opacity {
  double share = 1;
  double brightness = 0;
};

Opacity MeasureOpacity(const Picture& picture) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  double weight = 0, sum = 0;
  for (std::size_t i = 0; i < picture.pixels.size(); i += channels) {
    const double alpha = picture.pixels[i + channels - 1];
    double brightness = 0;
    for (std::size_t c = 0; c + 1 < channels; ++c) brightness += picture.pixels[i + c];
    sum += alpha * brightness / static_cast<double>(channels - 1);
    weight += alpha;
  }
  const auto pixels = static_cast<double>(picture.width * picture.height);
  return {weight / 255 / pixels, weight > 0 ? sum / weight : 0};
}

// What shows through where a picture is transparent, as 0 … 255 of every colour.
float Backdrop(const Picture& picture) {
  if (picture.channels % 2 != 0) return 0;
  const Opacity opacity = MeasureOpacity(picture);
  if (opacity.share > 0.5) return static_cast<float>(opacity.brightness);
  return opacity.brightness < 128 ? 255.0f : 0.0f;
}

// One colour of a window of the picture, smaller by `scale`.
Plane ColourPlane(const Picture& picture, const Window& window, std::size_t colour, double scale) {
  const auto channels = static_cast<std::size_t>(picture.channels);
  const bool alpha = channels % 2 == 0;
  const float backdrop = Backdrop(picture);
  Plane plane{window.width, window.height, {}};
  plane.values.reserve(static_cast<std::size_t>(window.width * window.height));
  for (std::int64_t y = 0; y < window.height; ++y) {
    const auto first = (window.top + y) * picture.width + window.left;
    const std::uint8_t* pixel =
        picture.pixels.data() + static_cast<std::size_t>(first) * channels;
    for (std::int64_t x = 0; x < window.width; ++x, pixel += channels) {
      const auto value = static_cast<float>(pixel[colour]);
      const float opaque = alpha ? static_cast<float>(pixel[channels - 1]) / 255 : 1;
      plane.values.push_back(value * opaque + backdrop * (1 - opaque));
    }
  }
  if (scale <= 1) return plane;
  const auto shrunk = [&](std::int64_t side) {
    return std::max<std::int64_t>(3, std::llround(static_cast<double>(side) / scale));
  };
  return ResampleArea(plane, shrunk(plane.width), shrunk(plane.height));
}

float Percentile(std::vector<float> values, double share) {
  const auto k = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return values[static_cast<std::size_t>(k)];
}

// Ink of 0 … 1 from differences to the paper, or nothing if there is no ink.
std::optional<InkMap> ScaleInk(Plane difference, double noise) {
  const double least = std::max(kLeastContrast, 5 * noise);
  std::vector<float> candidates;
  for (const float d : difference.values) {
    if (d > least) candidates.push_back(d);
  }
  if (candidates.empty()) return std::nullopt;
  const float top = Percentile(candidates, 0.99);
  std::erase_if(candidates, [&](float d) { return d <= 0.5f * top; });
  const double solid = Percentile(std::move(candidates), 0.5);
  const double lowest = std::max(2.5 * noise, 0.04 * solid);
  InkMap map;
  map.weakest = std::clamp(least / solid, 0.25, 0.5);
  map.ink = std::move(difference);
  for (float& d : map.ink.values) {
    d = static_cast<float>(std::clamp((d - lowest) / (solid - lowest), 0.0, 1.0));
  }
  return map;
}

std::optional<InkMap> InkInWindow(const Picture& picture, const Window& window) {
  const double area = static_cast<double>(window.width) * static_cast<double>(window.height);
  const double scale = std::max(1.0, std::sqrt(area / kWorkingPixels));
  const std::size_t colours = picture.channels >= 3 ? 3 : 1;
  std::vector<Plane> planes;
  for (std::size_t c = 0; c < colours; ++c) {
    planes.push_back(ColourPlane(picture, window, c, scale));
  }
  const double noise = SubtractPaper(planes);
  Plane difference = std::move(planes[0]);
  for (std::size_t i = 0; i < difference.values.size(); ++i) {
    float largest = std::abs(difference.values[i]);
    for (std::size_t c = 1; c < colours; ++c) {
      largest = std::max(largest, std::abs(planes[c].values[i]));
    }
    difference.values[i] = largest;
  }
  auto map = ScaleInk(std::move(difference), noise);
  if (!map) return std::nullopt;
  map->scale = scale;
  map->left = window.left;
  map->top = window.top;
  return map;
}

// The inside of a sheet of paper that lies on a table: "ink" that fills its bounding box nearly,
// which is most of the picture in both directions but does not reach its border.
std::optional<Window> FindSheet(const InkMap& map, const Window& whole) {
  std::int64_t left = map.ink.width, right = -1, top = map.ink.height, bottom = -1, count = 0;
  for (std::int64_t y = 0; y < map.ink.height; ++y) {
    for (std::int64_t x = 0; x < map.ink.width; ++x) {
      if (map.ink.at(x, y) < 0.5f) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
      ++count;
    }
  }
  const std::int64_t width = right - left + 1, height = bottom - top + 1;
  const bool large = 2 * width > map.ink.width && 2 * height > map.ink.height &&
                     width < map.ink.width && height < map.ink.height;
  if (count == 0 || !large || 4 * count < 3 * width * height) return std::nullopt;
  const auto scaled = [&](double value) { return static_cast<std::int64_t>(value * map.scale); };
  const double margin = 0.06 * static_cast<double>(std::min(width, height)) + 1;
  Window inside{whole.left + scaled(static_cast<double>(left) + margin),
                whole.top + scaled(static_cast<double>(top) + margin),
                scaled(static_cast<double>(width) - 2 * margin),
                scaled(static_cast<double>(height) - 2 * margin)};
  if (inside.width < 3 || inside.height < 3) return std::nullopt;
  return inside;
}

}  // namespace

Result<InkMap> FindInk(const Picture& picture) {
  const std::string size = std::to_string(picture.width) + " x " + std::to_string(picture.height);
  if (picture.width < 3 || picture.height < 3) {
    return InvalidArgument("no character can be seen in " + size +
                           " pixels; expected at least 3 x 3");
  }
  const Window whole{0, 0, picture.width, picture.height};
  auto map = InkInWindow(picture, whole);
  if (!map) {
    return InvalidArgument("the picture is blank: none of its " + size +
                           " pixels differs from the background by more than its noise");
  }
  if (const auto sheet = FindSheet(*map, whole)) {
    if (auto inside = InkInWindow(picture, *sheet)) return std::move(*inside);
  }
  return std::move(*map);
}

}  // namespace tutti
