#include "worker/trainer/augmentation.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/grid_sampler_2d.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "experiments/core/rng.h"

namespace tutti::trainer {
namespace {

constexpr double kRadians = std::numbers::pi / 180;
constexpr double kLargestAspect = 3.3;  // of an erased rectangle, either way

// Zhong et al. 2020 (random erasing): area uniform up to the largest, aspect log-uniform.
void DrawRectangle(Rng& rng, double largest_area, std::int64_t h, std::int64_t w,
                   ImageChange& change) {
  const double area = rng.Uniform(0, largest_area) * static_cast<double>(h * w);
  const double limit = std::log(kLargestAspect);
  const double aspect = std::exp(rng.Uniform(-limit, limit));
  const auto side = [](double length, std::int64_t whole) {
    return std::clamp<std::int64_t>(std::llround(length), 1, whole);
  };
  const std::int64_t height = side(std::sqrt(area * aspect), h);
  const std::int64_t width = side(std::sqrt(area / aspect), w);
  change.erase_height = static_cast<std::int32_t>(height);
  change.erase_width = static_cast<std::int32_t>(width);
  const auto place = [&](std::int64_t free) {
    return static_cast<std::int32_t>(rng.Below(static_cast<std::uint64_t>(free + 1)));
  };
  change.erase_top = place(h - height);
  change.erase_left = place(w - width);
}

}  // namespace

Augmentation::Augmentation(const AugmentConfig& config, std::uint64_t trial_seed)
    : config_(config), seed_(trial_seed) {}

// The image is sheared, rotated, zoomed, then shifted: forward = Z R S around the centre, then t.
// Sampling needs the inverse: source = (Z R S)^-1 (place - t).
ImageChange Augmentation::Draw(std::int64_t item, std::int64_t epoch, std::int64_t h,
                               std::int64_t w) const {
  Rng rng = Rng(seed_).Split("augment", {static_cast<std::uint64_t>(epoch),
                                         static_cast<std::uint64_t>(item)});
  // All are drawn whatever is on, so that switching one on leaves the others as they were.
  const auto within = [&](double limit) { return limit * rng.Uniform(-1, 1); };
  const double angle = within(config_.rotate) * kRadians;
  const double shift_y = within(config_.shift) * static_cast<double>(h);
  const double shift_x = within(config_.shift) * static_cast<double>(w);
  const double scale = 1 + within(config_.zoom);
  const double slope = std::tan(within(config_.shear) * kRadians);
  const bool erase = rng.Uniform() < config_.erase;

  const double cosine = std::cos(angle) / scale, sine = std::sin(angle) / scale;
  // With (x, y): R = [cos, -sin; sin, cos], S = [1, slope; 0, 1]; S^-1 R^-1 / scale.
  const double xx = cosine + slope * sine, xy = sine - slope * cosine;
  const double yx = -sine, yy = cosine;
  ImageChange change;
  change.xx = static_cast<float>(xx);
  change.xy = static_cast<float>(xy);
  change.yx = static_cast<float>(yx);
  change.yy = static_cast<float>(yy);
  change.xt = static_cast<float>(-(xx * shift_x + xy * shift_y));
  change.yt = static_cast<float>(-(yx * shift_x + yy * shift_y));
  if (erase) DrawRectangle(rng, config_.erase_area, h, w, change);
  return change;
}

std::vector<ImageChange> Augmentation::Draw(std::span<const std::int64_t> items, std::int64_t epoch,
                                            std::int64_t h, std::int64_t w) const {
  std::vector<ImageChange> changes;
  changes.reserve(items.size());
  for (const std::int64_t item : items) changes.push_back(Draw(item, epoch, h, w));
  return changes;
}

at::Tensor ChangeImages(const at::Tensor& images, std::span<const ImageChange> changes) {
  const std::int64_t n = images.size(0), h = images.size(2), w = images.size(3);
  // affine_grid's coordinates run from -1 to 1 between the image's outer edges: x_norm = 2 x / w.
  const double ratio = static_cast<double>(h) / static_cast<double>(w);
  std::vector<double> maps;
  std::vector<std::int64_t> rectangles;
  maps.reserve(changes.size() * 6);
  rectangles.reserve(changes.size() * 4);
  for (const ImageChange& c : changes) {
    maps.insert(maps.end(), {c.xx, c.xy * ratio, 2 * c.xt / static_cast<double>(w), c.yx / ratio,
                             c.yy, 2 * c.yt / static_cast<double>(h)});
    rectangles.insert(rectangles.end(),
                      {c.erase_top, c.erase_top + c.erase_height, c.erase_left,
                       c.erase_left + c.erase_width});
  }
  const at::Tensor theta = at::from_blob(maps.data(), {n, 2, 3}, at::kDouble)
                               .to(images.device(), images.scalar_type());
  constexpr std::int64_t kBilinear = 0, kZeros = 0;
  const at::Tensor grid = at::affine_grid_generator(theta, images.sizes(), false);
  const at::Tensor moved = at::grid_sampler_2d(images, grid, kBilinear, kZeros, false);
  const at::Tensor edges =
      at::from_blob(rectangles.data(), {n, 4, 1, 1}, at::kLong).to(images.device());
  const auto edge = [&](std::int64_t i) { return edges.narrow(1, i, 1); };
  const at::Tensor row = at::arange(h, edges.options()).view({1, 1, h, 1});
  const at::Tensor column = at::arange(w, edges.options()).view({1, 1, 1, w});
  const at::Tensor erased = row.ge(edge(0))
                                .logical_and(row.lt(edge(1)))
                                .logical_and(column.ge(edge(2)))
                                .logical_and(column.lt(edge(3)));
  return moved.masked_fill(erased, 0);
}

}  // namespace tutti::trainer
