#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "experiments/core/json.h"
#include "worker/trainer/attempt.h"

namespace tutti::trainer {

// Progress at most four times a second and step metrics thinned to about 500 rows a trial, in
// batches: what may be lost.
class Telemetry {
 public:
  // total_steps: of the whole trial. reporter: rank 0 sends step rows; every rank sends progress.
  Telemetry(Link& link, std::int64_t attempt, bool reporter);

  void Plan(std::int64_t total_steps, std::int64_t epochs);
  // After a step; loss: mean over the global batch.
  void Step(std::int64_t step, double epoch, double loss, double lr, double images_per_second);
  // "setup", "train", "evaluate", "checkpoint": sent at once when it changes, repeated by Alive().
  void Section(const std::string& section);
  void Alive();
  // Sends the rows that are waiting.
  void Flush();
  // True if the row of this step will be kept, so that its loss is worth reading.
  bool Keeps(std::int64_t step) const { return step % every_ == 0; }

 private:
  void SendProgress();

  Link& link_;
  const std::int64_t attempt_;
  const bool reporter_;
  std::int64_t every_ = 1;
  std::int64_t epochs_ = 0;
  double epoch_ = 0;
  std::int64_t step_ = 0;
  double images_per_second_ = 0;
  std::string section_ = "setup";
  Json rows_ = Json::MakeArray();
  std::chrono::steady_clock::time_point sent_;
};

}  // namespace tutti::trainer
