#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "experiments/models/graph.h"
#include "worker/trainer/module.h"
#include "worker/trainer/parameters.h"

// One maker for each kind of layer of experiments/models. `layer` is copied where needed; parameters
// are declared in `store`, whose lifetime must exceed the module's.

namespace tutti::trainer {

std::unique_ptr<Module> MakeConvolution(const Layer& layer, ParameterStore& store);
std::unique_ptr<Module> MakeLinear(const Layer& layer, bool is_head, ParameterStore& store);
// `relu`: with the ReLU behind it.
std::unique_ptr<Module> MakeBatchNorm(const Layer& layer, bool relu, ParameterStore& store);
// relu, gelu (exact, by erf), silu, tanh, sigmoid.
std::unique_ptr<Module> MakeActivation(const Layer& layer);
// max_pool, with a ReLU behind it if `relu`: the same function as one before it, on fewer values.
std::unique_ptr<Module> MakeMaxPool(const Layer& layer, bool relu);
std::unique_ptr<Module> MakeAveragePool(const Layer& layer);
std::unique_ptr<Module> MakeGlobalAveragePool(const Layer& layer);
std::unique_ptr<Module> MakeFlatten(const Layer& layer);
// Masks are a function of (seed, epoch, item, layer, element), so neither the number of ranks nor a
// restart changes them, and a GPU draws the same as a CPU.
std::unique_ptr<Module> MakeDropout(const Layer& layer, std::uint64_t trial_seed);
// `relu`: with the ReLU behind the sum.
std::unique_ptr<Module> MakeResidual(ModuleList body, ModuleList shortcut, bool relu);
std::unique_ptr<Module> MakeSqueezeExcite(const Layer& layer, ParameterStore& store);
// The first convolution of grey images, with bias, max pooling (1: none, or 2) and perhaps ReLU in one
// kernel; nullptr if it does not fit (stem_kernel.h says what does). CPU, fp32 or bf16.
std::unique_ptr<Module> MakeStem(const Layer& convolution, int pool, bool relu,
                                 ParameterStore& store);

// Hands its input on, and to Pass::outputs as that of `layer`. `kind`: whose output it is.
std::unique_ptr<Module> MakeProbe(const Layer& layer, const std::string& kind);

// Runs modules one after the other, and back; announces finished gradients on the way back.
at::Tensor ForwardAll(const ModuleList& modules, at::Tensor x, const Pass& pass);
at::Tensor BackwardAll(const ModuleList& modules, at::Tensor gradient, const Pass& pass);

}  // namespace tutti::trainer
