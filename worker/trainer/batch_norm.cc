#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <memory>

#include "worker/trainer/modules.h"
#include "worker/trainer/norm_kernel.h"

namespace tutti::trainer {
namespace {

// A tensor as norm_kernel.h sees it, and the pieces that threads take of it. Pieces are summed in
// their order, so that sums depend neither on the number of threads nor on who was first.
struct NormPieces {
  NormRows whole;
  std::int64_t rows = 0;  // of a piece
  std::int64_t count() const { return (whole.rows + rows - 1) / rows; }
  std::int64_t begin(std::int64_t piece) const { return piece * rows * whole.channels; }
  NormRows of(std::int64_t piece) const {
    return {std::min(rows, whole.rows - piece * rows), whole.channels};
  }
};

NormPieces PiecesOf(const at::Tensor& x) {
  constexpr std::int64_t kRows = 1024;
  return {{x.numel() / x.size(1), x.size(1)}, kRows};
}

bool NormKernelFits(const at::Tensor& x) {
  return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

// Memory in the order of norm_kernel.h.
at::Tensor InRows(const at::Tensor& x) {
  return x.contiguous(x.dim() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
}

// Calls function(T*) of the type that x's kernels work on, for every piece.
template <class F>
void ForPieces(const at::Tensor& x, const NormPieces& pieces, F function) {
  at::parallel_for(0, pieces.count(), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      if (x.scalar_type() == at::kFloat) {
        function(p, static_cast<const float*>(x.const_data_ptr()));
      } else {
        function(p, static_cast<const std::uint16_t*>(x.const_data_ptr()));
      }
    }
  });
}

// [2, channels] in double: the pieces' sums.
template <class F>
at::Tensor SumPieces(const at::Tensor& x, F add) {
  const NormPieces pieces = PiecesOf(x);
  const std::int64_t width = 2 * pieces.whole.channels;
  const auto options = at::TensorOptions().dtype(at::kDouble);
  at::Tensor partial = at::zeros({pieces.count(), width}, options);
  auto* sums = partial.data_ptr<double>();
  ForPieces(x, pieces, [&](std::int64_t p, const auto* data) {
    add(pieces.of(p), pieces.begin(p), data, sums + p * width);
  });
  for (std::int64_t p = 1; p < pieces.count(); ++p) {
    for (std::int64_t i = 0; i < width; ++i) sums[i] += sums[p * width + i];
  }
  return partial[0].clone().view({2, pieces.whole.channels});
}

// Ioffe & Szegedy 2015, with torch.nn.BatchNorm2d's defaults: biased variance for normalising,
// unbiased for the running average. Sums are taken in double and over the whole gang, so that N
// ranks see the statistics of the global batch as one rank does.
class BatchNorm : public Module {
 public:
  BatchNorm(const Layer& layer, bool relu, ParameterStore& store)
      : channels_(layer.in[0]), momentum_(layer.momentum), eps_(layer.eps), relu_(relu) {
    weight_ = store.Declare(layer.name + ".weight", {channels_});
    bias_ = store.Declare(layer.name + ".bias", {channels_});
    first_offset = weight_->offset;
    const auto options = at::TensorOptions().device(store.device()).dtype(store.master_type());
    running_mean_ = store.DeclareBuffer(layer.name + ".running_mean",
                                        at::zeros({channels_}, options));
    running_var_ =
        store.DeclareBuffer(layer.name + ".running_var", at::ones({channels_}, options));
    // PyTorch's modules expect it in a state dictionary.
    batches_ = store.DeclareBuffer(layer.name + ".num_batches_tracked",
                                   at::zeros({}, options.dtype(at::kLong)));
  }

  at::Tensor Forward(const at::Tensor& images, const Pass& pass) override {
    const at::Tensor x = InRows(images);
    const at::Tensor weight = weight_->value.to(at::kDouble);
    const at::Tensor bias = bias_->value.to(at::kDouble);
    if (!pass.training || frozen()) {
      const at::Tensor scale = RunningScale();
      return Map(x, scale, bias - scale * running_mean_->value.to(at::kDouble), pass.training);
    }
    // Sums are of differences to the running mean: it is the same on all ranks, and near the mean.
    const at::Tensor origin = running_mean_->value.to(at::kDouble);
    const at::Tensor sums = GangSum(Moments(x, origin), CountOf(x), pass);
    // Reading it back from a GPU would wait for all that is enqueued there.
    count_ = pass.gang == nullptr ? CountOf(x) : sums[2][0].item<double>();
    const at::Tensor distance = sums[0] / count_;
    mean_ = origin + distance;
    const at::Tensor variance = (sums[1] / count_ - distance * distance).clamp_min(0);
    inverse_std_ = (variance + eps_).rsqrt();
    Track(mean_, variance * (count_ / std::max(count_ - 1, 1.0)));
    const at::Tensor scale = weight * inverse_std_;
    return Map(x, scale, bias - scale * mean_, true);
  }

