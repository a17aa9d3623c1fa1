#pragma once

#include <ATen/core/Tensor.h>

// Sums over the pixels of each channel of each image and products with one number a channel of each
// image: what squeeze-and-excitation, global pooling and residual connections do to large maps. One
// pass each. CPU, fp32 or bf16, channels-last; sums and factors are fp32.

namespace tutti::trainer {

bool PlaneKernelFits(const at::Tensor& x);

// [n, c]: sum over pixels of x, or of a * b.
at::Tensor PlaneSums(const at::Tensor& x);
at::Tensor PlaneProducts(const at::Tensor& a, const at::Tensor& b);
// x * factor + addend. factor, addend: [n, c] fp32; addend may be undefined.
at::Tensor ScalePlanes(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& addend);

// a + b, and 0 where that is negative if `relu`. One shape, one type.
at::Tensor AddPlanes(const at::Tensor& a, const at::Tensor& b, bool relu);
// gradient where output > 0, else 0: the way back through a ReLU.
at::Tensor WhereOutputPositive(const at::Tensor& gradient, const at::Tensor& output);

}  // namespace tutti::trainer
