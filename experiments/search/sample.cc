#include "experiments/search/sample.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace tutti::search {
namespace {

constexpr std::int64_t kMaxGridPoints = 1'000'000;
constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

Error Wrong(const SearchDimension& d, const std::string& what) {
  return InvalidArgument("hyperparameters." + d.path + " (" +
                         std::string(kSpaceTypeNames.Name(d.type)) + "): " + what);
}

std::string Bounds(const SearchDimension& d) {
  return "minval " + FormatDouble(d.minval) + " and maxval " + FormatDouble(d.maxval);
}

bool IsInteger(double x) { return x == std::floor(x) && std::abs(x) <= kMaxExactInteger; }

// The value at u, a point of the dimension's own scale: exponent for log, logarithm for
// loguniform. Kept between the bounds, which rounding of exp(log(x)) may miss by a digit.
double FromScale(const SearchDimension& d, double u) {
  switch (d.type) {
    case SpaceType::kLog: return std::pow(d.base, u);
    case SpaceType::kLogUniform: return std::clamp(std::exp(u), d.minval, d.maxval);
    default: return u;
  }
}

double Low(const SearchDimension& d) {
  return d.type == SpaceType::kLogUniform ? std::log(d.minval) : d.minval;
}
double High(const SearchDimension& d) {
  return d.type == SpaceType::kLogUniform ? std::log(d.maxval) : d.maxval;
}

std::vector<Json> IntPoints(const SearchDimension& d, std::int64_t count) {
  const auto low = static_cast<std::int64_t>(d.minval);
  const auto high = static_cast<std::int64_t>(d.maxval);
  std::vector<Json> points;
  if (count == 1) {
    points.emplace_back(low + (high - low) / 2);
    return points;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const double step = static_cast<double>(high - low) / static_cast<double>(count - 1);
    points.emplace_back(low + std::lround(step * static_cast<double>(i)));
  }
  return points;
}

std::vector<Json> RealPoints(const SearchDimension& d, std::int64_t count) {
  const double low = Low(d);
  const double high = High(d);
  std::vector<Json> points;
  if (count == 1) {
    points.emplace_back(FromScale(d, low + (high - low) / 2));
    return points;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(count - 1);
    points.emplace_back(FromScale(d, i + 1 == count ? high : low + (high - low) * t));
  }
  if (d.type == SpaceType::kLogUniform) {  // exp(log(x)) may miss x by a digit
    points.front() = d.minval;
    points.back() = d.maxval;
  }
  return points;
}

}  // namespace

Status CheckDimension(const SearchDimension& d) {
  if (d.type == SpaceType::kConst) return Ok{};
  if (d.type == SpaceType::kCategorical) {
    if (d.vals.empty()) return Wrong(d, "vals is empty; give at least one value");
    return Ok{};
  }
  if (!std::isfinite(d.minval) || !std::isfinite(d.maxval)) {
    return Wrong(d, Bounds(d) + " must be finite");
  }
  if (d.minval > d.maxval) return Wrong(d, Bounds(d) + " are in the wrong order");
  if (d.count && *d.count < 1) {
    return Wrong(d, "count is " + std::to_string(*d.count) + ", must be at least 1");
  }
  if (d.type == SpaceType::kInt && (!IsInteger(d.minval) || !IsInteger(d.maxval))) {
    return Wrong(d, Bounds(d) + " must be integers of at most 2^53");
  }
  if (d.type == SpaceType::kLog) {
    if (!std::isfinite(d.base) || d.base <= 0 || d.base == 1) {
      return Wrong(d, "base is " + FormatDouble(d.base) + ", must be above 0 and not 1");
    }
    if (!std::isfinite(std::pow(d.base, d.minval)) || !std::isfinite(std::pow(d.base, d.maxval))) {
      return Wrong(d, Bounds(d) + " are exponents of base " + FormatDouble(d.base) +
                          ", and these are too large; for plain values use type loguniform");
    }
  }
  if (d.type == SpaceType::kLogUniform && d.minval <= 0) {
    return Wrong(d, Bounds(d) + " must be above 0");
  }
  return Ok{};
}

