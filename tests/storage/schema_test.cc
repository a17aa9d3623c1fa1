// Goal: the schema is what its version says, for ever: a released migration that changes is found
// here. A file that is not ours, or of a newer program, is refused and left alone.
// Method: the schema of a new database as text against golden/schema_3.sql
// (TUTTI_REWRITE_GOLDEN=1 writes it); files made by hand.

#include "storage/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

const char* const kGolden = TUTTI_SOURCE_DIR "/tests/storage/golden/schema_3.sql";

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Schema, IsTheOneOfItsVersion) {
  SampleStore sample;
  const auto reader = ReadStore::Open(sample.database());
  ASSERT_TRUE(reader);
  const auto table = (*reader)->Query(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name");
  ASSERT_TRUE(table) << table.error().ToString();
  std::string found = "-- schema version " + std::to_string(SchemaVersion()) + "\n";
  for (const Row& row : table->rows) found += row[0].AsString() + ";\n";
  if (std::getenv("TUTTI_REWRITE_GOLDEN") != nullptr) std::ofstream(kGolden) << found;
  EXPECT_EQ(found, ReadAll(kGolden));
}

TEST(Schema, MigrationsAreInOrderFromOne) {
  int version = 1;
  for (const Migration& migration : Migrations()) {
    EXPECT_TRUE(migration.version == version || migration.version == version + 1)
        << migration.name;
    version = migration.version;
    EXPECT_FALSE(migration.sql.empty()) << migration.name;
  }
}

TEST(Schema, TheFileSaysWhatItIs) {
  SampleStore sample;
  EXPECT_EQ(sample.Rows("PRAGMA application_id"),
            "[[" + std::to_string(kApplicationId) + "]]");
  EXPECT_EQ(sample.Rows("PRAGMA user_version"), "[[3]]");
}

// Every documented column (experiment file documentation, storage/README.md), under its name.
struct View {
  const char* name;
  const char* columns;
};
class DocumentedView : public ::testing::TestWithParam<View> {};
TEST_P(DocumentedView, HasItsColumns) {
  SampleStore sample;
  EXPECT_EQ(sample.Rows(std::string("SELECT ") + GetParam().columns + " FROM " + GetParam().name),
            "[]");
}
INSTANTIATE_TEST_SUITE_P(
    Views, DocumentedView,
    ::testing::Values(
        View{"v_experiments",
             "experiment_id, name, state, created_at, trials, best_value, archived, priority, "
             "weight, max_slots, save_experiment_best, save_trial_best, save_trial_latest, "
             "searcher, objectives, held_slot_s"},
        View{"v_trials",
             "trial_id, experiment_id, trial_no, trial, state, seed, hparams, parameters, "
             "attempts, configuration_no, replicate_no, started_at, ended_at, slot_seconds, "
             "parent, flops, time_done, run_until, infeasible"},
        View{"v_attempts", "attempt_id, trial_id, trial, attempt, state, slots, node, nodes"},
        View{"v_leaderboard",
             "experiment_id, experiment, trial_id, trial_no, configuration_no, replicate_no, "
             "seed, state, hparams, metric, best_value, best_epoch, last_value, "
             "validation_accuracy, test_accuracy, parameters, wall_s, flops, infeasible"},
        View{"v_epochs", "trial_id, attempt, epoch, split, name, value, nonfinite"},
        View{"v_evaluations",
             "evaluation_id, trial_id, checkpoint, split, n, accuracy, loss, macro_auc, macro_ap, "
             "macro_f1, ece, brier, dataset, labelled"},
        View{"v_per_class",
             "evaluation_id, class, label, precision, recall, f1, support, auc, ap"},
        View{"v_confusion", "evaluation_id, true_class, predicted_class, n"},
        View{"v_roc", "evaluation_id, class, i, fpr, tpr, threshold"},
        View{"v_pr", "evaluation_id, class, i, recall, precision, threshold"},
        View{"v_predictions",
             "evaluation_id, item, true_class, predicted_class, p_true, p_predicted"},
        View{"v_checkpoints",
             "trial_id, checkpoint, step, epoch, bytes, sha256, path, state"},
        View{"v_ensembles",
             "ensemble_id, experiment_id, combine, members, split, accuracy, "
             "best_member_accuracy, mean_member_accuracy, n, loss, macro_auc, macro_ap, macro_f1, "
             "ece, brier, disagreement, double_fault, name, state, configuration_no, min_members, "
             "left_out, message, created_at, ended_at"},
        View{"v_ensemble_members",
             "ensemble_id, position, trial_id, trial, checkpoint, weight, left_out, "
             "checkpoint_path"},
        View{"v_ensemble_evaluations",
             "ensemble_id, experiment_id, split, combine, chosen, n, accuracy, loss, macro_auc, "
             "macro_ap, macro_f1, ece, brier, micro_auc, micro_ap, macro_precision, macro_recall, "
             "best_member, best_member_accuracy, mean_member_accuracy, disagreement, "
             "double_fault, classes"},
        View{"v_ensemble_weights", "ensemble_id, combine, position, weight"},
        View{"v_ensemble_ablation",
             "ensemble_id, split, position, trial, checkpoint, accuracy_alone, accuracy_without, "
             "loss_alone, loss_without"},
        View{"v_ensemble_pairs",
             "ensemble_id, split, a, b, checkpoint_a, checkpoint_b, disagreement, double_fault"},
        View{"v_data_statistics", "trial_id, split, class, label, n, trial, dataset"},
        View{"v_intensity", "trial_id, split, value, n, trial"},
        View{"v_events", "seq, at, kind, subject, detail"},
        View{"v_decisions", "seq, at, experiment_id, trial, subject, text"},
        View{"v_queue",
             "experiment_id, name, state, pool, priority, weight, max_slots, slots_per_trial, "
             "slots_in_use, running, queued, held, created_at"},
        View{"v_workers", "node_id, name, pool, state, slots, draining, labels"}),
    [](const auto& test) { return std::string(test.param.name); });

Error RefusalOf(const std::string& path) {
  OpenOptions options;
  options.path = path;
  const std::string before = ReadAll(path);
  auto store = RunStore::Open(options);
  EXPECT_FALSE(store) << path << " was opened";
  EXPECT_EQ(ReadAll(path), before) << "a refused file was changed";
  const auto reader = ReadStore::Open(path);
  EXPECT_FALSE(reader);
  EXPECT_EQ(reader.error().code(), ErrorCode::kFailedPrecondition);
  return store.error();
}

TEST(Schema, ANewerVersionIsRefusedWithBothNumbers) {
  SampleStore sample;
  ASSERT_TRUE(sample.store().Close());
  {
    auto db = Database::Open(sample.database(), Database::Mode::kReadWrite);
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->Execute("UPDATE meta SET written_by = '9.9.9'; PRAGMA user_version = 77;"
                               "PRAGMA journal_mode = DELETE"));
  }
  const Error error = RefusalOf(sample.database());
  EXPECT_EQ(error.code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.ToString(), HasSubstr("77"));
  EXPECT_THAT(error.ToString(), HasSubstr("newer"));
  EXPECT_THAT(error.ToString(), HasSubstr("tutti 9.9.9"));
  EXPECT_THAT(error.ToString(), HasSubstr("up to 3"));
}

TEST(Schema, ADatabaseOfAnotherProgramIsRefusedByName) {
  TemporaryDirectory directory;
  const std::string path = directory / "mail.db";
  std::ofstream(path).close();
  {
    auto db = Database::Open(path, Database::Mode::kReadWrite);
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->Execute("CREATE TABLE mail (id INTEGER)"));
  }
  const Error error = RefusalOf(path);
  EXPECT_EQ(error.code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.ToString(), HasSubstr(path));
  EXPECT_THAT(error.ToString(), HasSubstr("not a Tutti database"));
}

TEST(Schema, AFileThatIsNoDatabaseIsRefusedByName) {
  TemporaryDirectory directory;
  const std::string path = directory / "notes.txt";
  std::ofstream(path) << std::string(5000, 'x');
  const Error error = RefusalOf(path);
  EXPECT_EQ(error.code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.ToString(), HasSubstr(path));
  EXPECT_THAT(error.ToString(), HasSubstr("not even an SQLite file"));
}

}  // namespace
}  // namespace tutti::storage
