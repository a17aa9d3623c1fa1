#pragma once

#include <ATen/core/Tensor.h>

namespace tutti::trainer {

struct BatchLoss {
  at::Tensor gradient;  // of the sum of losses, divided by global_count, by the logits
  // Sums over the rows of this rank, 0-d double tensors on the logits' device.
  at::Tensor loss;
  at::Tensor correct;
};

// Softmax cross-entropy with label smoothing s: targets (1 - s) onehot + s / classes, as
// torch.nn.CrossEntropyLoss. logits [n, classes] fp32 or fp64; labels [n] int64. The top label is the
// first of equals.
BatchLoss CrossEntropy(const at::Tensor& logits, const at::Tensor& labels, double label_smoothing,
                       double global_count);

}  // namespace tutti::trainer
