#include <algorithm>
#include <cmath>

#include "dashboards/report/dot_plot.h"
#include "dashboards/report/leaderboard.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr std::size_t kMaxDotRows = 24;
constexpr std::size_t kMaxTrialRows = 300;
constexpr std::size_t kOpenTrialRows = 40;  // more are folded away

std::string Source(const ConfigurationSummary& c, const std::string& what) {
  return "configuration " + std::to_string(c.number) + " " + what;
}

void AddMoments(Paragraph& p, const ConfigurationSummary& c, const Moments& m,
                const std::string& name) {
  p.spans.push_back(Number(FormatMetric(m.mean), Source(c, name + " mean")));
  if (!m.deviation) return;
  p.spans.push_back(Plain(" ± "));
  p.spans.push_back(Number(FormatMetric(m.deviation), Source(c, name + " sd")));
}

void AddSingle(const ReportData& data, const TrialData& trial, Paragraph& p) {
  p.spans.push_back(Plain("Trial " + trial.trial + " (" + ConfigurationLabel(trial.hparams) +
                          ") reached " + MetricLabel(data.metric) + " "));
  p.spans.push_back(Number(FormatMetric(trial.best_value), "trial " + trial.trial + " best_value"));
  if (trial.best_epoch) {
    p.spans.push_back(Plain(" at epoch "));
    p.spans.push_back(Number(std::to_string(*trial.best_epoch),
                             "trial " + trial.trial + " best_epoch"));
  }
  if (trial.test_accuracy) {
    p.spans.push_back(Plain("; test accuracy "));
    p.spans.push_back(Number(FormatMetric(trial.test_accuracy),
                             "trial " + trial.trial + " test_accuracy"));
  }
  p.spans.push_back(Plain("."));
}

void AddRunnerUp(const ConfigurationSummary& second, Paragraph& p) {
  p.spans.push_back(Plain(" Next: " + second.label + " with "));
  AddMoments(p, second, second.best, "best_value");
  p.spans.push_back(Plain(" (n = "));
  p.spans.push_back(Number(std::to_string(second.best.n), Source(second, "best_value n")));
  p.spans.push_back(Plain(")."));
}

Table ConfigurationTable(const ReportData& data, const std::vector<ConfigurationSummary>& list) {
  Table table;
  table.caption = "Configurations";
  table.columns = {{"#", true, "rank by the mean of " + data.metric},
                   {"configuration", false, ""},
                   {"n", true, "trials with a value (replicates, one seed each)"},
                   {MetricLabel(data.metric), true, "mean of each trial's best value"},
                   {"± sd", true, "sample standard deviation over the seeds"},
                   {"test accuracy", true,
                    "mean accuracy on test of each trial's best checkpoint; never used to rank"},
                   {"± sd", true, "sample standard deviation over the seeds"},
                   {"parameters", true, "trainable weights"},
                   {"seconds", true, "mean wall time of a trial"}};
  std::int64_t rank = 0;
  for (const ConfigurationSummary& c : list) {
    std::string name = c.label;
    if (c.failed > 0) name += " (" + std::to_string(c.failed) + " failed)";
    Cell place{c.best.mean ? std::to_string(++rank) : "–", "",
               c.best.mean ? std::optional<double>(static_cast<double>(rank)) : std::nullopt};
    Cell parameters{"–", "", std::nullopt};
    if (c.parameters) parameters = CountCell(*c.parameters, Source(c, "parameters"));
    Cell wall{"–", "", std::nullopt};
    if (c.wall_s.mean) wall = {Fixed(*c.wall_s.mean, 1), Source(c, "wall_s mean"), c.wall_s.mean};
    table.rows.push_back({place, {name, "", std::nullopt},
                          CountCell(c.best.n, Source(c, "best_value n")),
                          NumberCell(c.best.mean, Source(c, "best_value mean")),
                          NumberCell(c.best.deviation, Source(c, "best_value sd")),
                          NumberCell(c.test.mean, Source(c, "test_accuracy mean")),
                          NumberCell(c.test.deviation, Source(c, "test_accuracy sd")), parameters,
                          wall});
  }
  if (!list.empty() && list.front().best.mean && list.size() > 1) table.highlighted = 0;
  return table;
}

