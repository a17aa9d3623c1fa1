#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace tutti::trainer {

// Scales the gradients so that their common L2 norm is at most max_norm: multiplied by
// min(1, max_norm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does. A norm that is not
// finite makes gradients that are not, as there. On a CPU the squares are summed in double and in
// an order that depends on the gradients' length only, so that all ranks of a gang scale by the
// same bits. gradients: 1-d, contiguous, fp32 or fp64.
void ClipGradients(const std::vector<at::Tensor>& gradients, double max_norm);

}  // namespace tutti::trainer
