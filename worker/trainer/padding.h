#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "experiments/models/graph.h"

namespace tutti::trainer {

// Rows and columns that a convolution or pooling layer adds on each side.
struct ResolvedPadding {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  bool symmetric() const { return top == bottom && left == right; }
  std::array<std::int64_t, 4> torch_order() const { return {left, right, top, bottom}; }
};

// "same" is Keras's rule (experiments/models/graph.h): the odd row or column comes after.
inline ResolvedPadding ResolvePadding(const Layer& layer) {
  const std::int64_t p = layer.padding.amount;
  if (!layer.padding.same) return {p, p, p, p};
  const auto total = [&](std::int64_t in) {
    const std::int64_t out = (in + layer.stride - 1) / layer.stride;
    return std::max<std::int64_t>((out - 1) * layer.stride + layer.kernel - in, 0);
  };
  const std::int64_t h = total(layer.in[1]);
  const std::int64_t w = total(layer.in[2]);
  return {h / 2, h - h / 2, w / 2, w - w / 2};
}

// The part of a padded image's gradient that belongs to the image.
inline at::Tensor Unpad(const at::Tensor& padded, const ResolvedPadding& padding, const Shape& in) {
  return padded.narrow(2, padding.top, in[1]).narrow(3, padding.left, in[2]);
}

}  // namespace tutti::trainer
