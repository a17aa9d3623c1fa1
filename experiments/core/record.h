#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// A record is the unit of what trainers report: a JSON header (an object whose "type" says what
// it is, see docs/records.md) and a binary payload, often empty. The same frame is used on the
// trainer's Unix socket, in the worker's spool and inside a gRPC Report:
//
//   u32 magic "TUR1" | u32 header bytes | u32 payload bytes | u32 CRC-32C of header and payload
//   header (UTF-8 JSON) | payload                     (all integers little-endian)

namespace tutti {

struct Record {
  Json header;
  std::string payload;

  // header["type"], or "" if it has none.
  std::string_view type() const;
};

// The metrics of an evaluation stand in a header: with the curves of 62 classes up to 4 MiB.
inline constexpr std::uint32_t kMaxRecordHeader = 1u << 24;   // 16 MiB
inline constexpr std::uint32_t kMaxRecordPayload = 1u << 29;  // 512 MiB

std::string EncodeRecord(const Record& record);

// Takes frames out of a byte stream that arrives in pieces.
class RecordDecoder {
 public:
  void Feed(std::string_view bytes) { buffer_.append(bytes); }
  enum class Outcome { kRecord, kNeedMore };
  // kDataLoss if the stream is damaged (wrong magic, size over the limits, CRC, bad header); the
  // decoder is unusable after that.
  Result<Outcome> Next(Record& record);
  // Bytes fed but not yet taken as part of a record.
  std::size_t pending() const { return buffer_.size() - at_; }

 private:
  std::string buffer_;
  std::size_t at_ = 0;
};

// CRC-32C (Castagnoli, reflected 0x82F63B78), as used by iSCSI and ext4.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace tutti
