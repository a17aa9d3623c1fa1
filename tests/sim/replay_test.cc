// Goal: `tutti replay` derives every decision of an untouched journal again, and names the first
// difference in one that was edited by hand, is damaged, incomplete or of another version.
// Method: the journal of a simulated run, as rows for class Replay and as a database file for the
// verb; then one row of it is changed.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "coordinator/simulation/replay.h"
#include "coordinator/simulation/simulation.h"
#include "storage/database.h"
#include "storage/run_store.h"
#include "tests/sim/scenario_file.h"

namespace tutti::simulation {
namespace {

// Two searches that stop trials early, side by side on two nodes.
const std::vector<JournalRow>& Journal() {
  static const std::vector<JournalRow> rows = [] {
    const auto file =
        LoadScenarioFile(std::string(TUTTI_SOURCE_DIR) + "/tests/sim/scenarios/two_searches.yaml");
    EXPECT_TRUE(file.ok()) << file.error().ToString();
    const auto result = Simulate(file->scenario, {.seed = 1, .keep_journal = true});
    EXPECT_TRUE(result.violations.empty());
    std::vector<JournalRow> list;
    for (const JournalLine& line : result.journal) {
      Json commands = Json::MakeArray();
      for (const engine::Command& command : line.commands) {
        commands.Append(engine::ToJson(command));
      }
      list.push_back({static_cast<std::int64_t>(list.size()) + 1, engine::kEngineVersion,
                      engine::ToJson(line.event).Dump(), commands.Dump()});
    }
    return list;
  }();
  return rows;
}

std::optional<Difference> Feed(const std::vector<JournalRow>& rows, Replay& replay) {
  for (const JournalRow& row : rows) {
    if (auto difference = replay.Next(row)) return difference;
  }
  return std::nullopt;
}
std::optional<Difference> Feed(const std::vector<JournalRow>& rows, std::int64_t experiment = 0) {
  Replay replay{ExperimentId(experiment)};
  return Feed(rows, replay);
}

// The first row after `from` whose text has `what`; its index.
std::size_t Find(const std::vector<JournalRow>& rows, const std::string& what,
                 std::size_t from = 0) {
  for (std::size_t i = from; i < rows.size(); ++i) {
    if (rows[i].event.find(what) != std::string::npos ||
        rows[i].commands.find(what) != std::string::npos) {
      return i;
    }
  }
  ADD_FAILURE() << "no row has " << what;
  return 0;
}
void Replace(std::string& text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  ASSERT_NE(at, std::string::npos) << what << " in " << text;
  text.replace(at, what.size(), with);
}

TEST(Replay, DerivesAnUntouchedJournalAgain) {
  Replay replay{ExperimentId()};
  const auto difference = Feed(Journal(), replay);
  EXPECT_FALSE(difference) << difference->text;
  EXPECT_EQ(replay.events(), static_cast<std::int64_t>(Journal().size()));
  EXPECT_GT(replay.decisions(), replay.events());
}

TEST(Replay, NamesACommandThatWasEdited) {
  auto rows = Journal();
  const std::size_t edited = Find(rows, "\"state\":\"STOPPED\"");
  Replace(rows[edited].commands, "\"state\":\"STOPPED\"", "\"state\":\"COMPLETED\"");
  const auto difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->seq, rows[edited].seq);
  EXPECT_NE(difference->text.find("state: recorded \"COMPLETED\", derived \"STOPPED\""),
            std::string::npos)
      << difference->text;
}

TEST(Replay, NamesTheFirstDecisionThatAnEditedEventChanges) {
  auto rows = Journal();
  const std::size_t edited = Find(rows, "\"validation_loss\":");
  const auto at = rows[edited].event.find("\"validation_loss\":");
  rows[edited].event.insert(at + std::string("\"validation_loss\":").size(), "9");
  const auto difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->seq, rows[edited].seq);
  EXPECT_NE(difference->text.find("best_value: recorded"), std::string::npos) << difference->text;
}

TEST(Replay, NamesACommandThatWasAddedOrTakenAway) {
  auto rows = Journal();
  const std::size_t edited = Find(rows, "\"command\":\"experiment_ended\"");
  auto commands = Json::Parse(rows[edited].commands).value();
  commands.AsArray().pop_back();
  rows[edited].commands = commands.Dump();
  auto difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->seq, rows[edited].seq);
  EXPECT_NE(difference->text.find("not recorded"), std::string::npos) << difference->text;

  rows = Journal();
  commands = Json::Parse(rows[edited].commands).value();
  commands.Append(commands[0]);
  rows[edited].commands = commands.Dump();
  difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_NE(difference->text.find("not derived"), std::string::npos) << difference->text;
}

TEST(Replay, FindsRowsThatAreMissingDamagedOrOfAnotherVersion) {
  auto rows = Journal();
  rows.erase(rows.begin() + 10);
  auto difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->seq, 12);
  EXPECT_NE(difference->text.find("expected entry 11"), std::string::npos) << difference->text;

  rows = Journal();
  rows[10].event.pop_back();
  difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_NE(difference->text.find("entry 11: the event is damaged"), std::string::npos)
      << difference->text;

  rows = Journal();
  rows[10].commands = "{}";
  difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_NE(difference->text.find("commands are damaged"), std::string::npos) << difference->text;

  rows = Journal();
  rows[10].engine_version = engine::kEngineVersion + 1;
  difference = Feed(rows);
  ASSERT_TRUE(difference);
  EXPECT_NE(difference->text.find("engine version"), std::string::npos) << difference->text;
}

