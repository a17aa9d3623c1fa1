#include <algorithm>

#include "dashboards/report/heat_map.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

std::string Source(const EnsembleData& e, const std::string& what) {
  return "ensemble " + std::to_string(e.ensemble_id) + " " + what;
}

// Ensemble against its members, in words.
Paragraph Summary(const EnsembleData& e) {
  Paragraph p;
  p.spans.push_back({"Ensemble " + std::to_string(e.ensemble_id) +
                         (e.name.empty() ? "" : " " + e.name),
                     "", true});
  std::int64_t taking_part = 0;
  for (const EnsembleMember& member : e.members) taking_part += member.left_out.empty() ? 1 : 0;
  p.spans.push_back(Plain(" (" + MetricLabel(e.combine) + ", " + Plural(taking_part, "member") +
                          ", " + e.state + ")"));
  for (const EnsembleCombination& c : e.combinations) {
    if (!c.chosen || c.split != e.split || !c.accuracy) continue;
    const std::string at = c.split + " " + c.combine + " ";
    p.spans.push_back(Plain(": accuracy "));
    p.spans.push_back(Number(FormatMetric(c.accuracy), Source(e, at + "accuracy")));
    p.spans.push_back(Plain(" on " + c.split));
    if (c.best_member_accuracy) {
      p.spans.push_back(Plain("; its best member alone "));
      p.spans.push_back(Number(FormatMetric(c.best_member_accuracy),
                               Source(e, at + "best_member_accuracy")));
    }
    if (c.mean_member_accuracy) {
      p.spans.push_back(Plain(", the members' mean "));
      p.spans.push_back(Number(FormatMetric(c.mean_member_accuracy),
                               Source(e, at + "mean_member_accuracy")));
    }
  }
  p.spans.push_back(Plain("."));
  if (!e.message.empty()) p.spans.push_back(Plain(" " + e.message));
  return p;
}

Table Combinations(const EnsembleData& e) {
  Table table;
  table.caption = "Combiners of ensemble " + std::to_string(e.ensemble_id);
  table.columns = {{"split", false, ""}, {"combine", false, ""}, {"n", true, "items"},
                   {"accuracy", true, ""}, {"best member", true, "its accuracy"},
                   {"mean of members", true, "accuracy"}, {"loss", true, ""},
                   {"macro F1", true, ""}, {"macro AUC", true, ""}, {"ECE", true, ""},
                   {"disagreement", true, "mean share of items on which two members differ"},
                   {"double fault", true, "mean share of items that two members both get wrong"}};
  for (const EnsembleCombination& c : e.combinations) {
    const auto number = [&](const std::optional<double>& value, const char* name) {
      return NumberCell(value, Source(e, c.split + " " + c.combine + " " + name));
    };
    if (c.chosen && c.split == e.split) table.highlighted = table.rows.size();
    table.rows.push_back({{c.split, "", std::nullopt},
                          {MetricLabel(c.combine) + (c.chosen ? " (chosen)" : ""), "",
                           std::nullopt},
                          CountCell(c.n, Source(e, c.split + " " + c.combine + " n")),
                          number(c.accuracy, "accuracy"),
                          number(c.best_member_accuracy, "best_member_accuracy"),
                          number(c.mean_member_accuracy, "mean_member_accuracy"),
                          number(c.loss, "loss"), number(c.macro_f1, "macro_f1"),
                          number(c.macro_auc, "macro_auc"), number(c.ece, "ece"),
                          number(c.disagreement, "disagreement"),
                          number(c.double_fault, "double_fault")});
  }
  return table;
}

Table Members(const EnsembleData& e) {
  Table table;
  table.caption = "Members of ensemble " + std::to_string(e.ensemble_id) +
                  (e.split.empty() ? "" : " on " + e.split);
  table.columns = {{"member", false, ""}, {"weight", true, ""},
                   {"accuracy alone", true, "of this member"},
                   {"without it", true, "accuracy of the ensemble without this member"},
                   {"loss alone", true, ""}, {"loss without it", true, ""}};
  const bool all = std::all_of(e.members.begin(), e.members.end(),
                               [](const EnsembleMember& m) { return m.left_out.empty(); });
  if (!all) table.columns.push_back({"left out", false, "why it takes no part"});
  for (const EnsembleMember& m : e.members) {
    const auto number = [&](const std::optional<double>& value, const char* name) {
      return NumberCell(value, Source(e, "member " + std::to_string(m.position) + " " + name));
    };
    table.rows.push_back({{m.checkpoint, "", std::nullopt}, number(m.weight, "weight"),
                          number(m.accuracy_alone, "accuracy_alone"),
                          number(m.accuracy_without, "accuracy_without"),
                          number(m.loss_alone, "loss_alone"),
                          number(m.loss_without, "loss_without")});
    if (!all) table.rows.back().push_back({m.left_out, "", std::nullopt});
  }
  return table;
}

}  // namespace

std::optional<Section> EnsemblesSection(const ReportData& data) {
  if (data.ensembles.empty()) return std::nullopt;
  Section section{"ensembles", "Ensembles", {}};
  for (const EnsembleData& e : data.ensembles) {
    section.blocks.emplace_back(Summary(e));
    if (!e.combinations.empty()) section.blocks.emplace_back(Combinations(e));
    if (!e.members.empty()) section.blocks.emplace_back(Members(e));
    const std::size_t n = e.pair_labels.size();
    if (n < 2 || e.pair_disagreement.size() != n * n) continue;
    ShareMatrixSpec spec;
    spec.aria_label = "disagreement of the members of ensemble " + std::to_string(e.ensemble_id);
    spec.labels = e.pair_labels;
    spec.shares = e.pair_disagreement;
    spec.source = Source(e, "pair");
    section.blocks.emplace_back(Chart{"ensemble-" + std::to_string(e.ensemble_id) + "-pairs",
                                      "Disagreement of pairs, % of the items", ShareMatrix(spec),
                                      "Members that err on different items help each other most.",
                                      false, 0});
  }
  return section;
}

}  // namespace tutti::report
