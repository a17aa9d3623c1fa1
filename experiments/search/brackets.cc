#include "experiments/search/brackets.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace tutti::search {
namespace {

__extension__ using Wide = unsigned __int128;

Error OutOfRange(const std::string& field, std::int64_t value, const std::string& expected) {
  return InvalidArgument("searcher." + field + " is " + std::to_string(value) + ", must be " +
                         expected);
}

Status CheckFields(const SearcherConfig& s) {
  if (s.max_trials < 1 || s.max_trials > kMaxBracketTrials) {
    return OutOfRange("max_trials", s.max_trials, "1 to " + std::to_string(kMaxBracketTrials));
  }
  if (s.max_time < 1) {
    return OutOfRange("max_time", s.max_time, "at least 1 (in " + s.time_metric + ")");
  }
  if (s.divisor < 2) return OutOfRange("divisor", s.divisor, "at least 2");
  if (s.max_concurrent_trials < 0) {
    return OutOfRange("max_concurrent_trials", s.max_concurrent_trials, "at least 0");
  }
  return Ok{};
}

Status CheckRungs(const std::string& field, std::int64_t rungs, std::int64_t divisor) {
  if (rungs < 1 || rungs > kMaxRungs) {
    return OutOfRange(field, rungs, "1 to " + std::to_string(kMaxRungs));
  }
  if (BoundedPower(divisor, rungs - 1) > kMaxHalvingPower) {
    return OutOfRange(field, rungs,
                      "smaller with divisor " + std::to_string(divisor) +
                          ": divisor^(rungs - 1) may be at most " +
                          std::to_string(kMaxHalvingPower));
  }
  return Ok{};
}

// The lengths of adaptive_asha's brackets, most rungs first.
Result<std::vector<std::int64_t>> BracketLengths(const SearcherConfig& s) {
  std::vector<std::int64_t> lengths = s.bracket_rungs;
  if (lengths.empty()) {
    if (s.max_rungs < 1) return OutOfRange("max_rungs", s.max_rungs, "at least 1");
    const std::int64_t top = std::min({s.max_rungs, FloorLog(s.divisor, s.max_time) + 1,
                                       FloorLog(s.divisor, s.max_trials) + 1});
    std::int64_t first = 0;
    if (s.mode == "aggressive") {
      first = top;
    } else if (s.mode == "standard") {
      first = (top - 1) / 2 + 1;
    } else if (s.mode == "conservative") {
      first = 1;
    } else {
      return InvalidArgument("searcher.mode is '" + s.mode +
                             "', must be aggressive, standard or conservative");
    }
    for (std::int64_t r = first; r <= top; ++r) lengths.push_back(r);
  }
  if (std::ssize(lengths) > kMaxRungs) {
    return OutOfRange("bracket_rungs' length", std::ssize(lengths),
                      "at most " + std::to_string(kMaxRungs));
  }
  for (const std::int64_t r : lengths) {
    TUTTI_RETURN_IF_ERROR(CheckRungs("bracket_rungs", r, s.divisor));
  }
  std::sort(lengths.begin(), lengths.end(), std::greater<>());
  return lengths;
}

// max(floor(weight / total * max_trials), 1) each, the remainder to the first. The weights
// divisor^(r-1) / r are multiplied by the least common multiple of all r, so that they are
// integers.
std::vector<std::int64_t> TrialsOf(const std::vector<std::int64_t>& lengths,
                                   const SearcherConfig& s) {
  std::int64_t multiple = 1;
  for (const std::int64_t r : lengths) multiple = std::lcm(multiple, r);
  std::vector<Wide> weights;
  Wide total = 0;
  for (const std::int64_t r : lengths) {
    weights.push_back(static_cast<Wide>(BoundedPower(s.divisor, r - 1)) *
                      static_cast<Wide>(multiple / r));
    total += weights.back();
  }
  std::vector<std::int64_t> trials;
  std::int64_t allocated = 0;
  for (const Wide weight : weights) {
    const Wide share = weight * static_cast<Wide>(s.max_trials) / total;
    trials.push_back(std::max<std::int64_t>(static_cast<std::int64_t>(share), 1));
    allocated += trials.back();
  }
  trials.front() += std::max<std::int64_t>(s.max_trials - allocated, 0);
  return trials;
}

Result<std::vector<Bracket>> AdaptiveBrackets(const SearcherConfig& s) {
  TUTTI_ASSIGN_OR_RETURN(const std::vector<std::int64_t> lengths, BracketLengths(s));
  const std::vector<std::int64_t> trials = TrialsOf(lengths, s);
  const std::int64_t count = std::ssize(lengths);
  std::vector<Bracket> brackets;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    std::int64_t concurrent = std::max(trials.back(), s.divisor);
    if (s.max_concurrent_trials > 0) {
      const std::int64_t all = std::max(s.max_concurrent_trials, count);
      concurrent = all / count + (i < all % count ? 1 : 0);
    }
    brackets.push_back({Rungs(s.max_time, lengths[at], s.divisor), trials[at],
                        std::min(concurrent, trials[at])});
  }
  return brackets;
}

