// Goal: a page shows what its data says, once, with a source for every number; what is not there is
// left out; nothing of a name becomes markup; and reading a page back finds every change of a
// number. Method: builds small reports by hand, writes them as HTML and Markdown, and reads them
// back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dashboards/report/html.h"
#include "dashboards/report/leaderboard.h"
#include "dashboards/report/markdown.h"
#include "dashboards/report/predictions.h"
#include "dashboards/report/sections.h"
#include "tests/dashboards/report/well_formed.h"

namespace tutti::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHostile = "<script>alert(1)</script>|`*";

TrialData Trial(std::int64_t no, std::int64_t configuration, double best, double test) {
  TrialData trial;
  trial.trial_id = 100 + no;
  trial.trial_no = no;
  trial.trial = "7." + std::to_string(no);
  trial.configuration_no = configuration;
  trial.state = "COMPLETED";
  trial.seed = "18446744073709551615";
  trial.hparams = Json::MakeObject(
      {{"model", Json::MakeObject({{"preset", kHostile}, {"width", configuration}})}});
  trial.best_value = best;
  trial.best_epoch = 2;
  trial.test_accuracy = test;
  trial.parameters = 225034;
  trial.wall_s = 3.25;
  trial.curves = {{"train", "loss", {{1, 0.9}, {2, 0.5}}},
                  {"validation", "loss", {{1, 0.8}, {2, 0.6}}},
                  {"validation", "accuracy", {{1, 0.7}, {2, best}}}};
  return trial;
}

// Four items of three classes; the last one is wrong.
EvaluatedSplit Evaluated() {
  EvaluatedSplit e;
  e.evaluation_id = 17;
  e.trial = "7.1";
  e.checkpoint = "7.1@e2";
  e.split = "test";
  e.labels = {"cat", kHostile, "fish"};
  e.predictions.logits = {4, 1, 0, 0, 3, 1, 1, 0, 5, 2, 0, 1};
  e.predictions.labels = {0, 1, 2, 2};
  e.predictions.items = {10, 11, 12, 13};
  e.metrics = *Evaluate(e.predictions.logits, e.predictions.labels, 3, true);
  return e;
}

ReportData Sample() {
  ReportData data;
  data.experiment_id = 7;
  data.name = kHostile;
  data.description = "why";
  data.state = "COMPLETED";
  data.created_at = "2026-11-21T06:35:37.338Z";
  data.metric = "validation_accuracy";
  data.smaller_is_better = false;
  data.trials = {Trial(1, 1, 0.9, 0.88), Trial(3, 2, 0.85, 0.84), Trial(2, 1, 0.8, 0.78)};
  data.evaluations.push_back(Evaluated());
  data.statistics.push_back({"train", 30, {"cat", "dog", kHostile}, {10, 10, 10},
                             std::vector<std::int64_t>(256, 4)});
  data.attempts.push_back({"7.1", 1, "COMPLETED", "cpu", "fp32", "", "", 1, 0, 3.0});
  data.checkpoints.push_back({"7.1@e2", "abc", "COMMITTED", 2, 20, 2048, true, true});
  data.raw_text = "name: x\n```\n";
  data.document = Json::MakeObject({{"name", kHostile}});
  data.provenance = Json::MakeObject({{"name", "file"}});
  data.pictures.unavailable = "no worker has the data";
  data.tutti_version = "0.1.0";
  EnsembleData e;
  e.ensemble_id = 4;
  e.combine = "mean_probability";
  e.state = "COMPLETED";
  e.split = "test";
  e.members = {{0, "7.1@e2", 0.5, "", 0.75, 0.5, 0.4, 0.6},
               {1, "7.2@e2", 0.5, "", 0.5, 0.75, 0.6, 0.4},
               {-1, "7.3", std::nullopt, "it failed", {}, {}, {}, {}}};
  EnsembleCombination c;
  c.split = "test";
  c.combine = "mean_probability";
  c.chosen = true;
  c.n = 4;
  c.accuracy = 0.9375;
  c.best_member_accuracy = 0.75;
  e.combinations = {c};
  e.pair_labels = {"7.1@e2", "7.2@e2"};
  e.pair_disagreement = {0, 0.25, 0.25, 0};
  data.ensembles.push_back(e);
  return data;
}

std::string Page(const ReportData& data) { return ToHtml(MakeDocument(data)); }

std::string BodyOf(const std::string& html) {
  const std::size_t begin = html.find("<body>");
  const std::size_t script = html.find("<script>", begin);
  return html.substr(begin, script - begin) + "</body>";
}

std::vector<std::string> ShownBy(const std::string& html, const std::string& source) {
  std::vector<std::string> shown;
  for (const SourcedElement& element : SourcedElements(html)) {
    if (element.source == source) shown.push_back(element.Shown());
  }
  return shown;
}

