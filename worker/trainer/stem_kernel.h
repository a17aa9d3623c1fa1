#pragma once

#include <cstdint>

// The first layer of a network on grey images: convolution with one input channel, bias, optional
// ReLU and optional 2x2 max pooling, in one pass that never writes the unpooled map. General
// convolution code is at its worst there (one input channel fills no vector), and the map it
// writes is the largest of the network. No gradient by the images is made.
//
// Sixteen output channels are computed at a time. Plain memory, no torch types.

namespace tutti::trainer {

struct StemShape {
  std::int64_t h = 0, w = 0;        // of the image with its padding
  std::int64_t kernel = 3;          // 3 or 5, stride 1
  std::int64_t channels = 0;        // outputs, a multiple of 16
  int pool = 1;                     // 1 or 2
  bool relu = true;
  // Whether an output can come from several places, or none.
  bool chooses() const { return pool > 1 || relu; }
  std::int64_t out_h() const { return (h - kernel + 1) / pool; }
  std::int64_t out_w() const { return (w - kernel + 1) / pool; }
};

// image: h x w. weight: [kernel * kernel][channels], bias: [channels]. out: [out_h][out_w][channels],
// as fp32 (bf16 = false) or bf16. choice: as pool_kernel.h, same shape; with pool = 1 it is 0 or 4;
// nullptr: not noted.
void StemForward(const StemShape& shape, const float* image, const float* weight, const float* bias,
                 bool bf16, void* out, std::uint8_t* choice);

// Adds one image's part: weight_gradient [kernel * kernel][channels], bias_gradient [channels].
// choice may be nullptr where the shape leaves no choice.
void StemBackward(const StemShape& shape, const float* image, const void* gradient, bool bf16,
                  const std::uint8_t* choice, float* weight_gradient, float* bias_gradient);

}  // namespace tutti::trainer
