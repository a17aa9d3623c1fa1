#include "dashboards/report/leaderboard.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

Table Attempts(const ReportData& data) {
  Table table;
  table.caption = "Attempts";
  table.sortable = false;
  table.columns = {{"trial", false, ""}, {"attempt", true, ""}, {"state", false, ""},
                   {"started", false, "UTC"}, {"from epoch", true, "0: from scratch"},
                   {"slots", true, ""}, {"slot seconds", true, ""}, {"device", false, ""},
                   {"precision", false, ""}, {"message", false, ""}};
  for (const AttemptData& a : data.attempts) {
    const std::string source = "attempt " + a.trial + " " + std::to_string(a.attempt) + " ";
    Cell seconds{"–", "", std::nullopt};
    if (a.slot_seconds) seconds = {Fixed(*a.slot_seconds, 1), source + "slot_seconds",
                                   a.slot_seconds};
    Cell from{"–", "", std::nullopt};
    if (a.resumed_from_epoch) {
      from = CountCell(*a.resumed_from_epoch, source + "resumed_from_epoch");
    }
    table.rows.push_back({{a.trial, "", std::nullopt}, CountCell(a.attempt, source + "attempt"),
                          {a.state, "", std::nullopt}, {a.started_at, "", std::nullopt}, from,
                          CountCell(a.slots, source + "slots"), seconds,
                          {a.device, "", std::nullopt}, {a.precision, "", std::nullopt},
                          {a.message, "", std::nullopt}});
  }
  return table;
}

Table Checkpoints(const ReportData& data) {
  Table table;
  table.caption = "Checkpoints";
  table.sortable = false;
  table.columns = {{"checkpoint", false, ""}, {"step", true, ""}, {"size", true, ""},
                   {"state", false, ""}, {"SHA-256 of its manifest", false, ""}};
  for (const CheckpointData& c : data.checkpoints) {
    const std::string source = "checkpoint " + c.checkpoint + " ";
    std::string name = c.checkpoint;
    if (c.best) name += " best";
    if (c.last) name += " last";
    table.rows.push_back({{name, "", std::nullopt}, CountCell(c.step, source + "step"),
                          {FormatBytes(c.bytes), source + "bytes", static_cast<double>(c.bytes)},
                          {c.state, "", std::nullopt},
                          {c.sha256, source + "sha256", std::nullopt}});
  }
  return table;
}

std::string Compact(const Json* value) {
  if (value == nullptr || value->is_null()) return "–";
  if (value->is_string()) return value->AsString().empty() ? "\"\"" : value->AsString();
  return value->Dump();
}

// Every value with where it came from; what was not written down is a default.
Table Configuration(const ReportData& data) {
  Table table;
  table.caption = "Every setting, and where it came from";
  table.folded = true;
  table.columns = {{"field", false, ""}, {"value", false, ""}, {"from", false, ""}};
  for (const auto& [path, from] : data.provenance.AsObject()) {
    table.rows.push_back({{path, "", std::nullopt},
                          {Shorten(Compact(data.document.FindPath(path)), 120), "", std::nullopt},
                          {from.is_string() ? from.AsString() : from.Dump(), "", std::nullopt}});
  }
  return table;
}

// The checkpoint a trial's weights came from, if it did not start from scratch.
std::string WarmStart(const ReportData& data) {
  const Json* start = data.document.FindPath("training.warm_start");
  if (start == nullptr || !start->is_object()) return "";
  std::string text = "Warm start from " + Compact(start->Find("checkpoint"));
  if (const Json* name = start->Find("name"); name != nullptr) text += " (" + Compact(name) + ")";
  if (const Json* sha = start->Find("sha256"); sha != nullptr) {
    text += ", SHA-256 " + Compact(sha);
  }
  if (const Json* weights = start->Find("weights"); weights != nullptr) {
    text += ", weights " + Compact(weights);
  }
  return text + ".";
}

Paragraph Versions(const ReportData& data) {
  std::string text = "Database written by tutti " +
                     (data.written_by.empty() ? std::string("(unknown)") : data.written_by) + ".";
  if (const Json* seed = data.document.FindPath("reproducibility.experiment_seed")) {
    text += " Experiment seed " + Compact(seed);
    if (const Json* split = data.document.FindPath("data.split_seed")) {
      text += ", split seed " + Compact(split);
    }
    text += ".";
  }
  if (const TrialData* best = BestTrial(data); best != nullptr) {
    text += " Seed of trial " + best->trial + ": " + best->seed + ".";
  }
  Paragraph p;
  p.spans.push_back(Plain(text));
  return p;
}

}  // namespace

std::optional<Section> LineageSection(const ReportData& data) {
  Section section{"lineage", "Configuration and lineage", {}};
  section.blocks.emplace_back(Versions(data));
  if (const std::string text = WarmStart(data); !text.empty()) {
    Paragraph p;
    p.spans.push_back(Plain(text));
    section.blocks.emplace_back(std::move(p));
  }
  if (!data.attempts.empty()) section.blocks.emplace_back(Attempts(data));
  if (!data.checkpoints.empty()) section.blocks.emplace_back(Checkpoints(data));
  if (const TrialData* best = BestTrial(data); best != nullptr && best->hparams.is_object() &&
                                               best->hparams.size() > 0) {
    section.blocks.emplace_back(
        Listing{"Values of trial " + best->trial, best->hparams.Dump(2)});
  }
  if (!data.raw_text.empty()) {
    section.blocks.emplace_back(Listing{"As submitted (YAML)", data.raw_text});
  }
  if (data.provenance.is_object() && data.provenance.size() > 0) {
    section.blocks.emplace_back(Configuration(data));
  }
  return section;
}

}  // namespace tutti::report
