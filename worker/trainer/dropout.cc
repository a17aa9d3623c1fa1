#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mul.h>

#include <cmath>
#include <memory>
#include <utility>

#include "experiments/core/check.h"
#include "experiments/core/rng.h"
#include "worker/trainer/dropout_kernel.h"
#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

class Dropout : public Module {
 public:
  Dropout(const Layer& layer, std::uint64_t trial_seed)
      : p_(layer.p), stream_(Rng(trial_seed).Split("dropout:" + layer.name)) {}

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    if (!pass.training || p_ == 0) return x;
    mask_ = Mask(x, pass);
    return at::mul(x, mask_);
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    if (p_ == 0 || !needs_input_gradient) return gradient;
    at::Tensor result = at::mul(gradient, mask_);
    mask_.reset();
    return result;
  }

 private:
  // 0 or 1 / (1 - p) for every element, in x's type and memory order.
  at::Tensor Mask(const at::Tensor& x, const Pass& pass) const {
    const std::int64_t rows = x.size(0);
    const std::int64_t width = x.numel() / rows;
    TUTTI_CHECK(static_cast<std::int64_t>(pass.items.size()) == rows,
                "dropout needs the item of every row");
    std::vector<std::uint32_t> keys(pass.items.size());
    const Rng epoch = stream_.Split("epoch", {static_cast<std::uint64_t>(pass.epoch)});
    for (std::size_t i = 0; i < keys.size(); ++i) {
      keys[i] = DropoutRowKey(epoch.key(), static_cast<std::uint64_t>(pass.items[i]));
    }
    const double dropped = std::min(std::floor(p_ * 4294967296.0), 4294967295.0);
    const auto threshold = static_cast<std::uint32_t>(dropped);
    const double scale = 1 / (1 - p_);
    if (x.is_cpu()) {
      const bool wide = x.scalar_type() == at::kDouble;  // has no float scale
      at::Tensor mask = at::empty(x.sizes(), x.options().dtype(at::kFloat),
                                  x.suggest_memory_format());
      float* out = mask.data_ptr<float>();
      at::parallel_for(0, rows, 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t r = begin; r < end; ++r) {
          FillDropoutRow(keys[static_cast<std::size_t>(r)], threshold,
                         wide ? 1.0f : static_cast<float>(scale), out + r * width, width);
        }
      });
      return wide ? mask.to(at::kDouble).mul_(scale) : mask.to(x.scalar_type());
    }
    return DeviceMask(x, keys, threshold, scale);
  }

  // The same numbers from tensor operations: 32-bit arithmetic in int64.
  static at::Tensor DeviceMask(const at::Tensor& x, std::vector<std::uint32_t>& keys,
                               std::uint32_t threshold, double scale) {
    const auto rows = static_cast<std::int64_t>(keys.size());
    const std::int64_t width = x.numel() / rows;
    constexpr std::int64_t kLow = 0xffffffff;
    std::vector<std::int64_t> wide(keys.begin(), keys.end());
    const at::Tensor key = at::from_blob(wide.data(), {rows, 1}, at::kLong).to(x.device());
    at::Tensor h = at::arange(width, key.options()).mul_(kDropoutStride).bitwise_and_(kLow);
    h = h.view({1, width}).bitwise_xor(key);
    h = h.bitwise_xor(h.bitwise_right_shift(16)).mul_(kDropoutMul1).bitwise_and_(kLow);
    h = h.bitwise_xor(h.bitwise_right_shift(15)).mul_(kDropoutMul2).bitwise_and_(kLow);
    h = h.bitwise_xor(h.bitwise_right_shift(16));
    const at::Tensor mask = h.ge(static_cast<std::int64_t>(threshold)).to(x.scalar_type()) * scale;
    if (x.dim() != 4) return mask.view(x.sizes());
    // Elements are counted in memory order, which is channels-last.
    return mask.view({rows, x.size(2), x.size(3), x.size(1)}).permute({0, 3, 1, 2});
  }

  double p_;
  Rng stream_;
  at::Tensor mask_;
};

}  // namespace

std::unique_ptr<Module> MakeDropout(const Layer& layer, std::uint64_t trial_seed) {
  return std::make_unique<Dropout>(layer, trial_seed);
}

}  // namespace tutti::trainer
