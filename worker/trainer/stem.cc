#include <ATen/Parallel.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>

#include <memory>

#include "worker/trainer/modules.h"
#include "worker/trainer/padding.h"
#include "worker/trainer/stem_kernel.h"

namespace tutti::trainer {
namespace {

// Images of one chunk are summed before chunks are, so that the order of additions depends on the
// batch only, never on the number of threads.
constexpr std::int64_t kChunk = 8;

class Stem : public Module {
 public:
  Stem(const Layer& layer, int pool, ParameterStore& store)
      : channels_(layer.channels), padding_(ResolvePadding(layer)) {
    shape_.h = layer.in[1] + padding_.top + padding_.bottom;
    shape_.w = layer.in[2] + padding_.left + padding_.right;
    shape_.kernel = layer.kernel;
    shape_.channels = channels_;
    shape_.pool = pool;
    weight_ = store.Declare(layer.name + ".weight", {channels_, 1, layer.kernel, layer.kernel});
    first_offset = weight_->offset;
    if (layer.bias) bias_ = store.Declare(layer.name + ".bias", {channels_});
    bf16_ = store.compute_type() == at::kBFloat16;
  }

  at::ScalarType input_type(at::ScalarType) const override { return at::kFloat; }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const bool pads = padding_.top + padding_.bottom + padding_.left + padding_.right > 0;
    const at::Tensor images =
        pads ? at::constant_pad_nd(x, padding_.torch_order(), 0).contiguous() : x;
    const std::int64_t n = images.size(0), oh = shape_.out_h(), ow = shape_.out_w();
    const at::Tensor weight = weight_->value.view({channels_, -1}).t().contiguous();
    const at::Tensor bias = bias_ != nullptr ? bias_->value : at::zeros({channels_}, x.options());
    at::Tensor y = at::empty({n, channels_, oh, ow},
                             x.options().dtype(bf16_ ? at::kBFloat16 : at::kFloat),
                             at::MemoryFormat::ChannelsLast);
    at::Tensor choice;
    if (pass.training && shape_.chooses()) {
      choice = at::empty({n, oh, ow, channels_}, x.options().dtype(at::kByte));
    }
    const auto* in = images.const_data_ptr<float>();
    auto* out = static_cast<char*>(y.mutable_data_ptr());
    auto* chosen = choice.defined() ? choice.data_ptr<std::uint8_t>() : nullptr;
    const std::int64_t pixels = oh * ow * channels_;
    at::parallel_for(0, n, kChunk, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        StemForward(shape_, in + i * shape_.h * shape_.w, weight.const_data_ptr<float>(),
                    bias.const_data_ptr<float>(), bf16_, out + i * pixels * (bf16_ ? 2 : 4),
                    chosen == nullptr ? nullptr : chosen + i * pixels);
      }
    });
    if (pass.training) {
      images_ = images;
      choice_ = choice;
    }
    return y;
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    const at::Tensor g = gradient.contiguous(at::MemoryFormat::ChannelsLast);
    const std::int64_t n = g.size(0), taps = shape_.kernel * shape_.kernel;
    const std::int64_t chunks = (n + kChunk - 1) / kChunk;
    const std::int64_t pixels = shape_.out_h() * shape_.out_w() * channels_;
    at::Tensor partial = at::zeros({chunks, taps + 1, channels_}, images_.options());
    const auto* in = images_.const_data_ptr<float>();
    const auto* incoming = static_cast<const char*>(g.const_data_ptr());
    const auto* chosen =
        choice_.defined() ? choice_.const_data_ptr<std::uint8_t>() : nullptr;
    auto* sums = partial.data_ptr<float>();
    at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t c = begin; c < end; ++c) {
        float* sum = sums + c * (taps + 1) * channels_;
        for (std::int64_t i = c * kChunk; i < std::min(n, (c + 1) * kChunk); ++i) {
          StemBackward(shape_, in + i * shape_.h * shape_.w, incoming + i * pixels * (bf16_ ? 2 : 4),
                       bf16_, chosen == nullptr ? nullptr : chosen + i * pixels, sum,
                       sum + taps * channels_);
        }
      }
    });
    const at::Tensor total = partial.sum(0);
    weight_->gradient.view({channels_, taps}).copy_(total.narrow(0, 0, taps).t());
    if (bias_ != nullptr) bias_->gradient.copy_(total[taps]);
    images_.reset();
    choice_.reset();
    return {};
  }

  void set_relu(bool relu) { shape_.relu = relu; }

 private:
  std::int64_t channels_;
  ResolvedPadding padding_;
  StemShape shape_;
  bool bf16_ = false;
  Parameter* weight_ = nullptr;
  Parameter* bias_ = nullptr;
  at::Tensor images_, choice_;
};

}  // namespace

std::unique_ptr<Module> MakeStem(const Layer& layer, int pool, bool relu, ParameterStore& store) {
  const bool fits = store.device().is_cpu() && store.master_type() == at::kFloat &&
                    layer.in[0] == 1 && layer.channels % 16 == 0 && layer.stride == 1 &&
                    layer.groups == 1 && (layer.kernel == 3 || layer.kernel == 5) &&
                    (pool == 1 || pool == 2);
  if (!fits) return nullptr;
  auto stem = std::make_unique<Stem>(layer, pool, store);
  stem->set_relu(relu);
  return stem;
}

}  // namespace tutti::trainer