TEST(Page, IsWellFormedAndNeedsNothingElse) {
  const std::string html = Page(Sample());
  EXPECT_EQ(WhatIsNotWellFormed(BodyOf(html)), "");
  for (const char* outside : {"http:", "https:", "src=", "@import", "url("}) {
    std::string without_namespace = html;
    const std::string space = "xmlns=\"http://www.w3.org/2000/svg\"";
    for (auto at = without_namespace.find(space); at != std::string::npos;
         at = without_namespace.find(space)) {
      without_namespace.erase(at, space.size());
    }
    EXPECT_THAT(without_namespace, Not(HasSubstr(outside)));
  }
}

TEST(Page, NamesNeverBecomeMarkup) {
  const std::string html = Page(Sample());
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST(Page, ShowsNumbersWithTheirSources) {
  const std::string html = Page(Sample());
  using testing::ElementsAre;
  // Of configuration 1: 0.9 and 0.8; in the verdict and in the table.
  EXPECT_THAT(ShownBy(html, "configuration 1 best_value mean"), ElementsAre("0.8500", "0.8500"));
  EXPECT_THAT(ShownBy(html, "configuration 1 best_value sd"), ElementsAre("0.0707", "0.0707"));
  EXPECT_THAT(ShownBy(html, "evaluation 17 accuracy"), ElementsAre("0.7500"));
  EXPECT_THAT(ShownBy(html, "evaluation 17 class 2 recall"), ElementsAre("0.5000"));
  EXPECT_THAT(ShownBy(html, "ensemble 4 test mean_probability accuracy"),
              ElementsAre("0.9375", "0.9375"));
  EXPECT_THAT(ShownBy(html, "ensemble 4 member 0 accuracy_without"), ElementsAre("0.5000"));
  EXPECT_THAT(ShownBy(html, "trial 7.2 seed"), ElementsAre("18446744073709551615"));
  EXPECT_FALSE(ShownBy(html, "epochs 7.1 validation accuracy").empty());
  EXPECT_FALSE(ShownBy(html, "evaluation 17 roc -2").empty());
  EXPECT_FALSE(ShownBy(html, "evaluation 17 item 13 p_predicted").empty());
  EXPECT_FALSE(ShownBy(html, "statistics train class 1").empty());
}

TEST(Page, EveryCellOfANumericColumnHasASource) {
  for (const Section& section : MakeDocument(Sample()).sections) {
    for (const Block& block : section.blocks) {
      const auto* table = std::get_if<Table>(&block);
      if (table == nullptr) continue;
      for (const auto& row : table->rows) {
        ASSERT_EQ(row.size(), table->columns.size()) << table->caption;
        for (std::size_t c = 0; c < row.size(); ++c) {
          const bool counted = table->columns[c].numeric && table->columns[c].name != "#" &&
                               row[c].text != "–";
          EXPECT_EQ(counted && row[c].source.empty(), false)
              << table->caption << ", " << table->columns[c].name << ": " << row[c].text;
        }
      }
    }
  }
}

TEST(Page, KnowsWhichReportItIsAndWhetherItWasEdited) {
  std::string html = Page(Sample());
  auto identity = ReadIdentity(html);
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->experiment, 7);
  EXPECT_EQ(identity->trial, 0);
  EXPECT_TRUE(identity->unchanged);
  const std::size_t at = html.find("why");
  html.replace(at, 3, "Why");
  EXPECT_FALSE(ReadIdentity(html)->unchanged);
  EXPECT_FALSE(ReadIdentity("<html></html>").ok());
  EXPECT_FALSE(ReadIdentity("").ok());
}

TEST(Page, AnEditedNumberOrLineIsFound) {
  const std::string html = Page(Sample());
  const auto before = SourcedElements(html);
  ASSERT_GT(before.size(), 100u);
  const auto differing = [&](const std::string& edited) {
    const auto after = SourcedElements(edited);
    EXPECT_EQ(after.size(), before.size());
    std::size_t n = 0;
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
      n += before[i].markup != after[i].markup ? 1 : 0;
    }
    return n;
  };
  EXPECT_EQ(differing(html), 0u);
  std::string number = html;
  number.replace(number.find(">0.9375<") + 1, 6, "0.9999");
  EXPECT_EQ(differing(number), 1u);
  std::string line = html;
  const std::size_t path = line.find(" d=\"M");
  line[line.find('L', path) + 1] = '9';
  EXPECT_EQ(differing(line), 1u);
}

TEST(Page, ReadsBackWhatItCanOfADamagedPage) {
  const std::string html = Page(Sample());
  for (std::size_t cut = 0; cut < html.size(); cut += 997) {
    SourcedElements(html.substr(0, cut));
    (void)ReadIdentity(html.substr(0, cut)).ok();
  }
  EXPECT_TRUE(SourcedElements("<b data-q=\"x").empty());
  EXPECT_EQ(SourcedElements("<b data-q=\"x\">1,234.5 of 7</b>").at(0).Numbers(), 2u);
  EXPECT_EQ(SourcedElements("<path data-q=\"x\" d=\"M1 2L3 4L5 6\"/>").at(0).Numbers(), 3u);
}

