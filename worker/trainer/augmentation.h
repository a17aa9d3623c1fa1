#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "worker/trainer/augmentation_kernel.h"

// Random changes of training images (data.augment): each is rotated, sheared, zoomed and shifted by
// one affine map around its centre, then perhaps a rectangle of it is erased.

namespace tutti::trainer {

// What one trial draws. A change belongs to (trial seed, epoch, index of the image in its source
// file) and nothing else: not to the rank, the batch, the thread or the device.
class Augmentation {
 public:
  Augmentation(const AugmentConfig& config, std::uint64_t trial_seed);

  // An image of h x w pixels in `epoch` (from 1).
  ImageChange Draw(std::int64_t item, std::int64_t epoch, std::int64_t h, std::int64_t w) const;
  std::vector<ImageChange> Draw(std::span<const std::int64_t> items, std::int64_t epoch,
                                std::int64_t h, std::int64_t w) const;

 private:
  AugmentConfig config_;
  std::uint64_t seed_;
};

// ChangeImage for a batch on any device, in tensor operations: images [n, c, h, w] of 0 … 255 in
// a floating type, one change each. Agrees with the kernel to rounding.
at::Tensor ChangeImages(const at::Tensor& images, std::span<const ImageChange> changes);

}  // namespace tutti::trainer
