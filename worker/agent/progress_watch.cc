#include "worker/agent/progress_watch.h"

#include <tuple>

namespace tutti::worker {

std::chrono::milliseconds SectionLimits::Of(Section section) const {
  switch (section) {
    case Section::kSetup: return setup;
    case Section::kTrain: return train;
    case Section::kEvaluate: return evaluate;
    case Section::kCheckpoint: return checkpoint;
  }
  CheckFailed(__FILE__, __LINE__, "Section", "value outside the enum");
}

ProgressWatch::ProgressWatch(int ranks, SectionLimits limits)
    : limits_(limits), ranks_(static_cast<std::size_t>(ranks)) {}

void ProgressWatch::Begin(Time now) {
  for (Rank& rank : ranks_) rank = Rank{.at = now};
  section_ = Section::kSetup;
  last_ = now;
  active_ = true;
}

void ProgressWatch::End() { active_ = false; }

void ProgressWatch::OnProgress(int index, const Json& header, Time now) {
  Rank& rank = ranks_[static_cast<std::size_t>(index)];
  const auto name = header.GetString("section");
  const auto section = name ? kSectionNames.Parse(*name) : std::nullopt;
  const auto epoch = header.GetDouble("epoch");
  const auto step = header.GetInt("step");
  const auto place = std::tuple(section.value_or(rank.section), epoch ? *epoch : rank.epoch,
                                step ? *step : rank.step);
  if (rank.reports && place == std::tuple(rank.section, rank.epoch, rank.step)) return;
  std::tie(rank.section, rank.epoch, rank.step) = place;
  rank.reports = true;
  rank.at = now;
  section_ = rank.section;
  last_ = now;
}

void ProgressWatch::OnResult(int index, Time now) {
  ranks_[static_cast<std::size_t>(index)].at = now;
  last_ = now;
}

void ProgressWatch::OnDone(int index, Time now) {
  ranks_[static_cast<std::size_t>(index)].done = true;
  OnResult(index, now);
}

// Among the ranks that are not through: the one with the lowest step, then the longest silence. A
// rank that reports no progress at all is named only if no other does.
std::size_t ProgressWatch::Slowest() const {
  const auto key = [](const Rank& rank) { return std::tuple(!rank.reports, rank.step, rank.at); };
  std::size_t slowest = ranks_.size();
  for (std::size_t i = 0; i < ranks_.size(); ++i) {
    if (ranks_[i].done) continue;
    if (slowest == ranks_.size() || key(ranks_[i]) < key(ranks_[slowest])) slowest = i;
  }
  return slowest;
}

std::optional<std::string> ProgressWatch::Overdue(Time now) const {
  if (!active_ || now - last_ < limits_.Of(section_)) return std::nullopt;
  const auto seconds = [](auto span) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(span).count()) + " s";
  };
  std::string text = "no progress for " + seconds(now - last_) + " in section " +
                     std::string(kSectionNames.Name(section_));
  const std::size_t slowest = Slowest();
  if (slowest < ranks_.size()) {
    const Rank& rank = ranks_[slowest];
    text += "; slowest is rank " + std::to_string(slowest) + " (";
    text += rank.reports ? "step " + std::to_string(rank.step) : std::string("no step reported");
    text += ", last heard of " + seconds(now - rank.at) + " ago)";
  }
  return text;
}

}  // namespace tutti::worker
