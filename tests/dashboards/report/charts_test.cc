// Goal: charts are well-formed drawings whatever they are given: NaN, nothing, one point, a
// thousand series, very long and hostile names; axes carry round numbers. Method: calls the pure
// functions and reads their text back, with an XML reader of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dashboards/report/bar_chart.h"
#include "dashboards/report/dot_plot.h"
#include "dashboards/report/heat_map.h"
#include "dashboards/report/line_chart.h"
#include "dashboards/report/picture_grid.h"
#include "dashboards/report/scale.h"
#include "dashboards/report/style.h"
#include "tests/dashboards/report/well_formed.h"

namespace tutti::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string kHostile = "<script>alert(\"x\")</script> & 'y' \x01 \xff";

std::size_t Occurrences(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

LineChartSpec Lines(std::vector<Point> points) {
  LineChartSpec spec;
  spec.aria_label = "a chart";
  spec.x.range = spec.y.range = kFromData;
  Series series;
  series.name = "series";
  series.source = "epochs 1.1 train loss";
  series.points = std::move(points);
  spec.series.push_back(series);
  return spec;
}

TEST(WellFormed, TheReaderOfThisTestFindsMistakes) {
  EXPECT_EQ(WhatIsNotWellFormed("<a b=\"c\"><d/>t&amp;</a>"), "");
  for (const char* bad : {"<a>", "<a></b>", "<a b=c></a>", "<a b=\"1\" b=\"2\"/>", "<a>&</a>",
                          "<a/><b/>", "x<a/>", "<a b=\"<\"/>", "<a>\x01</a>"}) {
    EXPECT_NE(WhatIsNotWellFormed(bad), "") << bad;
  }
}

struct TicksCase {
  double lo, hi;
  std::vector<std::string> labels;
};

TEST(Scale, TicksAreRoundNumbersWithTheDecimalsTheyNeed) {
  for (const TicksCase& c : std::vector<TicksCase>{
           {0, 1, {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
           {0, 10, {"0", "2", "4", "6", "8", "10"}},
           {-1, 1, {"-1.0", "-0.5", "0.0", "0.5", "1.0"}},
           {0.97, 0.995, {"0.970", "0.975", "0.980", "0.985", "0.990", "0.995"}},
           {0, 5e6, {"0", "1e+06", "2e+06", "3e+06", "4e+06", "5e+06"}}}) {
    EXPECT_EQ(TickLabels(NiceTicks(c.lo, c.hi, 5)), c.labels) << c.lo << " to " << c.hi;
  }
}

TEST(Scale, TicksOfEveryRangeEnd) {
  EXPECT_THAT(NiceTicks(3, 3, 5), ElementsAre(3));
  EXPECT_THAT(NiceTicks(kNan, 1, 5), ElementsAre(0));
  EXPECT_THAT(NiceTicks(0, kInfinity, 5), ElementsAre(0));
  EXPECT_THAT(NiceTicks(5, 1, 5), ElementsAre(5));
  EXPECT_LT(NiceTicks(1e300, 1e300 * (1 + 1e-15), 5).size(), 10u);  // steps of single bits
  EXPECT_THAT(LogTicks(1e-3, 1), ElementsAre(1e-3, testing::DoubleEq(1e-2), testing::DoubleEq(0.1),
                                             testing::DoubleEq(1)));
  EXPECT_FALSE(LogTicks(3, 4).empty());
}

TEST(Scale, MapsARangeAndTheMiddleOfAnEmptyOne) {
  const Scale scale{0, 10, 100, 200, false};
  EXPECT_DOUBLE_EQ(scale(5), 150);
  EXPECT_DOUBLE_EQ((Scale{4, 4, 100, 200, false}(4)), 150);
  EXPECT_DOUBLE_EQ((Scale{1, 100, 0, 10, true}(10)), 5);
}

TEST(LineChart, DrawsThePointsWhereTheyAre) {
  LineChartSpec spec = Lines({{0, 0, "", ""}, {1, 1, "", ""}});
  spec.x.range = spec.y.range = {0, 1};
  const std::string svg = LineChart(spec);
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  // From the lower left to the upper right corner of the plot area.
  EXPECT_THAT(svg, HasSubstr("230L418 10"));
  EXPECT_THAT(svg, HasSubstr("role=\"img\" aria-label=\"a chart\""));
  EXPECT_THAT(svg, HasSubstr("data-q=\"epochs 1.1 train loss\""));
}

TEST(LineChart, AGapSplitsTheLineAndStepsHoldTheirHeight) {
  LineChartSpec spec = Lines({{0, 0, "", ""}, {1, kNan, "", ""}, {2, 1, "", ""}, {3, 1, "", ""}});
  EXPECT_EQ(Occurrences(LineChart(spec), "M"), 2u);
  spec.series[0].join = Join::kStep;
  const std::string svg = LineChart(spec);
  EXPECT_THAT(svg, HasSubstr("V"));
  EXPECT_THAT(svg, HasSubstr("H"));
}

TEST(LineChart, SurvivesWhateverItIsGiven) {
  const std::vector<std::vector<Point>> cases{
      {},
      {{1, 1, "", ""}},
      {{kNan, kNan, "", ""}},
      {{kInfinity, 1, "", ""}, {1, -kInfinity, "", ""}},
      {{1, 1e308, "", ""}, {2, -1e308, "", ""}},
      {{5, 5, "", ""}, {5, 5, "", ""}}};
  for (const auto& points : cases) {
    for (const bool logarithmic : {false, true}) {
      LineChartSpec spec = Lines(points);
      spec.x.logarithmic = logarithmic;
      const std::string svg = LineChart(spec);
      EXPECT_EQ(WhatIsNotWellFormed(svg), "");
      EXPECT_THAT(svg, Not(HasSubstr("nan")));
      EXPECT_THAT(svg, Not(HasSubstr("inf")));
    }
  }
}

TEST(LineChart, ALonePointIsADot) {
  EXPECT_THAT(LineChart(Lines({{1, 1, "", ""}})), HasSubstr("<circle"));
}

TEST(LineChart, AThousandSeriesWithHostileNamesAreWellFormed) {
  LineChartSpec spec = Lines({});
  spec.aria_label = kHostile;
  spec.x.label = spec.y.label = kHostile;
  for (int i = 0; i < 1000; ++i) {
    Series series;
    series.name = kHostile + std::string(500, 'x') + std::to_string(i);
    series.color = i;
    series.source = kHostile;
    series.points = {{0, static_cast<double>(i), kHostile, kHostile}, {1, 2, "", ""}};
    spec.series.push_back(series);
  }
  const std::string svg = LineChart(spec);
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
}

TEST(BarChart, OneBarPerValueAndNoneForNothing) {
  BarChartSpec spec;
  spec.aria_label = kHostile;
  spec.categories = {"a", kHostile, "c"};
  spec.series.push_back({kHostile, 0, {{1, "", "", false}, {0, "", "", false},
                                        {kNan, "", "", false}}});
  spec.series.push_back({"b", 1, {{2, kHostile, "s", true}}});
  for (const bool stacked : {false, true}) {
    spec.stacked = stacked;
    const std::string svg = BarChart(spec);
    EXPECT_EQ(WhatIsNotWellFormed(svg), "");
    EXPECT_EQ(Occurrences(svg, "<rect"), 2u);
  }
  EXPECT_EQ(WhatIsNotWellFormed(BarChart(BarChartSpec{})), "");
}

TEST(HeatMap, CellsHaveCountsAndTooltips) {
  HeatMapSpec spec;
  spec.labels = {"cat", kHostile};
  spec.counts = {9, 1, 0, 0};  // the second class has no items
  spec.source = "evaluation 7 confusion";
  const std::string svg = HeatMap(spec);
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  EXPECT_THAT(svg, HasSubstr("data-q=\"evaluation 7 confusion 0 1\""));
  EXPECT_THAT(svg, HasSubstr("predicted cat: 9 (90.00 %)"));
  spec.normalized = true;
  EXPECT_THAT(HeatMap(spec), HasSubstr(">90.0</text>"));
}

TEST(HeatMap, EverySizeIsWellFormed) {
  for (const std::size_t n : {0u, 1u, 10u, 36u, 62u}) {
    HeatMapSpec spec;
    spec.labels.assign(n, "label of a class");
    spec.counts.assign(n * n, 3);
    EXPECT_EQ(WhatIsNotWellFormed(HeatMap(spec)), "") << n;
    ShareMatrixSpec shares;
    shares.labels.assign(n, "1.1@e3");
    shares.shares.assign(n * n, n == 10 ? kNan : 0.25);
    EXPECT_EQ(WhatIsNotWellFormed(ShareMatrix(shares)), "") << n;
  }
}

TEST(DotPlot, ShowsTrialsMeanAndSpread) {
  DotPlotSpec spec;
  spec.rows.push_back({kHostile, {0.8, 0.9, kNan}, {"t"}, {"trial 1.1 best_value"}, 0.85, 0.05,
                       "configuration 1 best_value", true});
  spec.rows.push_back({"nothing", {}, {}, {}, std::nullopt, std::nullopt, "", false});
  const std::string svg = DotPlot(spec);
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  EXPECT_EQ(Occurrences(svg, "<circle"), 2u);
  EXPECT_THAT(svg, HasSubstr("mean 0.8500 ± 0.0500"));
  EXPECT_EQ(WhatIsNotWellFormed(DotPlot(DotPlotSpec{})), "");
}

TEST(PictureGrid, PicturesAndPlacesForMissingOnes) {
  PictureGridSpec spec;
  GridCell shown;
  shown.picture = Picture{28, 28, "PNG"};
  shown.caption = "7";
  shown.number = "99.1 %";
  shown.title = kHostile;
  spec.cells.push_back(shown);
  GridCell missing;
  missing.caption = kHostile;
  missing.wrong = true;
  spec.cells.push_back(missing);
  const std::string svg = PictureGrid(spec);
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  EXPECT_THAT(svg, HasSubstr("data:image/png;base64,UE5H"));
  EXPECT_EQ(WhatIsNotWellFormed(PictureGrid(PictureGridSpec{})), "");
  EXPECT_EQ(WhatIsNotWellFormed(PictureSheet("a", {})), "");
}

TEST(Base64, OfTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"}};
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(Base64(bytes), text);
}

TEST(StandaloneSvg, CarriesItsOwnColours) {
  const std::string svg = StandaloneSvg(LineChart(Lines({{0, 0, "", ""}, {1, 1, "", ""}})));
  EXPECT_EQ(WhatIsNotWellFormed(svg), "");
  EXPECT_THAT(svg, HasSubstr("stroke:#0072b2"));
  EXPECT_THAT(svg, Not(HasSubstr("var(")));
  EXPECT_THAT(svg, Not(HasSubstr("$")));
  EXPECT_THAT(PageStyle(), Not(HasSubstr("$")));
}

}  // namespace
}  // namespace tutti::report
