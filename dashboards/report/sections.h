#pragma once

#include <optional>
#include <string>

#include "dashboards/report/document.h"
#include "dashboards/report/report_data.h"

// The sections of a report, in the order of the page. A section without anything to show is left
// out (nullopt). Each lives in the file of its name (…_section.cc).

namespace tutti::report {

// One sentence: which configuration is best, by how much, from how many seeds.
Paragraph Verdict(const ReportData& data);

std::optional<Section> LeaderboardSection(const ReportData& data);
std::optional<Section> TrainingSection(const ReportData& data);
std::optional<Section> ClassesSection(const ReportData& data);
std::optional<Section> CurvesSection(const ReportData& data);
std::optional<Section> ConfidenceSection(const ReportData& data);
std::optional<Section> PicturesSection(const ReportData& data);
std::optional<Section> DataSection(const ReportData& data);
std::optional<Section> EnsemblesSection(const ReportData& data);
std::optional<Section> LineageSection(const ReportData& data);

// The whole report.
Document MakeDocument(const ReportData& data);

// Parts that several sections are made of.
Span Plain(std::string text);
Span Number(std::string text, std::string source);
Cell NumberCell(const std::optional<double>& value, std::string source);
Cell CountCell(std::int64_t value, std::string source);
Paragraph Remark(std::string text);
// "2 seeds", "1 seed".
std::string Plural(std::int64_t n, const std::string& noun);
// "accuracy" for "validation_accuracy" shown to people: "validation accuracy".
std::string MetricLabel(const std::string& metric);

}  // namespace tutti::report