TEST(Replay, OfOneExperimentLeavesOutTheOthers) {
  auto rows = Journal();
  const std::size_t edited = Find(rows, "\"subject\":\"trial 2.1\"");
  Replace(rows[edited].commands, "\"subject\":\"trial 2.1\"", "\"subject\":\"trial 2.9\"");
  EXPECT_FALSE(Feed(rows, 1));
  const auto difference = Feed(rows, 2);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->seq, rows[edited].seq);

  Replay one{ExperimentId(1)}, all{ExperimentId()};
  EXPECT_FALSE(Feed(Journal(), one));
  EXPECT_FALSE(Feed(Journal(), all));
  EXPECT_GT(one.decisions(), 0);
  EXPECT_LT(one.decisions(), all.decisions());
}

TEST(Replay, BeginsAfterASnapshot) {
  const auto& rows = Journal();
  const std::size_t middle = rows.size() / 2;
  Replay before{ExperimentId()};
  ASSERT_FALSE(Feed({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(middle)}, before));
  Replay replay{ExperimentId()};
  const JournalSnapshot snapshot{static_cast<std::int64_t>(middle), engine::kEngineVersion,
                                 before.engine().Snapshot().Dump()};
  ASSERT_TRUE(replay.StartFrom(snapshot).ok());
  EXPECT_FALSE(Feed({rows.begin() + static_cast<std::ptrdiff_t>(middle), rows.end()}, replay));
  EXPECT_EQ(replay.events(), static_cast<std::int64_t>(rows.size() - middle));

  Replay other{ExperimentId()};
  EXPECT_FALSE(other.StartFrom({1, engine::kEngineVersion - 1, snapshot.state}).ok());
  EXPECT_FALSE(other.StartFrom({1, engine::kEngineVersion, "{"}).ok());
}

// A database file with the rows as its journal.
class ReplayVerb : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "tutti-replay-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::vector<JournalRow>& rows) {
    auto store = storage::RunStore::Open({Path(), true});
    ASSERT_TRUE(store.ok()) << store.error().ToString();
    ASSERT_TRUE((*store)->Close().ok());
    auto db = storage::Database::Open(Path(), storage::Database::Mode::kReadWrite);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE((*db)->Execute("BEGIN").ok());
    for (const JournalRow& row : rows) {
      ASSERT_TRUE((*db)->Run("INSERT INTO journal (seq, at_ms, incarnation, engine_version, event, "
                             "commands) VALUES (?, 0, 1, ?, ?, ?)",
                             row.seq, row.engine_version, row.event, row.commands)
                      .ok());
    }
    ASSERT_TRUE((*db)->Execute("COMMIT").ok());
    ASSERT_TRUE((*db)->Close().ok());
  }
  int Verb(const std::string& experiment, std::string* output) {
    cli::Globals globals;
    globals.state = folder_;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = cli::RunReplay(globals, experiment);
    *output = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    return code;
  }
  std::string Path() const { return folder_ + "/tutti.db"; }
  std::string folder_;
};

TEST_F(ReplayVerb, SaysZeroDifferencesOfAnUntouchedJournal) {
  Write(Journal());
  std::string output;
  EXPECT_EQ(Verb("all", &output), cli::kExitOk) << output;
  EXPECT_NE(output.find(std::to_string(Journal().size()) + " events"), std::string::npos) << output;
  EXPECT_NE(output.find("0 differences"), std::string::npos) << output;
}

TEST_F(ReplayVerb, NamesTheFirstDifferenceAndExitsWithTheCodeOfAFailedCheck) {
  auto rows = Journal();
  const std::size_t edited = Find(rows, "\"state\":\"STOPPED\"");
  Replace(rows[edited].commands, "\"state\":\"STOPPED\"", "\"state\":\"COMPLETED\"");
  Write(rows);
  std::string output;
  EXPECT_EQ(Verb("all", &output), cli::kExitGate);
  EXPECT_NE(output.find("entry " + std::to_string(rows[edited].seq)), std::string::npos) << output;
  EXPECT_NE(output.find("recorded \"COMPLETED\", derived \"STOPPED\""), std::string::npos)
      << output;
}

TEST_F(ReplayVerb, SaysWhatItCannotReplay) {
  std::string output;
  EXPECT_EQ(Verb("all", &output), cli::kExitNotFound) << output;
  auto rows = Journal();
  for (JournalRow& row : rows) row.engine_version = engine::kEngineVersion - 1;
  Write(rows);
  EXPECT_EQ(Verb("all", &output), cli::kExitWrongState) << output;
  EXPECT_NE(output.find("another engine version"), std::string::npos) << output;
  EXPECT_EQ(Verb("5", &output), cli::kExitNotFound) << output;
  EXPECT_EQ(Verb("x", &output), cli::kExitUsage) << output;
}

}  // namespace
}  // namespace tutti::simulation
