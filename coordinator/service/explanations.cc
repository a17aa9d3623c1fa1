#include "coordinator/service/explanations.h"

#include <utility>

namespace tutti {
namespace {

std::string OrElse(const std::string& text, std::string otherwise) {
  return text.empty() ? std::move(otherwise) : text;
}

// "3 completed, 1 failed"; what is 0 is left out.
std::string CountStates(const std::vector<engine::TrialView>& trials) {
  struct Kind {
    const char* state;
    const char* text;
  };
  constexpr Kind kKinds[] = {{"COMPLETED", "completed"},
                             {"STOPPED", "stopped by the searcher"},
                             {"CANCELLED", "cancelled"},
                             {"ERROR", "failed"}};
  std::string text;
  for (const Kind& kind : kKinds) {
    std::int64_t n = 0;
    for (const engine::TrialView& trial : trials) n += trial.row.state == kind.state ? 1 : 0;
    if (n == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(n) + " " + kind.text;
  }
  return text.empty() ? "it had no trial" : text;
}

}  // namespace

std::vector<std::string> WhyEnded(const engine::ExperimentView& view) {
  std::vector<std::string> lines;
  if (view.row.state == "COMPLETED") {
    lines.push_back("it completed: its search is over and its trials have ended");
  } else if (view.row.state == "CANCELLED") {
    lines.push_back(OrElse(view.row.message, "somebody cancelled it"));
  } else {
    lines.push_back(OrElse(view.row.message, "it failed: no trial ended well"));
  }
  lines.push_back("trials: " + CountStates(view.trials));
  return lines;
}

std::vector<std::string> WhyEnded(const engine::TrialView& view) {
  const std::string& state = view.row.state;
  std::vector<std::string> lines;
  if (state == "COMPLETED") {
    lines.push_back(OrElse(view.row.message, "it trained to its end"));
  } else if (state == "STOPPED") {
    lines.push_back(OrElse(view.row.message, "stopped by the searcher"));
  } else if (state == "CANCELLED") {
    lines.push_back(OrElse(view.row.message, "somebody cancelled it, or its experiment"));
  } else {
    lines.push_back(OrElse(view.row.message, "it failed"));
  }
  if (!view.row.infeasible.empty()) lines.push_back("infeasible: " + view.row.infeasible);
  return lines;
}

}  // namespace tutti
