// Goal: what is written is the official safetensors format, and nothing but it is read. Method:
// round trips, a table of damaged headers, and random damage to a valid file.
#include "worker/checkpoint/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "experiments/core/json.h"
#include "experiments/core/rng.h"

namespace tutti::checkpoint {
namespace {

using ::testing::HasSubstr;

std::string Join(const SafetensorsImage& image) {
  std::string file = image.header;
  for (const std::string_view piece : image.pieces) file += piece;
  return file;
}

// A file with the given header text and data.
std::string Raw(const std::string& header, const std::string& data) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  return file + header + data;
}

TEST(Safetensors, RoundTripKeepsNamesTypesShapesBytesAndMetadata) {
  const std::string a(24, 'a');
  const std::string b(6, 'b');
  const std::string c(16, 'c');
  const std::string d(8, 'd');
  const std::string e(3, 'e');
  const std::vector<TensorView> tensors{{"bytes", Dtype::kU8, {3}, e},
                                        {"half", Dtype::kBf16, {3, 1}, b},
                                        {"conv.weight", Dtype::kF32, {2, 3}, a},
                                        {"empty", Dtype::kF32, {0, 5}, ""},
                                        {"step", Dtype::kI64, {}, d},
                                        {"double \"quoted\"\n", Dtype::kF64, {2}, c}};
  const auto image = EncodeSafetensors(tensors, {{"format", "pt"}, {"tutti", "1"}});
  ASSERT_TRUE(image.ok()) << image.error().ToString();
  EXPECT_EQ(image->header.size() % 64, 0u);
  const std::string file = Join(*image);
  const auto parsed = ParseSafetensors(file);
  ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
  EXPECT_EQ(parsed->metadata.at("format"), "pt");
  ASSERT_EQ(parsed->tensors.size(), tensors.size());
  for (const TensorView& tensor : tensors) {
    const TensorView* found = parsed->Find(tensor.name);
    ASSERT_NE(found, nullptr) << tensor.name;
    EXPECT_EQ(found->dtype, tensor.dtype);
    EXPECT_EQ(found->shape, tensor.shape);
    EXPECT_EQ(found->bytes, tensor.bytes);
    const auto offset = static_cast<std::int64_t>(found->bytes.data() - file.data());
    EXPECT_EQ(offset % DtypeBytes(found->dtype), 0) << tensor.name << " is not aligned";
  }
  EXPECT_EQ(parsed->Find("other"), nullptr);
}

TEST(Safetensors, NoTensorsIsAFile) {
  const auto image = EncodeSafetensors({}, {});
  ASSERT_TRUE(image.ok());
  const auto parsed = ParseSafetensors(image->header);
  ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
  EXPECT_TRUE(parsed->tensors.empty());
}

TEST(Safetensors, WriterRefusesWhatWouldBeNoValidFile) {
  const std::string four(4, 'x');
  const std::vector<std::pair<std::vector<TensorView>, std::string>> cases{
      {{{"__metadata__", Dtype::kF32, {1}, four}}, "reserved"},
      {{{"a", Dtype::kF32, {1}, four}, {"a", Dtype::kF32, {1}, four}}, "used twice"},
      {{{"a", Dtype::kF32, {2}, four}}, "4 bytes do not fit F32 [2]"},
      {{{"a", Dtype::kF32, {-1}, four}}, "do not fit F32 [-1]"},
      {{{"a", Dtype::kF32, {INT64_MAX, INT64_MAX}, four}}, "do not fit"},
  };
  for (const auto& [tensors, message] : cases) {
    const auto image = EncodeSafetensors(tensors, {});
    ASSERT_FALSE(image.ok()) << message;
    EXPECT_EQ(image.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(image.error().ToString(), HasSubstr(message));
  }
}

TEST(Safetensors, ParserRefusesEveryKindOfDamage) {
  const std::string eight(8, 'x');
  const auto one = [](const std::string& dtype, const std::string& shape,
                      const std::string& offsets) {
    return "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" +
           offsets + "}}";
  };
  const std::string two = "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                          "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "0 bytes, too short"},
      {"1234567", "7 bytes, too short"},
      {std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8) + "{}",
       "header of 18446744073709551615 bytes, expected at most 2"},
      {Raw("{}", "").substr(0, 9), "(the file is truncated)"},
      {Raw("", ""), "does not begin with '{'"},
      {Raw(" {}", ""), "does not begin with '{'"},
      {Raw("{", ""), "no valid JSON"},
      {Raw("{\"a\":1,\"a\":2}", ""), "no valid JSON"},
      {Raw("{\"a\":1}", ""), "expected exactly dtype, shape and data_offsets"},
      {Raw("{\"__metadata__\":{\"a\":1}}", ""), "expected a string"},
      {Raw("{\"__metadata__\":[]}", ""), "no map"},
      {Raw(one("F31", "[2]", "[0,8]"), eight), "dtype \"F31\", expected F64, F32"},
      {Raw(one("F32", "[-2]", "[0,8]"), eight), "no list of integers"},
      {Raw(one("F32", "2", "[0,8]"), eight), "no list of integers"},
      {Raw(one("F32", "[2.0]", "[0,8]"), eight), "no list of integers"},
      {Raw(one("F32", "[2]", "[0,8,9]"), eight), "no pair of integers"},
      {Raw(one("F32", "[2]", "[8,0]"), eight), "do not lie in"},
      {Raw(one("F32", "[4]", "[0,16]"), eight), "do not lie in the 8 bytes"},
      {Raw(one("F32", "[3]", "[0,8]"), eight), "8 bytes, but F32 [3] needs 12"},
      {Raw(one("F32", "[4611686018427387904,2]", "[0,8]"), eight), "needs more than 2^64"},
      {Raw(one("U8", "[7]", "[1,8]"), eight), "begins at 1, expected 0 (gap)"},
      {Raw(one("U8", "[7]", "[0,7]"), eight), "1 trailing bytes"},
      {Raw(two + "[5,8]}}", eight), "3 bytes, but U8 [4] needs 4"},
      {Raw(two + "[2,6]}}", eight), "begins at 2, expected 4 (overlap)"},
  };
  for (const auto& [file, message] : cases) {
    const auto parsed = ParseSafetensors(file);
    ASSERT_FALSE(parsed.ok()) << message;
    EXPECT_EQ(parsed.error().code(), ErrorCode::kDataLoss);
    EXPECT_THAT(parsed.error().ToString(), HasSubstr(message));
  }
}

TEST(Safetensors, RandomDamageNeverReadsOutsideTheFile) {
  const std::string data(32, 'x');
  const auto image = EncodeSafetensors({{"a", Dtype::kF32, {2, 4}, data}}, {{"k", "v"}});
  const std::string good = Join(*image);
  Rng rng(2024);
  for (int i = 0; i < 5000; ++i) {
    std::string file = good;
    for (std::uint64_t k = 0; k <= rng.Below(3); ++k) {
      file[rng.Below(file.size())] = static_cast<char>(rng.Below(256));
    }
    file.resize(rng.Below(4) == 0 ? rng.Below(file.size()) : file.size());
    const auto parsed = ParseSafetensors(file);
    if (!parsed) continue;
    for (const TensorView& tensor : parsed->tensors) {
      EXPECT_GE(tensor.bytes.data(), file.data());
      EXPECT_LE(tensor.bytes.data() + tensor.bytes.size(), file.data() + file.size());
    }
  }
}

}  // namespace
}  // namespace tutti::checkpoint
