#include "experiments/core/checkpoint_reference.h"

#include <charconv>

namespace tutti {
namespace {

// A positive number that is all of `text`.
bool ReadNumber(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0;
}

}  // namespace

std::int64_t CheckpointEpoch(std::string_view which) {
  std::int64_t epoch = 0;
  return which.starts_with('e') && ReadNumber(which.substr(1), epoch) ? epoch : 0;
}

bool IsCheckpointName(std::string_view which) {
  return which == "best" || which == "last" || CheckpointEpoch(which) > 0;
}

Result<CheckpointReference> ParseCheckpointReference(std::string_view text) {
  CheckpointReference reference;
  const std::string_view trial = text.substr(0, text.find('@'));
  if (trial.size() < text.size()) reference.which = text.substr(trial.size() + 1);
  const std::size_t dot = trial.find('.');
  if (dot == std::string_view::npos || !ReadNumber(trial.substr(0, dot), reference.experiment) ||
      !ReadNumber(trial.substr(dot + 1), reference.trial_no) ||
      !IsCheckpointName(reference.which)) {
    return InvalidArgument("'" + std::string(text) + "' is no trial or checkpoint; expected 12.3, "
                           "12.3@best, 12.3@last or 12.3@e17");
  }
  return reference;
}

}  // namespace tutti
