#include "dashboards/report/document.h"

#include "dashboards/report/leaderboard.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {

Span Plain(std::string text) { return {std::move(text), "", false}; }

Span Number(std::string text, std::string source) {
  return {std::move(text), std::move(source), true};
}

Cell NumberCell(const std::optional<double>& value, std::string source) {
  return {FormatMetric(value), value ? std::move(source) : "", value};
}

Cell CountCell(std::int64_t value, std::string source) {
  return {FormatCount(value), std::move(source), static_cast<double>(value)};
}

Paragraph Remark(std::string text) {
  Paragraph paragraph;
  paragraph.spans.push_back(Plain(std::move(text)));
  paragraph.muted = true;
  return paragraph;
}

std::string Plural(std::int64_t n, const std::string& noun) {
  return FormatCount(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string MetricLabel(const std::string& metric) {
  std::string label = metric;
  for (char& c : label) c = c == '_' ? ' ' : c;
  return label;
}

namespace {

std::string Title(const ReportData& data) {
  const std::string name =
      data.name.empty() ? "experiment " + std::to_string(data.experiment_id) : data.name;
  if (data.trial_no == 0) return name;
  return name + ", trial " + std::to_string(data.experiment_id) + "." +
         std::to_string(data.trial_no);
}

std::string Subtitle(const ReportData& data) {
  std::string text = "experiment " + std::to_string(data.experiment_id) + " · " + data.state;
  if (data.trial_no == 0) {
    text += " · " + Plural(static_cast<std::int64_t>(data.trials.size()), "trial");
  }
  if (data.created_at.size() >= 16) {
    text += " · submitted " + data.created_at.substr(0, 10) + " " +
            data.created_at.substr(11, 5) + " UTC";
  }
  if (!data.user.empty()) text += " by " + data.user;
  return text;
}

}  // namespace

Document MakeDocument(const ReportData& data) {
  Document document;
  document.title = Title(data);
  document.subtitle = Subtitle(data);
  if (!data.description.empty()) document.subtitle += "\n" + data.description;
  document.verdict = Verdict(data);
  document.verdict.lead = true;
  using Make = std::optional<Section> (*)(const ReportData&);
  for (const Make make : {LeaderboardSection, TrainingSection, EnsemblesSection, ClassesSection,
                          CurvesSection, ConfidenceSection, PicturesSection, DataSection,
                          LineageSection}) {
    if (auto section = make(data)) document.sections.push_back(std::move(*section));
  }
  document.identity = Json::MakeObject({{"experiment", data.experiment_id},
                                        {"trial", data.trial_no},
                                        {"tutti", data.tutti_version}});
  document.footer = "Made by tutti " + data.tutti_version +
                    ". Every number names its source in the page's data-q attributes; "
                    "`tutti report --check FILE` recomputes them from the database.";
  return document;
}

}  // namespace tutti::report
