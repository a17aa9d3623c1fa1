#include "worker/data/glyphs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "experiments/core/check.h"
#include "experiments/core/rng.h"
#include "experiments/core/sha256.h"
#include "worker/data/glyph_font.h"

namespace tutti {
namespace {

constexpr int kSide = static_cast<int>(kGlyphSide);
constexpr std::size_t kPixels = static_cast<std::size_t>(kSide) * kSide;
constexpr std::uint64_t kTestIndices = std::uint64_t{1} << 40;

// How one image differs from the font: x' = centre + shift + M (p + bend(p)), p in -0.5 … 0.5.
struct Distortion {
  float xx, xy, yx, yy;    // M, in pixels: rotation, shear and scale
  float shift_x, shift_y;  // pixels
  std::array<float, 6> bend;  // quadratic: what makes it look written by hand
  float radius;            // half the width of the pen, pixels
  float softness;          // half the width of its edge, pixels
  float ink;               // 0 … 255
  float noise;             // amplitude, 0 … 255
};

Distortion RandomDistortion(Rng& rng) {
  const auto uniform = [&rng](double lo, double hi) {
    const double u = rng.NextU32() * 0x1.0p-32;
    return static_cast<float>(lo + (hi - lo) * u);
  };
  Distortion d{};
  // t = tan(angle / 2), angle up to 17 degrees: sine and cosine by arithmetic that is the same on
  // every machine.
  const float t = uniform(-0.15, 0.15);
  const float cosine = (1 - t * t) / (1 + t * t);
  const float sine = 2 * t / (1 + t * t);
  const float shear = uniform(-0.27, 0.27);
  const float width = uniform(10, 16);
  const float height = uniform(14, 20);
  d.xx = cosine * width;
  d.xy = (cosine * shear - sine) * height;
  d.yx = sine * width;
  d.yy = (sine * shear + cosine) * height;
  d.shift_x = uniform(-2.5, 2.5);
  d.shift_y = uniform(-2.5, 2.5);
  for (float& coefficient : d.bend) coefficient = uniform(-0.25, 0.25);
  d.radius = uniform(0.55, 1.75);
  d.softness = uniform(0.5, 1.25);
  d.ink = uniform(140, 255);
  d.noise = uniform(0, 60);
  return d;
}

struct Point {
  float x, y;
};

Point Map(const Distortion& d, float px, float py) {
  const float x = px - 0.5f;
  const float y = py - 0.5f;
  const auto& b = d.bend;
  const float bx = x + b[0] * x * x + b[1] * x * y + b[2] * y * y;
  const float by = y + b[3] * x * x + b[4] * x * y + b[5] * y * y;
  constexpr float kCentre = (kSide - 1) / 2.0f;
  return {kCentre + d.shift_x + d.xx * bx + d.xy * by,
          kCentre + d.shift_y + d.yx * bx + d.yy * by};
}

// Lowers `squared` (distance to the nearest stroke, squared) around one segment.
void AddSegment(Point a, Point b, float reach, std::array<float, kPixels>& squared) {
  const auto low = [](float v) { return std::clamp(static_cast<int>(std::floor(v)), 0, kSide); };
  const int x0 = low(std::min(a.x, b.x) - reach);
  const int x1 = low(std::max(a.x, b.x) + reach + 1);
  const int y0 = low(std::min(a.y, b.y) - reach);
  const int y1 = low(std::max(a.y, b.y) + reach + 1);
  const float dx = b.x - a.x;
  const float dy = b.y - a.y;
  const float length = dx * dx + dy * dy;
  const float inverse = length > 1e-12f ? 1 / length : 0;
  for (int y = y0; y < y1; ++y) {
    float* row = squared.data() + y * kSide;
    const float qy = static_cast<float>(y) - a.y;
    for (int x = x0; x < x1; ++x) {
      const float qx = static_cast<float>(x) - a.x;
      float t = (qx * dx + qy * dy) * inverse;
      t = t < 0 ? 0 : t;
      t = t > 1 ? 1 : t;
      const float ex = qx - t * dx;
      const float ey = qy - t * dy;
      const float e = ex * ex + ey * ey;
      row[x] = e < row[x] ? e : row[x];
    }
  }
}

// One byte per pixel, 16 from each block: Rng::NextU32 would compute a block for each.
std::array<std::uint8_t, kPixels> NoiseBytes(std::uint64_t key) {
  std::array<std::uint8_t, kPixels> noise;
  const std::array<std::uint32_t, 2> words{static_cast<std::uint32_t>(key),
                                           static_cast<std::uint32_t>(key >> 32)};
  static_assert(kPixels % 16 == 0);
  for (std::size_t block = 0; block < kPixels / 16; ++block) {
    const auto random = Philox4x32({static_cast<std::uint32_t>(block), 0, 0, 0}, words);
    for (std::size_t k = 0; k < 16; ++k) {
      noise[block * 16 + k] = static_cast<std::uint8_t>(random[k / 4] >> (8 * (k % 4)));
    }
  }
  return noise;
}

ImageSet DrawHalf(std::int64_t n, std::int64_t classes, std::uint64_t seed,
                  std::uint64_t first_index) {
  ImageSet set;
  set.n = n;
  set.c = 1;
  set.h = set.w = kGlyphSide;
  set.pixels.resize(static_cast<std::size_t>(n) * kPixels);
  set.labels.resize(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    set.labels[i] = static_cast<std::int32_t>(i % static_cast<std::size_t>(classes));
    DrawGlyph(seed, first_index + i, set.labels[i], set.pixels.data() + i * kPixels);
  }
  return set;
}

}  // namespace

void DrawGlyph(std::uint64_t seed, std::uint64_t index, std::int32_t label,
               std::uint8_t* pixels) {
  TUTTI_CHECK(label >= 0 && label < kGlyphClasses, "DrawGlyph needs a label in 0 … 35");
  Rng rng = Rng(seed).Split("glyph", {index});
  const auto& shapes = GlyphFont()[static_cast<std::size_t>(label)];
  const GlyphShape& shape = shapes[rng.Below(shapes.size())];
  const Distortion d = RandomDistortion(rng);
  const std::uint64_t noise_key = rng.NextU64();

  const float reach = d.radius + d.softness;
  std::array<float, kPixels> squared;
  squared.fill(1e6f);
  for (const GlyphSegment& s : shape) {
    AddSegment(Map(d, s.x0, s.y0), Map(d, s.x1, s.y1), reach, squared);
  }
  const auto noise = NoiseBytes(noise_key);
  for (std::size_t i = 0; i < kPixels; ++i) {
    // Coverage falls linearly from 1 to 0 across the pen's edge.
    float coverage = (reach - std::sqrt(squared[i])) / (2 * d.softness);
    coverage = std::clamp(coverage, 0.0f, 1.0f);
    const float value = d.ink * coverage + d.noise * (static_cast<float>(noise[i]) / 255 - 0.5f);
    pixels[i] = static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
  }
}

Dataset MakeGlyphs(const GlyphOptions& options) {
  TUTTI_CHECK(options.train >= 0 && options.test >= 0, "counts of glyphs cannot be negative");
  TUTTI_CHECK(options.classes >= 1 && options.classes <= kGlyphClasses, "1 to 36 glyph classes");
  Dataset data;
  data.name = "glyphs";
  data.sha256 = GlyphIdentity();
  data.train = DrawHalf(options.train, options.classes, options.seed, 0);
  data.test = DrawHalf(options.test, options.classes, options.seed, kTestIndices);
  data.class_names.assign(GlyphClassNames().begin(),
                          GlyphClassNames().begin() + options.classes);
  return data;
}

std::string GlyphIdentity() { return Sha256Hex("glyphs " + std::to_string(kGlyphVersion)); }

const std::vector<std::string>& GlyphClassNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const char ch : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      all.emplace_back(1, ch);
    }
    return all;
  }();
  return names;
}

}  // namespace tutti
