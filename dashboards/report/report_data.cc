#include "dashboards/report/report_data.h"

namespace tutti::report {

const TrialData* BestTrial(const ReportData& data) {
  for (const TrialData& trial : data.trials) {
    if (trial.best_value) return &trial;
  }
  return data.trials.empty() ? nullptr : &data.trials.front();
}

const EvaluatedSplit* ShownEvaluation(const ReportData& data) {
  const EvaluatedSplit* shown = nullptr;
  int best = 0;
  for (const EvaluatedSplit& evaluation : data.evaluations) {
    if (evaluation.metrics.per_class.empty()) continue;  // unlabelled: nothing was measured
    const int wanted = evaluation.split == "test" ? 3 : evaluation.split == "validation" ? 2 : 1;
    if (evaluation.dataset.empty() && wanted > best) {
      shown = &evaluation;
      best = wanted;
    }
  }
  return shown;
}

}  // namespace tutti::report
