// Goal: users of Determined type what they are used to.
// Method: a table of command lines and what they mean here.

#include "cli/det_words.h"

#include <gtest/gtest.h>

#include <sstream>

namespace tutti::cli {
namespace {

std::vector<std::string> Split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

struct Line {
  const char* det;
  const char* ours;
};
class DetWordsTest : public testing::TestWithParam<Line> {};

TEST_P(DetWordsTest, MeanOurs) {
  EXPECT_EQ(Join(FromDetWords(Split(GetParam().det))), GetParam().ours);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, DetWordsTest,
    testing::Values(
        Line{"e ls", "ls"}, Line{"e list --all", "ls --all"}, Line{"experiment", "ls"},
        Line{"experiment pause 3", "pause 3"}, Line{"e activate 3", "resume 3"},
        Line{"e create a.yaml --set x=1", "submit a.yaml --set x=1"}, Line{"e lt 3", "ls 3"},
        Line{"e set gc-policy 3 --save-trial-best 2", "set retention 3 --save-trial-best 2"},
        Line{"e set priority 3 9", "set priority 3 9"}, Line{"t logs 3.2 -f", "logs 3.2 -f"},
        Line{"trial kill 3.2", "kill 3.2"}, Line{"job ls", "queue"}, Line{"j", "queue"},
        Line{"job list -o json", "queue -o json"},
        Line{"job update 3 --priority 9", "set priority 3 9"},
        Line{"j u 3 -w 2.5 -o json", "set weight 3 2.5 -o json"}, Line{"a", "workers"},
        Line{"agent list", "workers"}, Line{"agent disable w1", "workers drain w1 --now"},
        Line{"agent disable --drain w1", "workers drain w1"},
        Line{"agent enable w1", "workers undrain w1"}, Line{"slot list", "workers"},
        Line{"--state /s -o json e ls", "--state /s -o json ls"},
        Line{"--state=/s t describe 3.2", "--state=/s describe 3.2"}, Line{"e --help", "--help"},
        // Not a noun of det, or only a word that looks like one.
        Line{"ls e", "ls e"}, Line{"logs 3.2", "logs 3.2"}, Line{"--state e", "--state e"},
        Line{"slot disable 1", "disable 1"}, Line{"", ""}));

}  // namespace
}  // namespace tutti::cli