Json SampleDimension(const SearchDimension& d, Rng& rng) {
  switch (d.type) {
    case SpaceType::kConst: return d.value;
    case SpaceType::kCategorical:
      return d.vals[static_cast<std::size_t>(rng.Below(d.vals.size()))];
    case SpaceType::kInt: {
      const auto low = static_cast<std::int64_t>(d.minval);
      const auto high = static_cast<std::int64_t>(d.maxval);
      const auto range = static_cast<std::uint64_t>(high - low) + 1;
      return Json(low + static_cast<std::int64_t>(rng.Below(range)));
    }
    case SpaceType::kDouble:
    case SpaceType::kLog:
    case SpaceType::kLogUniform: return Json(FromScale(d, rng.Uniform(Low(d), High(d))));
  }
  TUTTI_CHECK(false, "SpaceType outside the enum");
}

bool ConditionsHold(const SearchDimension& dimension, const Json& hparams) {
  if (dimension.when.empty()) return true;
  Json applied = Json::MakeObject();
  for (const auto& [path, value] : hparams.AsObject()) applied.SetPath(path, value);
  const auto holds = [&applied](const SpaceCondition& condition) {
    const Json* found = applied.FindPath(condition.path);
    if (found == nullptr) return false;
    return std::any_of(condition.values.begin(), condition.values.end(),
                       [found](const Json& value) {
                         return value.is_number() && found->is_number()
                                    ? value.AsDouble() == found->AsDouble()
                                    : value == *found;
                       });
  };
  return std::all_of(dimension.when.begin(), dimension.when.end(), holds);
}

Json SampleConfiguration(const SearchSpace& space, std::uint64_t experiment_seed,
                         std::int64_t configuration_no) {
  const Rng configuration = Rng(experiment_seed)
                                .Split("configuration",
                                       {static_cast<std::uint64_t>(configuration_no)});
  Json hparams = Json::MakeObject();
  for (const SearchDimension& dimension : space) {
    if (!ConditionsHold(dimension, hparams)) continue;
    Rng rng = configuration.Split(dimension.path);
    hparams.Set(dimension.path, SampleDimension(dimension, rng));
  }
  return hparams;
}

Result<std::vector<Json>> GridPoints(const SearchDimension& d) {
  TUTTI_RETURN_IF_ERROR(CheckDimension(d));
  if (d.type == SpaceType::kConst) return std::vector<Json>{d.value};
  if (d.type == SpaceType::kCategorical) return d.vals;
  const bool is_int = d.type == SpaceType::kInt;
  if (!is_int && !d.count) {
    return Wrong(d, "a grid needs the number of points; add count, for example count: 5");
  }
  std::int64_t count = d.count.value_or(0);
  if (is_int) {
    const std::int64_t range =
        static_cast<std::int64_t>(d.maxval) - static_cast<std::int64_t>(d.minval) + 1;
    count = d.count ? std::min(*d.count, range) : range;
  }
  if (count > kMaxGridPoints) {
    return Wrong(d, "gives " + std::to_string(count) + " grid points, at most " +
                        std::to_string(kMaxGridPoints) + " are allowed; set a smaller count");
  }
  if (d.minval == d.maxval) count = 1;  // the same point several times would be the same trial
  return is_int ? IntPoints(d, count) : RealPoints(d, count);
}

std::uint64_t TrialSeed(std::uint64_t experiment_seed, std::int64_t configuration_no,
                        std::int64_t replicate_no) {
  Rng rng = Rng(experiment_seed)
                .Split("trial", {static_cast<std::uint64_t>(configuration_no),
                                 static_cast<std::uint64_t>(replicate_no)});
  return rng.NextU64() >> 11;
}

}  // namespace tutti::search
