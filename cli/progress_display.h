#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/coordinator_client.h"

// What a person sees of a running experiment: one bar per running trial, redrawn in place, on a
// terminal; plain lines when something happened elsewhere. Everything goes to stderr.

namespace tutti::cli {

class ProgressDisplay {
 public:
  // live: redraw in place with bars. width: asked before each drawing, as terminals are resized.
  ProgressDisplay(bool live, std::function<int()> width);
  // Clears the live lines.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void Update(const ExperimentProgress& progress);
  // Replaces the bars by what stays in the terminal: how it ended and which trials failed.
  void Finish(const ExperimentProgress& progress);

  // One line of a live trial: "  3  ████████░░░░  4.2/10  0.9812  5210 img/s  lr=0.001".
  // Time that is not counted in epochs comes with the name of what it is counted in.
  static std::string TrialLine(const TrialProgress& trial, const std::string& time_metric, int width);
  // "experiment 3 'quickstart': 5 of 8 trials done, 2 running".
  static std::string Headline(const ExperimentProgress& progress);
  // Rows that lines of these widths take on a terminal, which wraps what is longer than it.
  static int RowsOf(const std::vector<std::size_t>& widths, int terminal);

 private:
  void DrawLive(const ExperimentProgress& progress);
  void PrintChanges(const ExperimentProgress& progress);
  void Clear();

  const bool live_;
  const std::function<int()> width_;
  std::vector<std::size_t> drawn_;  // width of each line on the terminal
  // Plain mode: what was printed last per trial.
  struct Printed {
    std::string state;
    std::int64_t epoch = 0;  // the whole ones that are done
    std::optional<double> metric;
  };
  std::map<std::int64_t, Printed> printed_;
  std::string printed_reason_;
};

}  // namespace tutti::cli
