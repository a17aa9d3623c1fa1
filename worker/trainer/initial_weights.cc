#include "worker/trainer/initial_weights.h"

#include <ATen/ops/empty.h>

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "experiments/core/check.h"
#include "experiments/core/rng.h"

namespace tutti::trainer {
namespace {

// Standard deviation of a standard normal cut at +-2.
constexpr double kTruncatedStd = 0.87962566103423978;
constexpr double kBelowMinusTwo = 0.022750131948179207;  // Phi(-2)

// `count` numbers in (0, 1), 32 random bits each: Philox blocks of the stream's key, four numbers a
// block, which is several times faster than drawing them one by one.
template <class Use>
void ForEachUniform(const Rng& stream, std::int64_t count, const Use& use) {
  const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(stream.key()),
                                         static_cast<std::uint32_t>(stream.key() >> 32)};
  for (std::int64_t i = 0; i < count; i += 4) {
    const auto block = static_cast<std::uint64_t>(i / 4);
    const auto words = Philox4x32({static_cast<std::uint32_t>(block),
                                   static_cast<std::uint32_t>(block >> 32), 0, 0},
                                  key);
    for (std::int64_t j = i; j < std::min(i + 4, count); ++j) {
      use(j, (static_cast<double>(words[static_cast<std::size_t>(j - i)]) + 0.5) * 0x1p-32);
    }
  }
}

class Initializer {
 public:
  Initializer(std::uint64_t seed, ParameterStore& store) : rng_(seed) {
    for (Parameter& p : store.parameters()) by_name_[p.name] = &p;
  }

  void Layers(const std::vector<Layer>& layers) {
    for (const Layer& layer : layers) {
      if (layer.kind == "conv") {
        const std::int64_t area = layer.kernel * layer.kernel;
        WeightAndBias(layer, layer.name, layer.init, layer.in[0] / layer.groups * area,
                      layer.channels / layer.groups * area, layer.bias);
      } else if (layer.kind == "linear") {
        WeightAndBias(layer, layer.name, layer.init, layer.in[0], layer.channels, layer.bias);
      } else if (layer.kind == "batch_norm") {
        Get(layer.name + ".weight")->value.fill_(1);
      } else if (layer.kind == "squeeze_excite") {
        WeightAndBias(layer, layer.name + ".reduce", "torch", layer.in[0], layer.squeeze, true);
        WeightAndBias(layer, layer.name + ".expand", "torch", layer.squeeze, layer.in[0], true);
      }
      Layers(layer.layers);
      Layers(layer.shortcut);
    }
  }

 private:
  Parameter* Get(const std::string& name) {
    const auto found = by_name_.find(name);
    TUTTI_CHECK(found != by_name_.end(), "no parameter " + name);
    return found->second;
  }

  void WeightAndBias(const Layer& layer, const std::string& name, const std::string& init,
                     std::int64_t fan_in, std::int64_t fan_out, bool bias) {
    const auto in = static_cast<double>(fan_in);
    const auto out = static_cast<double>(fan_out);
    Parameter* weight = Get(name + ".weight");
    if (init == "he_normal") {
      const double scale = std::sqrt(2 / in) / kTruncatedStd;
      Fill(*weight, [scale](double u) {
        return scale * NormalQuantile(kBelowMinusTwo + u * (1 - 2 * kBelowMinusTwo));
      });
    } else {
      const double limit = init == "he_uniform" ? std::sqrt(6 / in)
                           : init == "xavier"   ? std::sqrt(6 / (in + out))
                                                : 1 / std::sqrt(in);
      TUTTI_CHECK(init == "he_uniform" || init == "xavier" || init == "torch",
                  "unknown init " + init + " of layer " + layer.name);
      Fill(*weight, [limit](double u) { return limit * (2 * u - 1); });
    }
    if (bias && init == "torch") {
      const double limit = 1 / std::sqrt(in);
      Fill(*Get(name + ".bias"), [limit](double u) { return limit * (2 * u - 1); });
    }
  }

  template <class Map>
  void Fill(Parameter& p, const Map& map) {
    at::Tensor host = at::empty(p.shape, at::TensorOptions().dtype(at::kDouble));
    double* out = host.data_ptr<double>();
    ForEachUniform(rng_.Split("init:" + p.name), host.numel(),
                   [&](std::int64_t i, double u) { out[i] = map(u); });
    p.value.copy_(host);
  }

  Rng rng_;
  std::map<std::string, Parameter*> by_name_;
};

}  // namespace

double NormalQuantile(double p) {
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                          6.680131188771972e+01, -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                          3.754408661907416e+00};
  constexpr double low = 0.02425;
  if (p > 0.5) return -NormalQuantile(1 - p);
  if (p < low) {
    const double q = std::sqrt(-2 * std::log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  }
  const double q = p - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

void InitializeWeights(const Graph& graph, std::uint64_t seed, ParameterStore& store) {
  Initializer(seed, store).Layers(graph.layers);
}

}  // namespace tutti::trainer