TEST(Page, LeavesOutWhatIsNotThere) {
  ReportData data;
  data.experiment_id = 1;
  data.metric = "validation_loss";
  const std::string empty = Page(data);
  EXPECT_EQ(WhatIsNotWellFormed(BodyOf(empty)), "");
  EXPECT_THAT(empty, HasSubstr("No trial has reported validation loss yet."));
  EXPECT_THAT(empty, Not(HasSubstr("id=\"ensembles\"")));
  data = Sample();
  data.evaluations[0].metrics = EvaluationMetrics{};  // a test half without labels
  data.evaluations[0].metrics.n = 4;
  data.evaluations[0].predictions.labels = {-1, -1, -1, -1};
  const std::string unlabelled = Page(data);
  EXPECT_EQ(WhatIsNotWellFormed(BodyOf(unlabelled)), "");
  EXPECT_THAT(unlabelled, Not(HasSubstr("id=\"curves\"")));
}

TEST(Page, OneTrialAlone) {
  ReportData data = Sample();
  data.trial_no = 1;
  data.trials.resize(1);
  const std::string html = Page(data);
  EXPECT_THAT(html, HasSubstr("trial 7.1</h1>"));
  EXPECT_THAT(html, Not(HasSubstr("id=\"leaderboard\"")));
  EXPECT_THAT(ShownBy(html, "trial 7.1 best_value"), testing::ElementsAre("0.9000"));
}

TEST(Page, ThousandsOfTrialsStaySmall) {
  ReportData data = Sample();
  for (std::int64_t i = 4; i < 3000; ++i) data.trials.push_back(Trial(i, i / 3, 0.5, 0.4));
  const std::string html = Page(data);
  EXPECT_LT(html.size(), 3'000'000u);
  EXPECT_THAT(html, HasSubstr("The best 64 of 2999 trials."));
}

TEST(Markdown, HasTablesAndLinksToPictures) {
  const Document document = MakeDocument(Sample());
  const std::string text = ToMarkdown(document, "report_files");
  EXPECT_THAT(text, HasSubstr("![ROC](report_files/roc.png)"));
  EXPECT_THAT(text, HasSubstr("| class | precision |"));
  // In a listing, inside its fence, text is literal anyway.
  EXPECT_THAT(text.substr(0, text.find("```")), Not(HasSubstr("<script>alert")));
  EXPECT_THAT(text, HasSubstr("````\nname: x\n```\n````"));  // a fence longer than the text's
  std::vector<std::string> names;
  for (const ChartFile& file : ChartFiles(document)) {
    EXPECT_EQ(WhatIsNotWellFormed(file.svg), "") << file.name;
    names.push_back(file.name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(Leaderboard, RanksConfigurationsByTheMeanOfTheirTrials) {
  const ReportData data = Sample();
  const auto list = SummarizeConfigurations(data);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].number, 1);  // 0.85, and first of equals
  EXPECT_EQ(list[0].best.n, 2);
  EXPECT_DOUBLE_EQ(*list[0].best.mean, 0.85);
  EXPECT_NEAR(*list[0].best.deviation, 0.0707107, 1e-7);
  EXPECT_FALSE(list[1].best.deviation.has_value());
}

TEST(Predictions, AreTheSoftmaxOfTheLogits) {
  const auto all = Predict(Evaluated().predictions, 3);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[3].predicted_class, 0);
  EXPECT_FALSE(all[3].right());
  const double sum = std::exp(2.0) + 1 + std::exp(1.0);
  EXPECT_NEAR(all[3].p_predicted, std::exp(2.0) / sum, 1e-15);
  EXPECT_NEAR(all[3].p_true, std::exp(1.0) / sum, 1e-15);
  const auto mistakes = SurestMistakes(all, 5);
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_EQ(mistakes[0].item, 13);
  const ConfidenceBins bins = BinConfidence(all);
  std::int64_t right = 0, wrong = 0;
  for (std::size_t b = 0; b < kConfidenceBins; ++b) {
    right += bins.right[b];
    wrong += bins.wrong[b];
  }
  EXPECT_EQ(right, 3);
  EXPECT_EQ(wrong, 1);
}

TEST(Predictions, LogitsThatAreNotFiniteAreNeitherSureNorACrash) {
  PredictionData data;
  data.logits = {std::nanf(""), 1, -INFINITY, 0};
  data.labels = {0, 1};
  const auto all = Predict(data, 2);
  EXPECT_EQ(all[0].predicted_class, 1);
  EXPECT_TRUE(std::isnan(all[0].p_predicted));
  EXPECT_TRUE(SurestMistakes(all, 5).empty());
}

}  // namespace
}  // namespace tutti::report
