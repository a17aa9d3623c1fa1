#include "worker/trainer/telemetry.h"

#include <algorithm>
#include <utility>

namespace tutti::trainer {
namespace {

constexpr std::int64_t kRowsPerTrial = 500;
constexpr std::size_t kRowsPerRecord = 100;
constexpr auto kProgressPeriod = std::chrono::milliseconds(250);

}  // namespace

Telemetry::Telemetry(Link& link, std::int64_t attempt, bool reporter)
    : link_(link), attempt_(attempt), reporter_(reporter) {}

void Telemetry::Plan(std::int64_t total_steps, std::int64_t epochs) {
  every_ = std::max<std::int64_t>(1, (total_steps + kRowsPerTrial - 1) / kRowsPerTrial);
  epochs_ = epochs;
}

void Telemetry::SendProgress() {
  sent_ = std::chrono::steady_clock::now();
  link_.Send({Json::MakeObject({{"type", "progress"},
                                {"attempt", attempt_},
                                {"epoch", epoch_},
                                {"epochs", epochs_},
                                {"step", step_},
                                {"images_per_second", images_per_second_},
                                {"section", section_}}),
              {}});
}

void Telemetry::Alive() {
  if (std::chrono::steady_clock::now() - sent_ >= kProgressPeriod) SendProgress();
}

void Telemetry::Section(const std::string& section) {
  if (section == section_) return;
  section_ = section;
  SendProgress();
}

void Telemetry::Step(std::int64_t step, double epoch, double loss, double lr,
                     double images_per_second) {
  step_ = step;
  epoch_ = epoch;
  images_per_second_ = images_per_second;
  if (reporter_ && Keeps(step)) {
    rows_.Append(Json::MakeArray({step, loss, lr}));
    if (rows_.size() >= kRowsPerRecord) Flush();
  }
  Alive();
}

void Telemetry::Flush() {
  if (rows_.size() == 0) return;
  link_.Send({Json::MakeObject({{"type", "steps"},
                                {"attempt", attempt_},
                                {"columns", Json::MakeArray({"step", "loss", "lr"})},
                                {"rows", std::move(rows_)}}),
              {}});
  rows_ = Json::MakeArray();
}

}  // namespace tutti::trainer
