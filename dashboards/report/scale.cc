#include "dashboards/report/scale.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

double NiceStep(double span, int count) {
  const double raw = span / std::max(count, 1);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double ratio = raw / power * (1 - 1e-9);  // 0.025 / 5 is 0.005, give or take a bit
  return power * (ratio <= 1.0 ? 1 : ratio <= 2.0 ? 2 : ratio <= 5.0 ? 5 : 10);
}

}  // namespace

std::vector<double> NiceTicks(double lo, double hi, int count) {
  if (!std::isfinite(lo) || !std::isfinite(hi) || !(hi > lo) || !std::isfinite(hi - lo)) {
    return {std::isfinite(lo) ? lo : 0.0};
  }
  const double step = NiceStep(hi - lo, count);
  // Steps so small that they vanish beside the bounds would never end.
  if (!(lo + step > lo) || !(hi - step < hi)) return {lo};
  std::vector<double> ticks;
  const double slack = step * 1e-6;
  for (double k = std::ceil((lo - slack) / step); k * step <= hi + slack; k += 1) {
    ticks.push_back(k == 0 ? 0.0 : k * step);
  }
  if (ticks.empty()) ticks.push_back(lo);
  return ticks;
}

std::vector<double> LogTicks(double lo, double hi) {
  std::vector<double> powers, more;
  for (double e = std::floor(std::log10(lo)); e <= std::ceil(std::log10(hi)); e += 1) {
    const double power = std::pow(10.0, e);
    for (const double k : {1.0, 2.0, 5.0}) {
      const double tick = k * power;
      if (tick < lo * 0.999 || tick > hi * 1.001) continue;
      more.push_back(tick);
      if (k == 1.0) powers.push_back(tick);
    }
  }
  std::vector<double>& chosen = powers.size() >= 2 ? powers : more;
  if (chosen.empty()) chosen.push_back(lo);
  return chosen;
}

std::vector<std::string> TickLabels(const std::vector<double>& ticks) {
  double step = std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    largest = std::max(largest, std::fabs(ticks[i]));
    if (i > 0) step = std::min(step, std::fabs(ticks[i] - ticks[i - 1]));
    // On a logarithmic axis the first tick needs most decimals.
    if (ticks[i] != 0) step = std::min(step, std::max(std::fabs(ticks[i]), 1e-300));
  }
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    char buffer[64];
    if (largest >= 1e6 || (largest > 0 && step < 1e-4)) {
      std::snprintf(buffer, sizeof buffer, "%.3g", tick);
    } else {
      const double places = std::isfinite(step) ? -std::floor(std::log10(step) + 1e-9) : 0;
      std::snprintf(buffer, sizeof buffer, "%.*f", static_cast<int>(std::clamp(places, 0.0, 6.0)),
                    tick);
    }
    labels.emplace_back(buffer);
  }
  return labels;
}

double Scale::operator()(double value) const {
  if (logarithmic) {
    if (!(value > 0) || !(hi > lo)) return (from + to) / 2;
    return from + (to - from) * (std::log(value) - std::log(lo)) / (std::log(hi) - std::log(lo));
  }
  if (!(hi > lo)) return (from + to) / 2;
  return from + (to - from) * ((value - lo) / (hi - lo));
}

Range RangeOf(const std::vector<double>& values) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    range.lo = std::min(range.lo, v);
    range.hi = std::max(range.hi, v);
  }
  if (range.lo > range.hi) return {0, 1};
  if (range.lo == range.hi) {
    const double around = range.lo == 0 ? 1 : std::fabs(range.lo) * 0.1;
    return {range.lo - around, range.hi + around};
  }
  return range;
}

Range Rounded(Range range, int ticks) {
  if (!(range.hi > range.lo) || !std::isfinite(range.hi - range.lo)) return range;
  const double step = NiceStep(range.hi - range.lo, ticks);
  if (!(range.lo + step > range.lo)) return range;
  return {std::floor(range.lo / step + 1e-9) * step, std::ceil(range.hi / step - 1e-9) * step};
}

}  // namespace tutti::report
