// Goal: numbers read as people write them, and text can do no harm. Method: tables of inputs and
// expected text.
#include "dashboards/report/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace tutti::report {
namespace {

TEST(Text, EscapesWhatXmlTakesSpeciallyAndReplacesWhatItForbids) {
  EXPECT_EQ(Escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(Escape("ä – 漢 😀"), "ä – 漢 😀");
  EXPECT_EQ(Escape("a\x01" "b"), "a\xEF\xBF\xBD" "b");
  EXPECT_EQ(Escape("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");      // overlong
  EXPECT_EQ(Escape("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(Escape("cut \xE6\xBC"), "cut \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, FormatsMetrics) {
  EXPECT_EQ(FormatMetric(0.98765), "0.9877");
  EXPECT_EQ(FormatMetric(12.3456), "12.35");
  EXPECT_EQ(FormatMetric(123.456), "123.5");
  EXPECT_EQ(FormatMetric(12345.6), "12346");
  EXPECT_EQ(FormatMetric(0.000924), "0.0009");
  EXPECT_EQ(FormatMetric(0.0000123), "1.23e-05");
  EXPECT_EQ(FormatMetric(0.0), "0.0000");
  EXPECT_EQ(FormatMetric(std::numeric_limits<double>::quiet_NaN()), "–");
  EXPECT_EQ(FormatMetric(std::nullopt), "–");
  EXPECT_EQ(Fixed(-0.001, 1), "0.0");
  EXPECT_EQ(Fixed(-0.26, 1), "-0.3");
}

TEST(Text, FormatsCountsAndSizes) {
  EXPECT_EQ(FormatCount(7), "7");
  EXPECT_EQ(FormatCount(225034), "225,034");
  EXPECT_EQ(FormatCount(-1000), "-1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
  EXPECT_EQ(FormatBytes(512), "512 B");
  EXPECT_EQ(FormatBytes(2742443), "2.6 MiB");
}

TEST(Text, ShortensInTheMiddleByCharacters) {
  EXPECT_EQ(Shorten("short", 10), "short");
  EXPECT_EQ(TextLength(Shorten(std::string(100, 'x'), 20)), 20u);
  EXPECT_EQ(Shorten("ääääääääää", 4), "ää…ä");
}

}  // namespace
}  // namespace tutti::report
