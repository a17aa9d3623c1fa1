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

}  // namespace

ProgressDisplay::ProgressDisplay(bool live, int width) : live_(live), width_(width) {}

ProgressDisplay::~ProgressDisplay() { Clear(); }

void ProgressDisplay::Clear() {
  for (int i = 0; i < lines_drawn_; ++i) std::fputs("\x1b[1A\x1b[2K", stderr);
  lines_drawn_ = 0;
  std::fflush(stderr);
}

std::string ProgressDisplay::Headline(const ExperimentProgress& progress) {
  std::int64_t running = 0;
  std::int64_t failed = 0;
  for (const TrialProgress& trial : progress.trials) {
    running += trial.state == "RUNNING" ? 1 : 0;
    failed += trial.state == "ERROR" ? 1 : 0;
  }
  std::string line = "experiment " + std::to_string(progress.experiment_id) + " '" +
                     progress.name + "': " + std::to_string(progress.trials_completed);
  if (progress.trials_expected > 0) line += " of " + std::to_string(progress.trials_expected);
  line += " trials done, " + std::to_string(running) + " running";
  if (failed > 0) line += ", " + std::to_string(failed) + " failed";
  if (progress.state != "ACTIVE") line += ", " + progress.state;
  if (!progress.reason.empty() && running == 0) line += " (" + progress.reason + ")";
  return line;
}

std::string ProgressDisplay::TrialLine(const TrialProgress& trial, int width) {
  char head[48];
  std::snprintf(head, sizeof head, "%5lld  ", static_cast<long long>(trial.trial_no));
  std::string line = head + Bar(trial.epochs > 0 ? trial.epoch / trial.epochs : 0);
  char epochs[48];
  std::snprintf(epochs, sizeof epochs, "  %5.1f/%g", trial.epoch, trial.epochs);
  line += epochs;
  if (trial.metric) line += "  " + Number(*trial.metric);
  if (trial.images_per_second > 0) {
    line += "  " + std::to_string(std::llround(trial.images_per_second)) + " img/s";
  }
  if (!trial.summary.empty()) line += "  " + trial.summary;
  const auto limit = static_cast<std::size_t>(std::max(width - 1, 20));
  while (DisplayWidth(line) > limit) {
    do {
      line.pop_back();
    } while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80);
  }
  return line;
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
  std::string text = Headline(progress) + "\n";
  int lines = 1;
  std::size_t hidden = 0;
  for (const TrialProgress& trial : progress.trials) {
    if (trial.state != "RUNNING" && trial.state != "STOPPING") continue;
    if (lines > static_cast<int>(kMostBars)) {
      ++hidden;
      continue;
    }
    text += TrialLine(trial, width_) + "\n";
    ++lines;
  }
  if (hidden > 0) {
    text += "       and " + std::to_string(hidden) + " more\n";
    ++lines;
  }
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
  lines_drawn_ = lines;
}

void ProgressDisplay::PrintChanges(const ExperimentProgress& progress) {
  if (progress.reason != printed_reason_ && !progress.reason.empty()) {
    std::fprintf(stderr, "%s\n", Headline(progress).c_str());
  }
  printed_reason_ = progress.reason;
  for (const TrialProgress& trial : progress.trials) {
    const auto epochs = static_cast<std::int64_t>(std::floor(trial.epoch));
    const auto known = printed_.find(trial.trial_no);
    const bool fresh = known == printed_.end();
    const bool changed = fresh || known->second.first != trial.state ||
                         (trial.state == "RUNNING" && known->second.second != epochs);
    if (!changed) continue;
    printed_[trial.trial_no] = {trial.state, epochs};
    if (fresh && trial.state == "QUEUED") continue;
    std::string line = "trial " + std::to_string(progress.experiment_id) + "." +
                       std::to_string(trial.trial_no) + " " + trial.state;
    if (trial.state == "RUNNING") {
      line += " epoch " + std::to_string(epochs) + "/" +
              std::to_string(static_cast<std::int64_t>(trial.epochs));
    }
    const auto& value = IsEnded(trial.state) ? trial.best_metric : trial.metric;
    if (value) line += " " + progress.metric + "=" + Number(*value);
    if (!trial.summary.empty()) line += "  " + trial.summary;
    if (!trial.reason.empty()) line += "  (" + trial.reason + ")";
    std::fprintf(stderr, "%s\n", line.c_str());
  }
}

}  // namespace tutti::cli
