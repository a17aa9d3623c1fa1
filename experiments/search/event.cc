#include "experiments/search/searcher.h"

namespace tutti::search {

std::int64_t NumberOf(const SearchEvent& event) {
  if (const auto* report = std::get_if<MetricReported>(&event)) return report->configuration_no;
  if (const auto* closed = std::get_if<TrialClosed>(&event)) return closed->configuration_no;
  if (const auto* invalid = std::get_if<ConfigurationInvalid>(&event)) {
    return invalid->configuration_no;
  }
  return 0;
}

}  // namespace tutti::search
