// Goal: patterns of weight names choose exactly what their reader expects. Method: a table.

#include "experiments/core/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace tutti {
namespace {

TEST(Glob, MatchesWholeNames) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } cases[] = {
      {"*", "", true},
      {"*", "features.0.weight", true},
      {"", "", true},
      {"", "a", false},
      {"features.*", "features.0.weight", true},
      {"features.*", "features", false},
      {"features.*", "my.features.0", false},
      {"*.bias", "features.3.body.0.bias", true},
      {"*.bias", "features.bias.weight", false},
      {"features.?.weight", "features.3.weight", true},
      {"features.?.weight", "features.13.weight", false},
      {"?", "", false},
      {"*a*b*c", "xxaxxbxxbxc", true},
      {"*a*b*c", "xxaxxcxxb", false},
      {"a**", "a", true},
      {"a*", "ba", false},
      {"[0]", "0", false},
      {"[0]", "[0]", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(GlobMatches(c.pattern, c.text), c.matches) << c.pattern << " on " << c.text;
  }
}

TEST(Glob, ManyStarsOnALongTextEndAtOnce) {
  EXPECT_FALSE(GlobMatches("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace tutti