Table TrialTable(const ReportData& data) {
  Table table;
  table.caption = "Trials";
  table.columns = {{"trial", false, ""}, {"configuration", false, ""}, {"seed", false, ""},
                   {"state", false, ""}, {MetricLabel(data.metric), true, "best value"},
                   {"epoch", true, "of the best value"},
                   {"test accuracy", true, "of the best checkpoint"},
                   {"seconds", true, "wall time"}};
  for (const TrialData& trial : data.trials) {
    if (table.rows.size() == kMaxTrialRows) break;
    const std::string source = "trial " + trial.trial + " ";
    Cell epoch{"–", "", std::nullopt};
    if (trial.best_epoch) epoch = CountCell(*trial.best_epoch, source + "best_epoch");
    Cell wall{"–", "", std::nullopt};
    if (trial.wall_s) wall = {Fixed(*trial.wall_s, 1), source + "wall_s", trial.wall_s};
    std::string state = trial.state;
    if (!trial.message.empty()) state += ": " + Shorten(trial.message, 80);
    table.rows.push_back({{trial.trial, "", static_cast<double>(trial.trial_no)},
                          {ConfigurationLabel(trial.hparams), "", std::nullopt},
                          {trial.seed, source + "seed", std::nullopt},
                          {state, "", std::nullopt},
                          NumberCell(trial.best_value, source + "best_value"),
                          epoch,
                          NumberCell(trial.test_accuracy, source + "test_accuracy"),
                          wall});
  }
  if (data.trials.size() > 1 && data.trials.front().best_value) table.highlighted = 0;
  table.folded = table.rows.size() > kOpenTrialRows;
  return table;
}

Chart Dots(const ReportData& data, const std::vector<ConfigurationSummary>& list) {
  DotPlotSpec spec;
  spec.x_label = MetricLabel(data.metric) + " (dots: trials, line: mean, band: ± sd)";
  spec.aria_label = "best " + MetricLabel(data.metric) + " of every trial, by configuration";
  for (const ConfigurationSummary& c : list) {
    if (spec.rows.size() == kMaxDotRows || !c.best.mean) break;
    DotRow row;
    row.name = c.label;
    row.mean = c.best.mean;
    row.deviation = c.best.deviation;
    row.source = Source(c, "best_value");
    row.highlighted = spec.rows.empty();
    for (const TrialData* trial : c.trials) {
      if (!trial->best_value) continue;
      row.values.push_back(*trial->best_value);
      row.titles.push_back(trial->trial + ": " + FormatMetric(trial->best_value));
      row.sources.push_back("trial " + trial->trial + " best_value");
    }
    spec.rows.push_back(std::move(row));
  }
  Chart chart{"leaderboard", "Every trial, by configuration", "", "", true, 0};
  if (list.size() > spec.rows.size()) {
    chart.note = "The best " + std::to_string(spec.rows.size()) + " of " +
                 std::to_string(list.size()) + " configurations; the table has all.";
  }
  spec.width = 600;
  chart.svg = DotPlot(spec);
  return chart;
}

}  // namespace

Paragraph Verdict(const ReportData& data) {
  Paragraph p;
  const auto list = SummarizeConfigurations(data);
  if (list.empty() || !list.front().best.mean) {
    p.spans.push_back(Plain("No trial has reported " + MetricLabel(data.metric) + " yet."));
    if (!data.message.empty()) p.spans.push_back(Plain(" " + data.message));
    return p;
  }
  const ConfigurationSummary& best = list.front();
  if (data.trials.size() == 1) {
    AddSingle(data, data.trials.front(), p);
    return p;
  }
  p.spans.push_back(Plain("Best of " + Plural(static_cast<std::int64_t>(list.size()),
                                              "configuration") + ": "));
  p.spans.push_back({best.label, "", true});
  p.spans.push_back(Plain(" with " + MetricLabel(data.metric) + " "));
  AddMoments(p, best, best.best, "best_value");
  p.spans.push_back(Plain(" (n = "));
  p.spans.push_back(Number(std::to_string(best.best.n), Source(best, "best_value n")));
  p.spans.push_back(Plain(")"));
  if (best.test.mean) {
    p.spans.push_back(Plain("; test accuracy "));
    AddMoments(p, best, best.test, "test_accuracy");
  }
  p.spans.push_back(Plain("."));
  if (list.size() > 1 && list[1].best.mean) AddRunnerUp(list[1], p);
  return p;
}

std::optional<Section> LeaderboardSection(const ReportData& data) {
  if (data.trials.size() < 2) return std::nullopt;
  const auto list = SummarizeConfigurations(data);
  Section section{"leaderboard", "Leaderboard", {}};
  if (list.front().best.mean) section.blocks.emplace_back(Dots(data, list));
  section.blocks.emplace_back(ConfigurationTable(data, list));
  section.blocks.emplace_back(TrialTable(data));
  if (data.trials.size() > kMaxTrialRows) {
    section.blocks.emplace_back(Remark("The best " + std::to_string(kMaxTrialRows) + " of " +
                                       FormatCount(static_cast<std::int64_t>(data.trials.size())) +
                                       " trials."));
  }
  section.blocks.emplace_back(Remark(
      "Ranked by the mean over seeds of each trial's best " + MetricLabel(data.metric) +
      (data.smaller_is_better ? " (smaller is better)" : " (larger is better)") +
      "; ± is the sample standard deviation over seeds, not a test of significance."));
  return section;
}

}  // namespace tutti::report
