#include "tests/storage/sample_store.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

namespace tutti::storage {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

engine::PersistTrial Trial() {
  engine::PersistTrial trial;
  trial.trial = TrialId(1);
  trial.experiment = ExperimentId(1);
  trial.trial_no = 1;
  trial.configuration_no = 1;
  trial.replicate_no = 1;
  trial.state = "RUNNING";
  trial.seed = 18446744073709551615u;
  trial.hparams = Json::MakeObject({{"training.optimizer.lr", 0.125}});
  trial.started_at_ms = kStart;
  return trial;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tutti-storage-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Record Started(std::int64_t from_step, std::int64_t from_epoch) {
  Record record;
  record.header = Json::MakeObject(
      {{"type", "started"},
       {"attempt", 1},
       {"resumed_from_step", from_step},
       {"resumed_from_epoch", from_epoch},
       {"parameters", 12345},
       {"flops", 67890},
       {"device", "cpu"},
       {"precision", "fp32"},
       {"first_step_ms", 41.5},
       {"items", Json::MakeObject({{"train", 100}, {"validation", 10}, {"test", 20}})},
       {"class_names", Json::MakeArray({"zero", "one", "two"})}});
  return record;
}

Record Epoch(std::int64_t epoch, double train_loss, double validation_loss) {
  Record record;
  record.header = Json::MakeObject(
      {{"type", "epoch"},
       {"attempt", 1},
       {"epoch", epoch},
       {"step", epoch * 10},
       {"metrics",
        Json::MakeObject({{"train", Json::MakeObject({{"loss", train_loss}})},
                          {"validation", Json::MakeObject({{"loss", validation_loss}})}})},
       {"lr", 0.125},
       {"seconds", 1.5},
       {"images_per_second", 1000.0},
       {"step_ms", 2.5},
       {"allreduce_share", 0.0}});
  return record;
}

Record Steps(const std::vector<std::pair<std::int64_t, double>>& step_and_loss) {
  Record record;
  Json rows = Json::MakeArray();
  for (const auto& [step, loss] : step_and_loss) rows.Append(Json::MakeArray({step, loss, 0.125}));
  record.header = Json::MakeObject({{"type", "steps"},
                                    {"attempt", 1},
                                    {"columns", Json::MakeArray({"step", "loss", "lr"})},
                                    {"rows", std::move(rows)}});
  return record;
}

Record CheckpointAt(std::int64_t epoch, const std::string& name) {
  Record record;
  record.header = Json::MakeObject({{"type", "checkpoint"},
                                    {"attempt", 1},
                                    {"epoch", epoch},
                                    {"step", epoch * 10},
                                    {"name", name},
                                    {"bytes", 4096},
                                    {"sha256", std::string(64, 'a')},
                                    {"metric", 0.5},
                                    {"best", true},
                                    {"final", false}});
  return record;
}

Record Exit(const std::string& outcome) {
  Record record;
  record.header = Json::MakeObject({{"type", "exit"},
                                    {"attempt", 1},
                                    {"outcome", outcome},
                                    {"class", "OOM"},
                                    {"message", "why"},
                                    {"exit_code", 1},
                                    {"signal", nullptr}});
  return record;
}

Record Evaluation(const std::string& checkpoint, std::int64_t epoch,
                  const std::vector<float>& logits, const std::vector<std::int32_t>& labels,
                  std::int64_t classes) {
  const auto metrics = Evaluate(logits, labels, classes, true);
  EXPECT_TRUE(metrics) << metrics.error().ToString();
  std::vector<std::int32_t> integers(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) integers[i] = static_cast<std::int32_t>(i) + 100;
  integers.insert(integers.end(), labels.begin(), labels.end());
  Record record;
  record.header = Json::MakeObject({{"type", "evaluation"},
                                    {"attempt", 1},
                                    {"epoch", epoch},
                                    {"step", epoch * 10},
                                    {"split", "test"},
                                    {"checkpoint", checkpoint},
                                    {"n", static_cast<std::int64_t>(labels.size())},
                                    {"classes", classes},
                                    {"metrics", ToJson(*metrics)}});
  record.payload.resize(integers.size() * 4 + logits.size() * 4);
  std::memcpy(record.payload.data(), integers.data(), integers.size() * 4);
  std::memcpy(record.payload.data() + integers.size() * 4, logits.data(), logits.size() * 4);
  return record;
}

Predictions SamplePredictions(std::size_t n, std::size_t classes, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::normal_distribution<float> noise(0.0f, 1.5f);
  Predictions p;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t label = rng() % classes;
    p.labels.push_back(static_cast<std::int32_t>(label));
    for (std::size_t k = 0; k < classes; ++k) {
      p.logits.push_back(noise(rng) + (k == label ? 2.0f : 0.0f));
    }
  }
  return p;
}

SampleStore::SampleStore() { Reopen(); }

void SampleStore::Reopen() {
  store_.reset();
  OpenOptions options;
  options.path = database();
  auto store = RunStore::Open(options);
  ASSERT_TRUE(store) << store.error().ToString();
  store_ = std::move(store).value();
}

void SampleStore::AddTrial() {
  engine::PersistExperiment experiment;
  experiment.experiment = ExperimentId(1);
  experiment.name = "sample";
  experiment.state = "ACTIVE";
  experiment.metric = "validation_loss";
  experiment.created_at_ms = kStart;
  ASSERT_TRUE(WriteCommand(experiment));
  ASSERT_TRUE(WriteCommand(Trial()));
  AddAttempt(1);
}

void SampleStore::AddAttempt(std::int64_t attempt, const std::string& state) {
  engine::PersistAttempt row;
  row.attempt = AttemptId(attempt);
  row.trial = TrialId(1);
  row.allocation = AllocationId(1);
  row.fence = attempt;
  row.state = state;
  row.started_at_ms = kStart;
  row.slots = 2;
  const Status written = WriteCommand(row);
  ASSERT_TRUE(written) << written.error().ToString();
}

Status SampleStore::WriteCommand(const engine::Command& command) {
  JournalEntry entry;
  entry.at_ms = kStart;
  entry.event = Json::MakeObject({{"type", "sample"}});
  entry.commands.push_back(command);
  return store_->Write({entry});
}

Status SampleStore::Report(std::int64_t attempt, std::int64_t seq, const Record& record,
                           std::int64_t checkpoint) {
  StoredReport report;
  report.attempt = AttemptId(attempt);
  report.fence = attempt;
  report.seq = seq;
  report.at_ms = kStart + seq * 1000;
  report.record = record;
  report.checkpoint = CheckpointId(checkpoint);
  return store_->Write({report});
}

std::string SampleStore::Rows(const std::string& sql) const {
  const auto reader = ReadStore::Open(database());
  if (!reader) return reader.error().ToString();
  const auto table = (*reader)->Query(sql);
  if (!table) return table.error().ToString();
  Json rows = Json::MakeArray();
  for (const Row& row : table->rows) rows.Append(Json(row));
  return rows.Dump();
}

}  // namespace tutti::storage
