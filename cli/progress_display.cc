#include "cli/progress_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/output.h"

namespace tutti::cli {
namespace {

constexpr int kBarWidth = 24;
constexpr std::size_t kMostBars = 16;  // more running trials than this are counted, not drawn

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string Bar(double done) {
  const int full = static_cast<int>(std::lround(std::clamp(done, 0.0, 1.0) * kBarWidth));
  std::string bar;
  for (int i = 0; i < kBarWidth; ++i) bar += i < full ? "█" : "░";
  return bar;
}

bool IsEnded(const std::string& state) {
  return state == "COMPLETED" || state == "STOPPED" || state == "CANCELLED" || state == "ERROR";
}

void CutTo(std::string& line, int width) {
  const auto limit = static_cast<std::size_t>(std::max(width - 1, 20));
  while (DisplayWidth(line) > limit) {
    do {
      line.pop_back();
    } while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80);
  }
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool live, std::function<int()> width)
    : live_(live), width_(std::move(width)) {}

ProgressDisplay::~ProgressDisplay() { Clear(); }

void ProgressDisplay::Clear() {
  if (drawn_.empty()) return;
  const int rows = RowsOf(drawn_, width_());
  for (int i = 0; i < rows; ++i) std::fputs("\x1b[1A\x1b[2K", stderr);
  drawn_.clear();
  std::fflush(stderr);
}

int ProgressDisplay::RowsOf(const std::vector<std::size_t>& widths, int terminal) {
  const auto columns = static_cast<std::size_t>(std::max(terminal, 1));
  std::size_t rows = 0;
  for (const std::size_t width : widths) {
    rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
  }
  return static_cast<int>(rows);
}

std::string ProgressDisplay::Headline(const ExperimentProgress& progress) {
  std::int64_t running = 0;
  std::int64_t failed = 0;
  std::int64_t held = 0;
  for (const TrialProgress& trial : progress.trials) {
    running += trial.state == "RUNNING" ? 1 : 0;
    held += trial.state == "HELD" ? 1 : 0;
    failed += trial.state == "ERROR" ? 1 : 0;
  }
  std::string line = "experiment " + std::to_string(progress.experiment_id) + " '" +
                     progress.name + "': " + (progress.trials_expected > 0
                          ? std::to_string(progress.trials_completed) + " of " +
                                Count(progress.trials_expected, "trial")
                          : Count(progress.trials_completed, "trial"));
  line += " done";
  if (!progress.terminal) line += ", " + std::to_string(running) + " running";
  if (held > 0) line += ", " + std::to_string(held) + " held";
  if (failed > 0) line += ", " + std::to_string(failed) + " failed";
  if (progress.state != "ACTIVE") line += ", " + progress.state;
  if (!progress.reason.empty() && running == 0) line += " (" + progress.reason + ")";
  return line;
}

std::string ProgressDisplay::TrialLine(const TrialProgress& trial, const std::string& time_metric,
                                       int width) {
  char head[48];
  std::snprintf(head, sizeof head, "%5lld  ", static_cast<long long>(trial.trial_no));
  std::string line = head + Bar(trial.max_time > 0 ? trial.time / trial.max_time : 0);
  char number[32];
  const bool in_epochs = time_metric == "epochs";
  std::snprintf(number, sizeof number, in_epochs ? "  %5.1f" : "  %5.0f", trial.time);
  line += number;
  std::snprintf(number, sizeof number, "/%.0f", trial.max_time);
  if (trial.max_time > 0) line += number;
  if (!in_epochs) line += " " + time_metric;
  if (trial.metric) line += "  " + Number(*trial.metric);
  if (trial.images_per_second > 0) {
    line += "  " + std::to_string(std::llround(trial.images_per_second)) + " img/s";
  }
  if (!trial.summary.empty()) line += "  " + trial.summary;
  CutTo(line, width);
  return line;
}

void ProgressDisplay::Finish(const ExperimentProgress& progress) {
  if (!live_) return;  // the plain lines have said it
  Clear();
  ExperimentProgress ended = progress;
  ended.reason.clear();
  std::fprintf(stderr, "%s\n", Headline(ended).c_str());
  for (const TrialProgress& trial : progress.trials) {
    if (trial.state != "ERROR") continue;
    std::fprintf(stderr, "trial %lld.%lld failed: %s\n",
                 static_cast<long long>(progress.experiment_id),
                 static_cast<long long>(trial.trial_no), trial.reason.c_str());
  }
}

void ProgressDisplay::Update(const ExperimentProgress& progress) {
  if (live_) {
    DrawLive(progress);
  } else {
    PrintChanges(progress);
  }
}

void ProgressDisplay::DrawLive(const ExperimentProgress& progress) {
  Clear();
  const int width = width_();
  std::vector<std::string> lines{Headline(progress)};
  CutTo(lines.front(), width);
  std::size_t hidden = 0;
  for (const TrialProgress& trial : progress.trials) {
    if (trial.state != "RUNNING" && trial.state != "STOPPING") continue;
    if (lines.size() > kMostBars) {
      ++hidden;
      continue;
    }
    lines.push_back(TrialLine(trial, progress.time_metric, width));
  }
  if (hidden > 0) lines.push_back("       and " + std::to_string(hidden) + " more");
  for (const std::string& line : lines) {
    std::fprintf(stderr, "%s\n", line.c_str());
    drawn_.push_back(DisplayWidth(line));
  }
  std::fflush(stderr);
}

void ProgressDisplay::PrintChanges(const ExperimentProgress& progress) {
  if (progress.reason != printed_reason_ && !progress.reason.empty() && !progress.terminal) {
    std::fprintf(stderr, "%s\n", Headline(progress).c_str());
  }
  printed_reason_ = progress.reason;
  const bool in_epochs = progress.time_metric == "epochs";
  for (const TrialProgress& trial : progress.trials) {
    const auto whole = static_cast<std::int64_t>(std::floor(trial.time));
    const auto known = printed_.find(trial.trial_no);
    const bool fresh = known == printed_.end();
    // Steps are counted before the validation that follows them has ended: at the very end of an
    // epoch its line waits for its number, or for the next epoch to begin.
    const bool news = !fresh && trial.metric != known->second.metric;
    const bool validating = !fresh && trial.time == static_cast<double>(whole) && !news;
    // What is not counted in epochs has lines for its validations only.
    const bool advanced = !fresh && (in_epochs ? known->second.epoch != whole && !validating : news);
    if (!fresh && known->second.state == trial.state && !(trial.state == "RUNNING" && advanced)) {
      continue;
    }
    printed_[trial.trial_no] = {trial.state, whole, trial.metric};
    if (fresh && trial.state == "QUEUED") continue;
    std::string line = "trial " + std::to_string(progress.experiment_id) + "." +
                       std::to_string(trial.trial_no) + " " + trial.state;
    if (trial.state == "RUNNING") {
      line += (in_epochs ? " epoch " : " " + progress.time_metric + " ") + std::to_string(whole);
      if (trial.max_time > 0) {
        line += "/" + std::to_string(static_cast<std::int64_t>(trial.max_time));
      }
    }
    const auto& value = IsEnded(trial.state) ? trial.best_metric : trial.metric;
    if (value) line += " " + progress.metric + "=" + Number(*value);
    if (!trial.summary.empty()) line += "  " + trial.summary;
    if (!trial.reason.empty()) line += "  (" + trial.reason + ")";
    std::fprintf(stderr, "%s\n", line.c_str());
  }
}

}  // namespace tutti::cli
