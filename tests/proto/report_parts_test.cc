// Goal: a record survives the way through a session's messages whatever its size and however
// reports of several attempts are mixed, and damaged or greedy senders are refused.
// Method: split and assemble, with every fault put into the parts by hand.

#include "proto/wire/report_parts.h"

#include <gtest/gtest.h>

#include <string>

#include "tutti/v1/worker.pb.h"

namespace tutti::wire {
namespace {

Record MakeRecord(std::int64_t attempt, std::size_t payload_bytes) {
  Record record;
  record.header = Json::MakeObject({{"type", "evaluation"}, {"attempt", attempt}});
  for (std::size_t i = 0; i < payload_bytes; ++i) {
    record.payload += static_cast<char>('a' + i * 7 % 26);
  }
  return record;
}

std::vector<v1::Report> Split(std::int64_t attempt, std::int64_t seq, std::size_t payload_bytes,
                              std::size_t part_bytes) {
  return SplitFrame(AttemptId(attempt), 3, seq, EncodeRecord(MakeRecord(attempt, payload_bytes)),
                    part_bytes);
}

TEST(ReportParts, ComeTogetherAgainAtEverySize) {
  for (const std::size_t payload : {0u, 1u, 63u, 64u, 65u, 1000u, 100'000u}) {
    ReportAssembler assembler(1u << 20);
    const auto parts = Split(7, 5, payload, 64);
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto unfinished = assembler.Add(parts[i]);
      ASSERT_TRUE(unfinished.ok());
      ASSERT_FALSE(unfinished->has_value()) << "part " << i << " of " << parts.size();
    }
    const auto whole = assembler.Add(parts.back());
    ASSERT_TRUE(whole.ok()) << whole.error().ToString();
    ASSERT_TRUE(whole->has_value());
    EXPECT_EQ((*whole)->attempt, AttemptId(7));
    EXPECT_EQ((*whole)->fence, 3);
    EXPECT_EQ((*whole)->seq, 5);
    EXPECT_EQ((*whole)->record.payload, MakeRecord(7, payload).payload);
    EXPECT_EQ((*whole)->record.type(), "evaluation");
  }
}

TEST(ReportParts, OfSeveralAttemptsMayBeMixed) {
  ReportAssembler assembler(1u << 20);
  const auto a = Split(1, 1, 500, 200);
  const auto b = Split(2, 9, 500, 200);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto from_a = assembler.Add(a[i]);
    const auto from_b = assembler.Add(b[i]);
    ASSERT_TRUE(from_a.ok() && from_b.ok());
    EXPECT_EQ(from_a->has_value(), i + 1 == a.size());
    EXPECT_EQ(from_b->has_value(), i + 1 == b.size());
  }
}

TEST(ReportParts, AFirstPartStartsTheReportAnew) {
  ReportAssembler assembler(2'000);
  const auto parts = Split(1, 1, 1'500, 1'000);
  ASSERT_EQ(parts.size(), 2u);
  // Many restarts: what was held before is given back, or the bound would be hit.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(assembler.Add(parts[0]).ok());
  const auto whole = assembler.Add(parts[1]);
  ASSERT_TRUE(whole.ok());
  EXPECT_TRUE(whole->has_value());
}

TEST(ReportParts, OutOfOrderOrDamagedAreDataLoss) {
  const auto parts = Split(1, 1, 500, 200);
  ASSERT_GE(parts.size(), 3u);
  struct Case {
    const char* what;
    std::vector<v1::Report> sent;
  };
  std::vector<Case> cases;
  cases.push_back({"no first part", {parts[1]}});
  cases.push_back({"a part left out", {parts[0], parts[2]}});
  cases.push_back({"a part twice", {parts[0], parts[1], parts[1]}});
  auto other_seq = parts[1];
  other_seq.set_seq(2);
  cases.push_back({"a part of another report", {parts[0], other_seq}});
  auto other_fence = parts[1];
  other_fence.set_fence(4);
  cases.push_back({"a part of another fence", {parts[0], other_fence}});
  auto no_parts = parts[0];
  no_parts.set_parts(0);
  cases.push_back({"zero parts", {no_parts}});
  auto beyond = parts[0];
  beyond.set_part(parts[0].parts());
  cases.push_back({"a part beyond the last", {beyond}});
  auto damaged = Split(1, 1, 10, 1'000);
  damaged[0].mutable_data()->back() ^= 1;
  cases.push_back({"a flipped bit", damaged});
  auto cut = Split(1, 1, 10, 1'000);
  cut[0].mutable_data()->pop_back();
  cases.push_back({"a byte too few", cut});
  auto longer = Split(1, 1, 10, 1'000);
  longer[0].mutable_data()->push_back('x');
  cases.push_back({"a byte too many", longer});
  for (const Case& c : cases) {
    ReportAssembler assembler(1u << 20);
    for (std::size_t i = 0; i + 1 < c.sent.size(); ++i) {
      ASSERT_TRUE(assembler.Add(c.sent[i]).ok()) << c.what;
    }
    const auto last = assembler.Add(c.sent.back());
    ASSERT_FALSE(last.ok()) << c.what;
    EXPECT_EQ(last.error().code(), ErrorCode::kDataLoss) << c.what;
  }
}

TEST(ReportParts, BeyondTheBoundAreRefused) {
  ReportAssembler assembler(1'000);
  const auto a = Split(1, 1, 900, 600);
  const auto b = Split(2, 1, 900, 600);
  ASSERT_TRUE(assembler.Add(a[0]).ok());
  const auto over = assembler.Add(b[0]);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().code(), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace tutti::wire
