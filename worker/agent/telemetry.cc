#include "worker/agent/telemetry.h"

namespace tutti::worker {

void Telemetry::Progress(AttemptId attempt, const Json& header) {
  ProgressReport& report = progress_[attempt];
  report.attempt = attempt;
  const auto number = [&](const char* key, double& value) {
    if (const auto field = header.GetDouble(key)) value = *field;
  };
  number("epoch", report.epoch);
  number("epochs", report.epochs);
  number("images_per_second", report.images_per_second);
  if (const auto step = header.GetInt("step")) report.step = *step;
  if (const auto section = header.GetString("section")) report.section = *section;
}

void Telemetry::Log(AttemptId attempt, const std::string& line) {
  if (log_bytes_ + line.size() > kMaxLogBytes) {
    ++lines_dropped_;
    return;
  }
  log_bytes_ += line.size() + 1;
  logs_[attempt] += line + "\n";
}

void Telemetry::Flush(Session& session, Time now) {
  if (empty() || now < due()) return;
  std::vector<ProgressReport> progress;
  for (const auto& [attempt, report] : progress_) progress.push_back(report);
  std::vector<LogReport> logs;
  for (const auto& [attempt, text] : logs_) logs.push_back({attempt, text});
  if (lines_dropped_ > 0 && !logs.empty()) {
    logs.back().text += "(" + std::to_string(lines_dropped_) + " lines left out)\n";
  }
  if (!session.SendTelemetry(progress, logs)) return;  // the next flush has newer progress
  last_flush_ = now;
  progress_.clear();
  logs_.clear();
  log_bytes_ = 0;
  lines_dropped_ = 0;
}

}  // namespace tutti::worker
