// Goal: what trainers report reaches the engine as the right event, and what the database could not
// store reaches it not at all.
// Method: one record per row, good and bad.

#include "coordinator/service/record_events.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

constexpr AttemptId kAttempt(7);

Record FromText(const std::string& header) {
  auto json = Json::Parse(header);
  EXPECT_TRUE(json.ok()) << header;
  return {std::move(*json), ""};
}

template <class Event>
Event EventFrom(const std::string& header) {
  const auto event = EventOfRecord(FromText(header), kAttempt, 1234);
  EXPECT_TRUE(event.ok()) << header;
  if (!event || !event->has_value() || !std::holds_alternative<Event>(**event)) {
    ADD_FAILURE() << "not the expected event: " << header;
    return {};
  }
  return std::get<Event>(**event);
}

TEST(RecordEvents, AValidationIsAMetricReport) {
  const auto event = EventFrom<engine::MetricReported>(
      R"({"type":"epoch","attempt":7,"epoch":3,"step":90,"metrics":{"train":{"loss":0.5},)"
      R"("validation":{"loss":0.4,"accuracy":"NaN"}},"lr":0.1,"seconds":1.5})");
  EXPECT_EQ(event.epoch, 3);
  EXPECT_EQ(event.step, 90);
  EXPECT_EQ(event.at_ms, 1234);
  EXPECT_EQ(event.metrics.at("train_loss"), 0.5);
  EXPECT_EQ(event.metrics.at("validation_loss"), 0.4);
  EXPECT_NE(event.metrics.at("validation_accuracy"), event.metrics.at("validation_accuracy"));
}

TEST(RecordEvents, TheTimeOfAValidationIsInTheExperimentsTimeMetric) {
  const Record record = FromText(
      R"({"type":"epoch","attempt":7,"epoch":3,"step":90,"metrics":{"train":{"samples":640.4},)"
      R"("validation":{"loss":0.4,"late":"NaN"}}})");
  const auto time = [&](std::string_view metric) -> std::int64_t {
    const auto event = EventOfRecord(record, kAttempt, 0, metric);
    if (!event) return -1;
    return std::get<engine::MetricReported>(**event).time;
  };
  EXPECT_EQ(time("epochs"), 3);
  EXPECT_EQ(time("batches"), 90);
  EXPECT_EQ(time("samples"), 640);
  EXPECT_EQ(time("train_samples"), 640);
  EXPECT_EQ(time("late"), -1);
  EXPECT_EQ(time("validation_samples"), -1);
}

TEST(RecordEvents, AnEpochWithoutValidationIsStoredOnly) {
  const auto event = EventOfRecord(
      FromText(R"({"type":"epoch","attempt":7,"epoch":1,"step":9,"metrics":{"train":{"loss":1}}})"),
      kAttempt, 0);
  ASSERT_TRUE(event.ok()) << event.error().ToString();
  EXPECT_FALSE(event->has_value());
}

TEST(RecordEvents, ACheckpointCarriesNameHashAndMetric) {
  const auto event = EventFrom<engine::CheckpointCommitted>(
      R"({"type":"checkpoint","attempt":7,"epoch":2,"step":60,"name":"1/1/7-step-60",)"
      R"("bytes":99,"sha256":")" +
      std::string(64, 'a') + R"(","metric":0.25,"best":true,"final":false})");
  EXPECT_EQ(event.name, "1/1/7-step-60");
  EXPECT_EQ(event.sha256, std::string(64, 'a'));
  EXPECT_EQ(event.bytes, 99);
  EXPECT_EQ(event.metric, 0.25);
}

TEST(RecordEvents, AnExitHasAnOutcomeAndAClass) {
  struct Case {
    const char* outcome;
    const char* failure;
    engine::Outcome expected;
    engine::FailureClass expected_class;
  };
  const Case cases[] = {
      {"completed", "", engine::Outcome::kCompleted, engine::FailureClass::kNone},
      {"preempted", "", engine::Outcome::kPreempted, engine::FailureClass::kNone},
      {"finished", "", engine::Outcome::kFinished, engine::FailureClass::kNone},
      {"killed", "", engine::Outcome::kKilled, engine::FailureClass::kNone},
      {"error", "OOM", engine::Outcome::kError, engine::FailureClass::kOom},
      {"error", "HANG", engine::Outcome::kError, engine::FailureClass::kHang},
      {"error", "a class of the future", engine::Outcome::kError, engine::FailureClass::kUser},
      {"lost", "", engine::Outcome::kLost, engine::FailureClass::kInfra},
  };
  for (const Case& c : cases) {
    const auto event = EventFrom<engine::AttemptExited>(
        R"({"type":"exit","attempt":7,"outcome":")" + std::string(c.outcome) + R"(","class":")" +
        c.failure + R"(","message":"m","exit_code":0,"signal":0})");
    EXPECT_EQ(event.outcome, c.expected) << c.outcome;
    EXPECT_EQ(event.failure, c.expected_class) << c.outcome << " " << c.failure;
    EXPECT_EQ(event.message, "m");
  }
}

TEST(RecordEvents, WhatCannotBeStoredMakesNoEvent) {
  const char* const bad[] = {
      R"({"type":"exit","outcome":"completed"})",
      R"({"type":"exit","attempt":8,"outcome":"completed"})",
      R"({"type":"exit","attempt":7,"outcome":"exploded","class":"","message":""})",
      R"({"type":"epoch","attempt":7,"epoch":1,"step":1})",
      R"({"type":"epoch","attempt":7,"epoch":"one","step":1,"metrics":{}})",
      R"({"type":"checkpoint","attempt":7,"epoch":1,"step":1,"name":"../../etc","bytes":1,)"
      R"("sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
      R"("metric":null,"best":false,"final":false})",
      R"({"type":"surprise","attempt":7})",
      R"({"attempt":7})",
  };
  for (const char* header : bad) {
    EXPECT_FALSE(EventOfRecord(FromText(header), kAttempt, 0).ok()) << header;
  }
}

}  // namespace
}  // namespace tutti
