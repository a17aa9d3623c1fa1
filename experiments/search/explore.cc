#include "experiments/search/explore.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

Json Perturbed(const SearchDimension& d, const Json& value, double factor) {
  if (!value.is_number()) return value;
  const double moved = value.AsDouble() * factor;
  switch (d.type) {
    case SpaceType::kConst:
    case SpaceType::kCategorical: return value;
    case SpaceType::kInt: {
      const double whole = factor < 1 ? std::floor(moved) : std::ceil(moved);
      return Json(static_cast<std::int64_t>(std::clamp(whole, d.minval, d.maxval)));
    }
    case SpaceType::kDouble:
    case SpaceType::kLogUniform: return Json(std::clamp(moved, d.minval, d.maxval));
    case SpaceType::kLog: {
      const double a = std::pow(d.base, d.minval);
      const double b = std::pow(d.base, d.maxval);
      return Json(std::clamp(moved, std::min(a, b), std::max(a, b)));  // base < 1 turns them round
    }
  }
  TUTTI_CHECK(false, "SpaceType outside the enum");
}

}  // namespace

Json Explore(const SearchSpace& space, const Json& parent, const ExploreOptions& options,
             const Rng& stream) {
  Json hparams = Json::MakeObject();
  for (const SearchDimension& d : space) {
    if (!ConditionsHold(d, hparams)) continue;
    Rng rng = stream.Split(d.path);
    const double choice = rng.Uniform();
    const bool up = rng.Below(2) == 1;
    const Json* old = parent.Find(d.path);
    if (old == nullptr || choice < options.resample_probability) {
      hparams.Set(d.path, SampleDimension(d, rng));
    } else {
      const double factor = up ? 1 + options.perturb_factor : 1 - options.perturb_factor;
      hparams.Set(d.path, Perturbed(d, *old, factor));
    }
  }
  return hparams;
}

}  // namespace tutti::search