  // With xhat = (x - mean) inverse_std, S1 = sum g, S2 = sum g xhat over the m values of a channel:
  // dx = weight inverse_std (g - S1/m - xhat S2/m), as three coefficients of g, x and 1. g is the
  // gradient that the ReLU, if any, lets through.
  at::Tensor Backward(const at::Tensor& images_gradient, const Pass& pass) override {
    const at::Tensor gradient = PassRelu(InRows(images_gradient));
    at::Tensor result;
    if (frozen()) {
      const at::Tensor scale = RunningScale(), none = at::zeros_like(scale);
      if (needs_input_gradient) result = MapGradient(gradient, scale, none, none);
    } else {
      at::Tensor local = GradientMoments(gradient);
      if (pass.empty_shard) local.zero_();
      bias_->gradient.copy_(local[0]);
      weight_->gradient.copy_(local[1]);
      if (needs_input_gradient) {
        const at::Tensor sums = GangSum(local, 0, pass);
        const at::Tensor a = weight_->value.to(at::kDouble) * inverse_std_;
        const at::Tensor b = -a * inverse_std_ * sums[1] / count_;
        result = MapGradient(gradient, a, b, -a * sums[0] / count_ - b * mean_);
        // The image of an empty shard counts for nothing, yet the gang's means would reach it.
        if (pass.empty_shard) result.zero_();
      }
    }
    input_.reset();
    output_.reset();
    return result;
  }

 private:
  // A layer that is not trained normalises as in an evaluation, and keeps its statistics.
  bool frozen() const { return !weight_->trained && !bias_->trained; }
  at::Tensor RunningScale() const {
    return weight_->value.to(at::kDouble) / (running_var_->value.to(at::kDouble) + eps_).sqrt();
  }
  // Broadcast shape of one number a channel.
  at::Tensor Broadcast(const at::Tensor& v, const at::Tensor& like) const {
    const at::Tensor cast = v.to(like.scalar_type());
    return like.dim() == 4 ? cast.view({1, channels_, 1, 1}) : cast;
  }
  NormMap KernelMap() const {
    return {scale_.const_data_ptr<float>(), shift_.const_data_ptr<float>(), relu_};
  }

  // ReLU, if any, of scale * x + shift a channel: computed in at least fp32, in x's type.
  at::Tensor Map(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, bool keep) {
    if (keep) input_ = x;
    if (!NormKernelFits(x)) {
      const at::Tensor wide = x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
      at::Tensor y =
          at::addcmul(Broadcast(shift, wide), wide, Broadcast(scale, wide)).to(x.scalar_type());
      if (relu_) y = at::relu(y);
      if (keep && relu_) output_ = y;
      return y;
    }
    scale_ = scale.to(at::kFloat);
    shift_ = shift.to(at::kFloat);
    at::Tensor y = at::empty_like(x);
    const NormPieces pieces = PiecesOf(x);
    ForPieces(x, pieces, [&]<class T>(std::int64_t p, const T* data) {
      const std::int64_t at = pieces.begin(p);
      ApplyNorm(pieces.of(p), data + at, KernelMap(), static_cast<T*>(y.mutable_data_ptr()) + at);
    });
    return y;
  }

  // The kernels find again where the ReLU let values through.
  at::Tensor PassRelu(const at::Tensor& gradient) const {
    if (!relu_ || NormKernelFits(input_)) return gradient;
    return at::threshold_backward(gradient, output_, 0);
  }

  // [2, channels] in double: sum of x - origin, and of its square.
  at::Tensor Moments(const at::Tensor& x, const at::Tensor& origin) const {
    if (!NormKernelFits(x)) {
      const at::Tensor wide = x.to(at::kDouble);
      const at::Tensor distance = wide - Broadcast(origin, wide);
      return Sums(distance, distance);
    }
    const at::Tensor from = origin.to(at::kFloat);
    return SumPieces(x, [&](const NormRows& rows, std::int64_t at, const auto* data, double* sums) {
      AddMoments(rows, data + at, from.const_data_ptr<float>(), sums);
    });
  }