Result<std::vector<Bracket>> AsyncHalvingBracket(const SearcherConfig& s) {
  TUTTI_RETURN_IF_ERROR(CheckRungs("num_rungs", s.num_rungs, s.divisor));
  const std::int64_t concurrent = s.max_concurrent_trials > 0
                                      ? s.max_concurrent_trials
                                      : BoundedPower(s.divisor, s.num_rungs - 1);
  return std::vector<Bracket>{{Rungs(s.max_time, s.num_rungs, s.divisor), s.max_trials,
                               std::min(concurrent, s.max_trials)}};
}

Result<std::vector<Bracket>> HyperbandBrackets(const SearcherConfig& s) {
  if (s.max_rungs < 1) return OutOfRange("max_rungs", s.max_rungs, "at least 1");
  const std::int64_t s_max = std::min(FloorLog(s.divisor, s.max_time), s.max_rungs - 1);
  TUTTI_RETURN_IF_ERROR(CheckRungs("max_rungs", s_max + 1, s.divisor));
  const std::int64_t first = BoundedPower(s.divisor, s_max);
  const std::int64_t concurrent =
      s.max_concurrent_trials > 0 ? s.max_concurrent_trials : std::min(first, s.max_trials);
  std::vector<Bracket> brackets;
  std::int64_t left = s.max_trials;
  while (left > 0) {
    for (std::int64_t i = s_max; i >= 0 && left > 0; --i) {
      const std::int64_t n = ((s_max + 1) * BoundedPower(s.divisor, i) + i) / (i + 1);
      brackets.push_back({Rungs(s.max_time, i + 1, s.divisor), std::min(n, left), concurrent});
      left -= brackets.back().trials;
    }
  }
  return brackets;
}

}  // namespace

std::int64_t FloorLog(std::int64_t base, std::int64_t x) {
  std::int64_t r = 0;
  while (x >= base) {
    x /= base;
    ++r;
  }
  return r;
}

std::int64_t BoundedPower(std::int64_t base, std::int64_t exponent) {
  std::int64_t power = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    if (power > kMaxHalvingPower / base) return kMaxHalvingPower + 1;
    power *= base;
  }
  return power;
}

std::vector<std::int64_t> Rungs(std::int64_t max_time, std::int64_t num_rungs,
                                std::int64_t divisor) {
  std::vector<std::int64_t> rungs(static_cast<std::size_t>(num_rungs));
  std::int64_t units = max_time;  // floor(floor(x / d) / d) = floor(x / d^2)
  for (auto rung = rungs.rbegin(); rung != rungs.rend(); ++rung) {
    *rung = std::max<std::int64_t>(units, 1);
    units /= divisor;
  }
  return rungs;
}

std::int64_t KeptOf(std::int64_t n, std::int64_t divisor) {
  return std::max<std::int64_t>(n / divisor, 1);
}

Result<std::vector<Bracket>> Brackets(const ExperimentConfig& config) {
  const SearcherConfig& s = config.searcher;
  TUTTI_RETURN_IF_ERROR(CheckFields(s));
  if (s.name == "async_halving") return AsyncHalvingBracket(s);
  if (s.name == "adaptive_asha") return AdaptiveBrackets(s);
  if (s.name == "hyperband" || s.name == "bohb") return HyperbandBrackets(s);
  return InvalidArgument("searcher '" + s.name + "' has no brackets");
}

}  // namespace tutti::search
