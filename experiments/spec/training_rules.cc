#include <algorithm>
#include <string>

#include "experiments/spec/document.h"

namespace tutti::spec {
namespace {

// The length of a trial, or 0: it is missing (reported). In searcher.time_metric.
std::int64_t CheckLength(const Document& document) {
  const bool batches = document.Text("searcher.time_metric") == "batches";
  const std::string field = batches ? "training.max_batches" : "training.epochs";
  const Json* length = document.Get(field);
  if (length == nullptr) {
    document.Fail("searcher.time_metric",
                  "searcher.time_metric is batches, but searcher.max_time, the number of batches "
                  "that a trial trains, is missing");
    return 0;
  }
  const std::int64_t max_time = document.Int("searcher.max_time");
  if (max_time != 0 && max_time != length->AsInt()) {
    document.Fail(field, field + " is " + length->Dump() + ", but the searcher's length is " +
                             std::to_string(max_time) + "; give one of them, or the same value");
  }
  return length->AsInt();
}

// Periods count what the length of a trial counts.
void CheckPeriod(const Document& document, const std::string& name, std::int64_t usual_epochs,
                 std::int64_t length) {
  const bool batches = document.Text("searcher.time_metric") == "batches";
  const Json* in_batches = document.Get(name + ".batches");
  const Json* in_epochs = document.Get(name + ".epochs");
  if (in_batches != nullptr && !batches) {
    return document.Fail(name, name + " counts batches, but the length of a trial is in epochs; "
                                      "give epochs, or searcher.time_metric: batches");
  }
  if (batches && in_batches == nullptr && in_epochs->AsInt() != usual_epochs) {
    return document.Fail(name, name + " counts epochs, but the length of a trial is in batches; "
                                      "give batches");
  }
  const std::int64_t period = batches ? (in_batches == nullptr ? 0 : in_batches->AsInt())
                                      : in_epochs->AsInt();
  if (name == "min_validation_period" && length > 0 && period > length) {
    document.Fail(name, name + " is " + std::to_string(period) +
                            (batches ? " batches" : " epochs") + ", but training has " +
                            std::to_string(length));
  }
}

void CheckBatch(const Document& document) {
  const std::int64_t batch = document.Int("training.batch_size");
  const std::int64_t slots = document.Int("resources.slots_per_trial");
  if (batch < slots) {
    document.Fail("training.batch_size",
                  "training.batch_size is " + std::to_string(batch) +
                      ", less than resources.slots_per_trial (" + std::to_string(slots) +
                      "): every slot needs an item of each batch");
  }
  const Json* subset = document.Get("data.subset");
  if (subset != nullptr && subset->AsInt() < batch) {
    document.Warn("training.batch_size", "training.batch_size is " + std::to_string(batch) +
                                             ", more than data.subset (" + subset->Dump() +
                                             "): an epoch is a single step");
  }
}

void CheckMilestones(const Document& document) {
  const auto& milestones = document.Get("training.schedule.milestones")->AsArray();
  if (milestones.empty()) {
    document.Fail("training.schedule", "schedule multi_step needs milestones: the epochs after "
                                       "which the rate changes");
    return;
  }
  for (std::size_t i = 0; i < milestones.size(); ++i) {
    const std::string where = "training.schedule.milestones[" + std::to_string(i) + "]";
    if (i > 0 && milestones[i].AsInt() < milestones[i - 1].AsInt()) {
      document.Fail(where, "training.schedule.milestones must ascend, but " +
                               milestones[i].Dump() + " follows " + milestones[i - 1].Dump());
    }
    const Json* epochs = document.Get("training.epochs");
    if (epochs != nullptr && milestones[i].AsInt() >= epochs->AsInt()) {
      document.Warn(where, "training.schedule.milestones holds " + milestones[i].Dump() +
                               ", but training has only " + epochs->Dump() + " epochs");
    }
  }
}

void CheckSchedule(const Document& document) {
  const std::string& name = document.Text("training.schedule.name");
  const std::string at = "training.schedule";
  if (name == "step" && !document.Written(at + ".every") &&
      !document.Written(at + ".every.epochs")) {
    document.Fail(at, "schedule step needs every: the epochs between two changes of the rate");
  }
  if (name == "exponential" && !document.Written(at + ".gamma")) {
    document.Fail(at, "schedule exponential needs gamma: the factor of every epoch");
  }
  if (name == "multi_step") CheckMilestones(document);
  const double rate = document.Number("training.optimizer.lr");
  const double lowest = document.Number(at + ".min_lr");
  if ((name == "cosine" || name == "plateau") && lowest > rate) {
    document.Fail(at + ".min_lr", at + ".min_lr is " + FormatDouble(lowest) +
                                      ", above training.optimizer.lr (" + FormatDouble(rate) + ")");
  }
  const double warmup = document.Number(at + ".warmup.epochs");
  const Json* epochs = document.Get("training.epochs");
  if (epochs != nullptr && warmup > epochs->AsDouble()) {
    document.Fail(at + ".warmup", at + ".warmup has " + FormatDouble(warmup) +
                                      " epochs, but training has " + epochs->Dump());
  }
  if (name == "one_cycle" && warmup > 0) {
    document.Fail(at + ".warmup", "schedule one_cycle rises by itself (start_fraction, "
                                  "div_factor); leave warmup out");
  }
}

// "12.3@best", "12.3@last" or "12.3@e17".
bool IsCheckpoint(const std::string& text) {
  std::size_t at = 0;
  const auto number = [&] {
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at > start;
  };
  const auto character = [&](char c) { return at < text.size() && text[at++] == c; };
  if (!number() || !character('.') || !number() || !character('@')) return false;
  const std::string which = text.substr(at);
  if (which == "best" || which == "last") return true;
  return character('e') && number() && at == text.size();
}

void CheckWarmStart(const Document& document) {
  const Json* start = document.Get("training.warm_start");
  if (start == nullptr) return;
  const std::string& checkpoint = document.Text("training.warm_start.checkpoint");
  if (!IsCheckpoint(checkpoint)) {
    document.Fail("training.warm_start.checkpoint",
                  "training.warm_start.checkpoint is '" + checkpoint +
                      "', expected a checkpoint of a trial: 12.3@best, 12.3@last or 12.3@e17");
  }
  if ((start->Find("name") == nullptr) != (start->Find("sha256") == nullptr)) {
    document.Fail("training.warm_start", "training.warm_start has only one of name and sha256; "
                                         "leave both out, the coordinator fills them in");
  }
  if ((*start)["weights"].size() == 0) {
    document.Fail("training.warm_start.weights", "training.warm_start.weights is empty: no weight "
                                                 "would be taken over; leave it out for all");
  }
}

}  // namespace

void CheckTrainingRules(const Document& document) {
  const std::int64_t length = CheckLength(document);
  CheckPeriod(document, "min_validation_period", 1, length);
  CheckPeriod(document, "min_checkpoint_period", 0, length);
  CheckBatch(document);
  if (document.Get("training.optimizer.nesterov")->AsBool() &&
      document.Number("training.optimizer.momentum") == 0) {
    document.Fail("training.optimizer.nesterov",
                  "training.optimizer.nesterov needs training.optimizer.momentum above 0");
  }
  CheckSchedule(document);
  CheckWarmStart(document);
  const Json* patience = document.Get("training.early_stopping.patience");
  const Json* epochs = document.Get("training.epochs");
  if (patience != nullptr && epochs != nullptr && patience->AsInt() >= epochs->AsInt()) {
    document.Warn("training.early_stopping.patience",
                  "training.early_stopping.patience is " + patience->Dump() +
                      ", but training has only " + epochs->Dump() +
                      " epochs: it can never stop a trial");
  }
}

}  // namespace tutti::spec
