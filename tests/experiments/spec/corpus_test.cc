// Goal: every kind of wrong experiment file gets exactly the diagnostics it should, at the right
// place, and right files get exactly the canonical JSON they should.
// Method: a table of files. corpus/bad/*.yaml end with comment lines "# expect: LINE:COL severity:
// message", which must be all diagnostics of the file and no more; corpus/good/NAME.yaml have
// NAME.json beside them. TUTTI_REWRITE_GOLDEN=1 writes what is found instead of comparing: read
// the diff before you commit it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "experiments/spec/spec.h"

namespace tutti::spec {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(TUTTI_SOURCE_DIR) / "tests/experiments/spec/corpus";
constexpr std::string_view kExpect = "# expect: ";

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteAll(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

bool Rewriting() { return std::getenv("TUTTI_REWRITE_GOLDEN") != nullptr; }

std::vector<fs::path> YamlFiles(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Line(const Diagnostic& diagnostic) {
  return std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column) + " " +
         std::string(kSeverityNames.Name(diagnostic.severity)) + ": " + diagnostic.message;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> Expected(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while ((at = text.find(kExpect, at)) != std::string::npos) {
    at += kExpect.size();
    lines.push_back(text.substr(at, text.find('\n', at) - at));
  }
  return lines;
}

TEST(Corpus, BadFilesGetExactlyTheirDiagnostics) {
  const std::vector<fs::path> files = YamlFiles(kCorpus / "bad");
  EXPECT_GE(files.size(), 60u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    std::string text = ReadAll(file);
    ParseOptions options;
    options.file_name = file.filename();
    options.base_dir = "/base";
    const ParseOutcome outcome = ParseExperiments(text, options);
    EXPECT_FALSE(outcome.ok);
    EXPECT_TRUE(outcome.experiments.empty());
    std::vector<std::string> found;
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
      found.push_back(Line(diagnostic));
      EXPECT_EQ(diagnostic.source, file.filename());
    }
    if (Rewriting()) {
      text.resize(std::min(text.size(), text.find(kExpect)));
      for (const std::string& line : found) text += std::string(kExpect) + line + "\n";
      WriteAll(file, text);
      continue;
    }
    EXPECT_EQ(Joined(found), Joined(Expected(text)));
  }
}

TEST(Corpus, GoodFilesGetExactlyTheirCanonicalForm) {
  const std::vector<fs::path> files = YamlFiles(kCorpus / "good");
  EXPECT_GE(files.size(), 5u);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const std::string text = ReadAll(file);
    ParseOptions options;
    options.file_name = file.filename();
    options.base_dir = "/base/sub";
    const ParseOutcome outcome = ParseExperiments(text, options);
    std::vector<std::string> found;
    for (const Diagnostic& diagnostic : outcome.diagnostics) found.push_back(Line(diagnostic));
    EXPECT_EQ(Joined(found), Joined(Expected(text)));
    ASSERT_TRUE(outcome.ok);
    std::string golden;
    for (const ParsedExperiment& parsed : outcome.experiments) {
      golden += parsed.canonical.Dump(2) + "\n";
      EXPECT_EQ(parsed.config.canonical, parsed.canonical);
      const auto again = ValidateCanonical(parsed.canonical);
      ASSERT_TRUE(again.ok()) << again.error().ToString();
      EXPECT_EQ(again->Dump(), parsed.canonical.Dump());
    }
    const fs::path json = fs::path(file).replace_extension(".json");
    if (Rewriting()) WriteAll(json, golden);
    EXPECT_EQ(golden, ReadAll(json));
  }
}

// State directories hold documents of older versions; the engine reads them from its journal.
TEST(Corpus, DocumentsOfOlderVersionsAreReadAndAccepted) {
  std::size_t documents = 0;
  for (const auto& entry : fs::directory_iterator(kCorpus / "older")) {
    SCOPED_TRACE(entry.path().filename());
    const auto document = Json::Parse(ReadAll(entry.path()));
    ASSERT_TRUE(document.ok()) << document.error().ToString();
    const auto config = ReadExperimentConfig(*document);
    ASSERT_TRUE(config.ok()) << config.error().ToString();
    EXPECT_EQ(config->searcher.time_metric, "epochs");
    EXPECT_EQ(config->searcher.max_time, config->training.epochs);
    EXPECT_GT(config->training.epochs, 0);
    EXPECT_EQ(config->training.max_batches, 0);
    EXPECT_GE(config->min_validation_period, 1);
    EXPECT_EQ(config->resources.max_per_slot, 1);
    EXPECT_TRUE(config->entrypoint.empty() && config->searcher.stop.empty());
    const auto again = ValidateCanonical(*document);
    EXPECT_TRUE(again.ok()) << again.error().ToString();
    ++documents;
  }
  EXPECT_EQ(documents, 2u);
}

TEST(Corpus, ShippedExperimentsAreValidWithoutWarnings) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TUTTI_SOURCE_DIR) / "experiments")) {
    const fs::path& path = entry.path();
    if (path.extension() != ".yaml") continue;
    ++files;
    const std::string name = path.stem();
    SCOPED_TRACE(name);
    ParseOptions options;
    options.file_name = name;
    options.base_dir = "/base";
    const ParseOutcome outcome = ParseExperiments(ReadAll(path), options);
    EXPECT_TRUE(outcome.ok);
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
      ADD_FAILURE() << FormatDiagnostic(diagnostic);
    }
    EXPECT_EQ(outcome.experiments.size(), name == "quickstart" ? 2u : 1u);
  }
  EXPECT_GE(files, 13u);
}

}  // namespace
}  // namespace tutti::spec
