#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <memory>

#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

// Ioffe & Szegedy 2015, with torch.nn.BatchNorm2d's defaults: biased variance for normalising,
// unbiased for the running average. Sums are taken in double and over the whole gang, so that N
// ranks see the statistics of the global batch as one rank does.
class BatchNorm : public Module {
 public:
  BatchNorm(const Layer& layer, ParameterStore& store)
      : channels_(layer.in[0]), momentum_(layer.momentum), eps_(layer.eps) {
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

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const at::Tensor weight = weight_->value.to(at::kDouble);
    const at::Tensor bias = bias_->value.to(at::kDouble);
    if (!pass.training || frozen()) {
      const at::Tensor scale = RunningScale();
      return Affine(x, scale, bias - scale * running_mean_->value.to(at::kDouble));
    }
    const at::Tensor sums = GangSum(Moments(x, x), CountOf(x), pass);
    // Reading it back from a GPU would wait for all that is enqueued there.
    count_ = pass.gang == nullptr ? CountOf(x) : sums[2][0].item<double>();
    mean_ = sums[0] / count_;
    const at::Tensor variance = (sums[1] / count_ - mean_ * mean_).clamp_min(0);
    inverse_std_ = (variance + eps_).rsqrt();
    Track(mean_, variance * (count_ / std::max(count_ - 1, 1.0)));
    input_ = x;
    const at::Tensor scale = weight * inverse_std_;
    return Affine(x, scale, bias - scale * mean_);
  }

  // With xhat = (x - mean) inverse_std, S1 = sum g, S2 = sum g xhat over the m values of a channel:
  // dx = weight inverse_std (g - S1/m - xhat S2/m), as three coefficients of g, x and 1.
  at::Tensor Backward(const at::Tensor& gradient, const Pass& pass) override {
    if (frozen()) {
      if (!needs_input_gradient) return {};
      const at::Tensor scale = RunningScale();
      return Affine(gradient, scale, at::zeros_like(scale));
    }
    at::Tensor local = Moments(gradient, input_);
    local[1].sub_(mean_ * local[0]).mul_(inverse_std_);
    if (pass.empty_shard) local.zero_();
    bias_->gradient.copy_(local[0]);
    weight_->gradient.copy_(local[1]);
    if (!needs_input_gradient) return {};
    const at::Tensor sums = GangSum(local, 0, pass);
    const at::Tensor a = weight_->value.to(at::kDouble) * inverse_std_;
    const at::Tensor b = -a * inverse_std_ * sums[1] / count_;
    const at::Tensor c = -a * sums[0] / count_ - b * mean_;
    at::Tensor result = Affine(input_, b, c);
    result.addcmul_(Cast(gradient, result), Broadcast(a, result));
    // The image of an empty shard counts for nothing, yet the gang's means would reach it.
    if (pass.empty_shard) result.zero_();
    input_.reset();
    return result.to(gradient.scalar_type());
  }

 private:
  // A layer that is not trained normalises as in an evaluation, and its statistics stay what they are.
  bool frozen() const { return !weight_->trained && !bias_->trained; }
  at::Tensor RunningScale() const {
    return weight_->value.to(at::kDouble) / (running_var_->value.to(at::kDouble) + eps_).sqrt();
  }
  // Broadcast shape of one number a channel.
  at::Tensor Broadcast(const at::Tensor& v, const at::Tensor& like) const {
    const at::Tensor cast = v.to(like.scalar_type());
    return like.dim() == 4 ? cast.view({1, channels_, 1, 1}) : cast;
  }
  static at::Tensor Cast(const at::Tensor& t, const at::Tensor& like) {
    return t.to(like.scalar_type());
  }
  // scale * x + shift a channel, computed in at least fp32, in x's type.
  at::Tensor Affine(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift) const {
    const at::Tensor wide = x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
    return at::addcmul(Broadcast(shift, wide), wide, Broadcast(scale, wide)).to(x.scalar_type());
  }
  // [2, channels] in double: sum of a, sum of a * b.
  at::Tensor Moments(const at::Tensor& a, const at::Tensor& b) const {
    const std::vector<std::int64_t> axes =
        a.dim() == 4 ? std::vector<std::int64_t>{0, 2, 3} : std::vector<std::int64_t>{0};
    const at::Tensor wide = a.to(at::kDouble);
    return at::cat(std::vector<at::Tensor>{wide.sum(axes), (wide * b).sum(axes)}).view({2, channels_});
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
  double count_ = 0;
  Parameter* weight_ = nullptr;
  Parameter* bias_ = nullptr;
  ModelBuffer* running_mean_ = nullptr;
  ModelBuffer* running_var_ = nullptr;
  ModelBuffer* batches_ = nullptr;
  at::Tensor input_, mean_, inverse_std_;
};

}  // namespace

std::unique_ptr<Module> MakeBatchNorm(const Layer& layer, ParameterStore& store) {
  return std::make_unique<BatchNorm>(layer, store);
}

}  // namespace tutti::trainer
