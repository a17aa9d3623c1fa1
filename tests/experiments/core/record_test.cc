// Goal: records survive any way of cutting the stream, and a damaged stream is noticed whichever
// byte is hit. Method: every split position and every single-byte change of a small stream; CRC
// against its published check value and a bitwise computation.

#include "experiments/core/record.h"

#include <gtest/gtest.h>

#include "experiments/core/rng.h"

namespace tutti {
namespace {

Record Sample(const std::string& payload = std::string("\x00\x01\xFFpay", 6)) {
  return {Json::MakeObject({{"type", "epoch"}, {"epoch", 3}, {"loss", 0.25}}), payload};
}

std::vector<Record> DecodeAll(RecordDecoder& decoder) {
  std::vector<Record> records;
  Record record;
  while (true) {
    const auto outcome = decoder.Next(record);
    EXPECT_TRUE(outcome.ok()) << outcome.error().ToString();
    if (!outcome.ok() || *outcome == RecordDecoder::Outcome::kNeedMore) return records;
    records.push_back(record);
  }
}

TEST(Crc32c, HasThePublishedCheckValueAndCanBeContinued) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);   // RFC 3720, B.4
  EXPECT_EQ(Crc32c(std::string(32, '\xFF')), 0x62A8AB43u);  // RFC 3720, B.4
  const std::string text = "a longer text of some thirty bytes";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Crc32c(text.substr(cut), Crc32c(text.substr(0, cut))), Crc32c(text));
  }
}

TEST(Record, SurvivesEveryCutOfTheStream) {
  const std::string stream =
      EncodeRecord(Sample()) + EncodeRecord(Sample("")) + EncodeRecord(Sample("third"));
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    RecordDecoder decoder;
    decoder.Feed(std::string_view(stream).substr(0, cut));
    auto records = DecodeAll(decoder);
    decoder.Feed(std::string_view(stream).substr(cut));
    for (Record& record : DecodeAll(decoder)) records.push_back(std::move(record));
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[0].payload, Sample().payload);
    EXPECT_EQ(records[1].payload, "");
    EXPECT_EQ(records[2].payload, "third");
    EXPECT_EQ(records[2].header, Sample().header);
    EXPECT_EQ(records[2].type(), "epoch");
    EXPECT_EQ(decoder.pending(), 0u);
  }
}

TEST(Record, SurvivesSingleBytes) {
  RecordDecoder decoder;
  std::size_t records = 0;
  for (const char byte : EncodeRecord(Sample()) + EncodeRecord(Sample())) {
    decoder.Feed({&byte, 1});
    records += DecodeAll(decoder).size();
  }
  EXPECT_EQ(records, 2u);
}

TEST(Record, DamageOfEveryByteIsNoticed) {
  const std::string good = EncodeRecord(Sample());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xFF}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      RecordDecoder decoder;
      // Enough to follow that a length that grew a little cannot just wait.
      decoder.Feed(bad + std::string(1u << 18, 'x'));
      Record record;
      const auto outcome = decoder.Next(record);
      if (outcome.ok()) {
        // A length that grew beyond what is there: more is awaited, nothing is handed out.
        EXPECT_TRUE(at >= 4 && at < 12) << "byte " << at << " flip " << flip;
        EXPECT_EQ(*outcome, RecordDecoder::Outcome::kNeedMore);
      } else {
        EXPECT_EQ(outcome.error().code(), ErrorCode::kDataLoss);
      }
    }
  }
}

TEST(Record, LengthsOverTheLimitAreRefusedAtOnce) {
  for (const std::size_t at : {7u, 11u}) {  // the highest bytes of both lengths
    std::string bad = EncodeRecord(Sample());
    bad[at] = '\x7F';
    RecordDecoder decoder;
    decoder.Feed(bad);
    Record record;
    EXPECT_FALSE(decoder.Next(record).ok());
  }
}

TEST(Record, AHeaderThatIsNoJsonIsDamage) {
  const std::string header = "{broken";
  std::string frame("TUR1\x07\0\0\0\0\0\0\0", 12);
  const std::uint32_t crc = Crc32c(header);
  for (int i = 0; i < 4; ++i) frame += static_cast<char>((crc >> (8 * i)) & 0xFF);
  RecordDecoder decoder;
  decoder.Feed(frame + header);
  Record record;
  const auto outcome = decoder.Next(record);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code(), ErrorCode::kDataLoss);
}

TEST(Record, ManyRecordsDoNotGrowTheBuffer) {
  RecordDecoder decoder;
  const std::string frame = EncodeRecord(Sample(std::string(300'000, 'p')));
  Record record;
  decoder.Feed(std::string_view(frame).substr(0, 10));
  for (int i = 0; i < 20; ++i) {
    decoder.Feed(std::string_view(frame).substr(10));
    decoder.Feed(std::string_view(frame).substr(0, 10));
    ASSERT_TRUE(decoder.Next(record).ok());
    EXPECT_EQ(decoder.pending(), 10u);
  }
}

TEST(Record, TypeIsEmptyWithoutOne) {
  EXPECT_EQ(Record{}.type(), "");
  EXPECT_EQ((Record{Json::MakeObject({{"type", 3}}), ""}.type()), "");
}

}  // namespace
}  // namespace tutti
