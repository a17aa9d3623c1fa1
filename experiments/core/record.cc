#include "experiments/core/record.h"

#include <array>
#include <cstring>

namespace tutti {
namespace {

constexpr std::uint32_t kMagic = 0x31525554;  // "TUR1"
constexpr std::size_t kFrameHead = 16;

// Slicing-by-8 tables: payloads are megabytes of logits, a byte at a time would show.
constexpr std::array<std::array<std::uint32_t, 256>, 8> MakeCrcTables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? (c >> 1) ^ 0x82F63B78u : c >> 1;
    tables[0][i] = c;
  }
  for (std::size_t t = 1; t < 8; ++t) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t c = tables[t - 1][i];
      tables[t][i] = (c >> 8) ^ tables[0][c & 0xFF];
    }
  }
  return tables;
}
constexpr auto kCrc = MakeCrcTables();

void PutU32(std::uint32_t v, std::string& out) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>((v >> (8 * i)) & 0xFF);
}

std::uint32_t GetU32(const char* p) {
  std::uint32_t v = 0;
  for (int i = 0; i < 4; ++i) {
    v |= static_cast<std::uint32_t>(static_cast<unsigned char>(p[i])) << (8 * i);
  }
  return v;
}

}  // namespace

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t crc) {
  crc = ~crc;
  const char* p = bytes.data();
  std::size_t n = bytes.size();
  for (; n >= 8; n -= 8, p += 8) {
    const std::uint32_t a = GetU32(p) ^ crc;
    const std::uint32_t b = GetU32(p + 4);
    crc = kCrc[7][a & 0xFF] ^ kCrc[6][(a >> 8) & 0xFF] ^ kCrc[5][(a >> 16) & 0xFF] ^
          kCrc[4][a >> 24] ^ kCrc[3][b & 0xFF] ^ kCrc[2][(b >> 8) & 0xFF] ^
          kCrc[1][(b >> 16) & 0xFF] ^ kCrc[0][b >> 24];
  }
  for (; n > 0; --n, ++p) {
    crc = (crc >> 8) ^ kCrc[0][(crc ^ static_cast<unsigned char>(*p)) & 0xFF];
  }
  return ~crc;
}

std::string_view Record::type() const {
  const Json* t = header.Find("type");
  return t != nullptr && t->is_string() ? std::string_view(t->AsString()) : std::string_view();
}

std::string EncodeRecord(const Record& record) {
  const std::string header = record.header.Dump();
  TUTTI_CHECK(header.size() <= kMaxRecordHeader, "record header over the limit");
  TUTTI_CHECK(record.payload.size() <= kMaxRecordPayload, "record payload over the limit");
  std::string out;
  out.reserve(kFrameHead + header.size() + record.payload.size());
  PutU32(kMagic, out);
  PutU32(static_cast<std::uint32_t>(header.size()), out);
  PutU32(static_cast<std::uint32_t>(record.payload.size()), out);
  PutU32(Crc32c(record.payload, Crc32c(header)), out);
  out += header;
  out += record.payload;
  return out;
}

Result<RecordDecoder::Outcome> RecordDecoder::Next(Record& record) {
  const char* p = buffer_.data() + at_;
  if (pending() < kFrameHead) return Outcome::kNeedMore;
  if (GetU32(p) != kMagic) return DataLoss("record frame with a wrong magic number");
  const std::uint32_t header_size = GetU32(p + 4);
  const std::uint32_t payload_size = GetU32(p + 8);
  if (header_size > kMaxRecordHeader || payload_size > kMaxRecordPayload) {
    return DataLoss("record frame over the size limit (" + std::to_string(header_size) + " + " +
                    std::to_string(payload_size) + " bytes)");
  }
  const std::size_t total = kFrameHead + header_size + payload_size;
  if (pending() < total) return Outcome::kNeedMore;
  const std::string_view header(p + kFrameHead, header_size);
  const std::string_view payload(p + kFrameHead + header_size, payload_size);
  if (Crc32c(payload, Crc32c(header)) != GetU32(p + 12)) {
    return DataLoss("record frame with a wrong checksum");
  }
  auto parsed = Json::Parse(header);
  if (!parsed) return Error(ErrorCode::kDataLoss, parsed.error().ToString());
  record.header = std::move(parsed).value();
  record.payload.assign(payload);
  at_ += total;
  if (at_ == buffer_.size() || at_ > (1u << 20)) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  return Outcome::kRecord;
}

}  // namespace tutti
