#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "cli/coordinator_client.h"

// What a person sees of a running experiment: one bar per running trial, redrawn in place, on a
// terminal; plain lines when something happened elsewhere. Everything goes to stderr.

namespace tutti::cli {

class ProgressDisplay {
 public:
  // live: redraw in place with bars. width: columns of the terminal.
  ProgressDisplay(bool live, int width);
  // Clears the live lines.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void Update(const ExperimentProgress& progress);

  // One line of a live trial: "  3  ████████░░░░  4.2/10  0.9812  5210 img/s  lr=0.001".
  static std::string TrialLine(const TrialProgress& trial, int width);
  // "experiment 3 'quickstart': 5 of 8 trials done, 2 running".
  static std::string Headline(const ExperimentProgress& progress);

 private:
  void DrawLive(const ExperimentProgress& progress);
  void PrintChanges(const ExperimentProgress& progress);
  void Clear();

  const bool live_;
  const int width_;
  int lines_drawn_ = 0;
  // Plain mode: what was printed last per trial: state and whole epochs.
  std::map<std::int64_t, std::pair<std::string, std::int64_t>> printed_;
  std::string printed_reason_;
};

}  // namespace tutti::cli
