#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

// 2x2 max pooling with stride 2 in channels-last memory, with the ReLU behind it in the same pass.
// The forward pass notes one byte for each output: which of the four inputs (0 … 3, row-major) it
// came from, or 4 where ReLU made it 0. The backward pass needs nothing else, so it reads a
// sixteenth of what the separate operators read and has no branch to mispredict.

namespace tutti::trainer {

// CPU, fp32 or bf16, channels-last, kernel 2, stride 2.
bool PoolKernelFits(const at::Tensor& x, std::int64_t kernel, std::int64_t stride);

// x: [n, c, h, w] -> [n, c, h / 2, w / 2]; an odd last row or column is left out, as torch does. Ties
// take the first, NaN wins, as torch. choice: uint8 [n, h / 2, w / 2, c], only if not nullptr.
at::Tensor PoolForward(const at::Tensor& x, bool relu, at::Tensor* choice);

// gradient: [n, c, h / 2, w / 2] -> [n, c, h, w].
at::Tensor PoolBackward(const at::Tensor& gradient, const at::Tensor& choice, std::int64_t h,
                        std::int64_t w);

}  // namespace tutti::trainer
