#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "experiments/metrics/evaluation.h"
#include "storage/read_store.h"
#include "storage/run_store.h"

// A database in a directory of its own with one experiment (1, named "sample", metric
// validation_loss), its trial 1 ("1.1") and attempts made on demand; and records of every type.

namespace tutti::storage {

// A directory that is removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

Record Started(std::int64_t from_step, std::int64_t from_epoch);
// Train loss and validation loss of an epoch of 10 steps.
Record Epoch(std::int64_t epoch, double train_loss, double validation_loss);
Record Steps(const std::vector<std::pair<std::int64_t, double>>& step_and_loss);
Record CheckpointAt(std::int64_t epoch, const std::string& name);
Record Exit(const std::string& outcome);
// An evaluation of split `test` computed from these logits (n x classes), with its payload.
Record Evaluation(const std::string& checkpoint, std::int64_t epoch,
                  const std::vector<float>& logits, const std::vector<std::int32_t>& labels,
                  std::int64_t classes);
// Logits (n x classes) and labels from a fixed seed; classes are told apart with some mistakes.
struct Predictions {
  std::vector<float> logits;
  std::vector<std::int32_t> labels;
};
Predictions SamplePredictions(std::size_t n, std::size_t classes, std::uint64_t seed);

class SampleStore {
 public:
  SampleStore();
  std::string database() const { return directory_ / "tutti.db"; }
  const TemporaryDirectory& directory() const { return directory_; }
  RunStore& store() { return *store_; }
  // As after a kill: the old store is not closed in order.
  void Reopen();

  // Makes the experiment, its trial and attempt 1 with fence 1.
  void AddTrial();
  // Another attempt of trial 1; its fence is its number.
  void AddAttempt(std::int64_t attempt, const std::string& state = "RUNNING");
  Status WriteCommand(const engine::Command& command);
  // Report `seq` of an attempt whose fence is its number.
  Status Report(std::int64_t attempt, std::int64_t seq, const Record& record,
                std::int64_t checkpoint = 0);

  // Rows of a query as JSON text, "[[1,\"a\"]]"; the error's text if there is one.
  std::string Rows(const std::string& sql) const;

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<RunStore> store_;
};

}  // namespace tutti::storage