  // [2, channels] in double: sum of g, and of g xhat.
  at::Tensor GradientMoments(const at::Tensor& gradient) const {
    at::Tensor sums;
    at::Tensor middle = mean_;
    if (!NormKernelFits(input_)) {
      const at::Tensor wide = input_.to(at::kDouble);
      sums = Sums(gradient.to(at::kDouble), wide - Broadcast(mean_, wide));
    } else {
      middle = mean_.to(at::kFloat);
      sums = SumPieces(input_, [&]<class T>(const NormRows& rows, std::int64_t at, const T* data,
                                            double* out) {
        AddGradientMoments(rows, static_cast<const T*>(gradient.const_data_ptr()) + at, data + at,
                           KernelMap(), middle.const_data_ptr<float>(), out);
      });
      sums[1].add_((middle.to(at::kDouble) - mean_) * sums[0]);
    }
    sums[1].mul_(inverse_std_);
    return sums;
  }

  // a g + b x + c a channel, in g's type.
  at::Tensor MapGradient(const at::Tensor& gradient, const at::Tensor& a, const at::Tensor& b,
                         const at::Tensor& c) const {
    if (!NormKernelFits(input_)) {
      const bool narrow = input_.scalar_type() == at::kBFloat16;
      const at::Tensor wide = narrow ? input_.to(at::kFloat) : input_;
      at::Tensor result = at::addcmul(Broadcast(c, wide), wide, Broadcast(b, wide));
      result.addcmul_(gradient.to(wide.scalar_type()), Broadcast(a, wide));
      return result.to(gradient.scalar_type());
    }
    at::Tensor result = at::empty_like(input_);
    const NormPieces pieces = PiecesOf(input_);
    const at::Tensor by_g = a.to(at::kFloat), by_x = b.to(at::kFloat), constant = c.to(at::kFloat);
    ForPieces(input_, pieces, [&]<class T>(std::int64_t p, const T* data) {
      const std::int64_t at = pieces.begin(p);
      ApplyNormGradient(pieces.of(p), static_cast<const T*>(gradient.const_data_ptr()) + at,
                        data + at, KernelMap(), by_g.const_data_ptr<float>(),
                        by_x.const_data_ptr<float>(), constant.const_data_ptr<float>(),
                        static_cast<T*>(result.mutable_data_ptr()) + at);
    });
    return result;
  }

  // [2, channels]: sum of a, sum of a * b.
  at::Tensor Sums(const at::Tensor& a, const at::Tensor& b) const {
    const std::vector<std::int64_t> axes =
        a.dim() == 4 ? std::vector<std::int64_t>{0, 2, 3} : std::vector<std::int64_t>{0};
    return at::cat(std::vector<at::Tensor>{a.sum(axes), (a * b).sum(axes)}).view({2, channels_});
  }
  double CountOf(const at::Tensor& x) const {
    return static_cast<double>(x.numel() / channels_);
  }
  // [3, channels]: the two sums over the gang, and the count in the third row.
  at::Tensor GangSum(const at::Tensor& sums, double count, const Pass& pass) const {
    at::Tensor all = at::cat({sums, at::full({1, channels_}, count, sums.options())});
    if (pass.empty_shard) all.zero_();
    if (pass.gang != nullptr && pass.gang->size() > 1) {
      const Status status = pass.gang->AllReduceSum(
          {all.data_ptr(), all.numel(), comm::DataType::kFloat64});
      if (!status.ok()) throw CommunicationFailed(status.error().Wrap("batch norm statistics"));
    }
    return all;
  }
  void Track(const at::Tensor& mean, const at::Tensor& variance) {
    const auto type = running_mean_->value.scalar_type();
    running_mean_->value.mul_(1 - momentum_).add_(mean.to(type), momentum_);
    running_var_->value.mul_(1 - momentum_).add_(variance.to(type), momentum_);
    batches_->value.add_(1);
  }

  std::int64_t channels_;
  double momentum_;
  double eps_;
  bool relu_;
  double count_ = 0;
  Parameter* weight_ = nullptr;
  Parameter* bias_ = nullptr;
  ModelBuffer* running_mean_ = nullptr;
  ModelBuffer* running_var_ = nullptr;
  ModelBuffer* batches_ = nullptr;
  at::Tensor input_, output_, mean_, inverse_std_;
  at::Tensor scale_, shift_;  // of the newest pass, fp32
};

}  // namespace

std::unique_ptr<Module> MakeBatchNorm(const Layer& layer, bool relu, ParameterStore& store) {
  return std::make_unique<BatchNorm>(layer, relu, store);
}

}  // namespace tutti::trainer
