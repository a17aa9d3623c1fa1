#include <zlib.h>

#include <algorithm>

#include "worker/data/file_bytes.h"

namespace tutti {
namespace {

// A gzip file ends with its unpacked size modulo 2^32. It is only a hint (a damaged or chained
// file lies), so it is bounded by deflate's largest ratio, 1032.
std::size_t SizeHint(std::string_view packed) {
  if (packed.size() < 4) return 0;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::uint64_t>(
                static_cast<unsigned char>(packed[packed.size() - 4 + i]))
            << (8 * i);
  }
  return static_cast<std::size_t>(std::min<std::uint64_t>(size, packed.size() * 1032));
}

Error Damaged(const std::string& path, const z_stream& stream, std::string why) {
  if (stream.msg != nullptr) why += std::string(" (") + stream.msg + ")";
  return DataLoss(path + ": damaged gzip file: " + why + "; get it again with `tutti data fetch`");
}

Status Inflate(z_stream& stream, std::string_view packed, const std::string& path,
               std::vector<std::uint8_t>& out) {
  constexpr std::size_t kPiece = std::size_t{1} << 30;  // z_stream counts in 32 bits
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  std::size_t left = packed.size();
  std::size_t made = 0;
  out.resize(std::max<std::size_t>(SizeHint(packed), 1 << 16));
  while (true) {
    if (stream.avail_in == 0) {
      stream.avail_in = static_cast<uInt>(std::min(left, kPiece));
      left -= stream.avail_in;
    }
    if (made == out.size()) {
      if (made > static_cast<std::size_t>(kMaxDataFileBytes)) {
        return Error(ErrorCode::kResourceExhausted,
                     path + ": unpacks to more than the limit of " +
                         std::to_string(kMaxDataFileBytes) + " bytes for one data file");
      }
      out.resize(made + std::max<std::size_t>(made / 2, 64));
    }
    const auto room = std::min(out.size() - made, kPiece);
    stream.next_out = out.data() + made;
    stream.avail_out = static_cast<uInt>(room);
    const int rc = inflate(&stream, Z_NO_FLUSH);
    made += room - stream.avail_out;
    const bool at_end = stream.avail_in == 0 && left == 0;
    if (rc == Z_STREAM_END) {
      if (at_end) break;
      if (inflateReset(&stream) != Z_OK) return Damaged(path, stream, "cannot go on");
    } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
      return Damaged(path, stream, "bad data after " + std::to_string(made) + " unpacked bytes");
    } else if (at_end && stream.avail_out > 0) {
      return Damaged(path, stream, "it ends after " + std::to_string(packed.size()) +
                                       " bytes in the middle of its data (truncated)");
    }
  }
  out.resize(made);
  return Ok{};
}

}  // namespace

Result<std::vector<std::uint8_t>> Gunzip(std::string_view packed, const std::string& path) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return Internal("zlib cannot start");
  std::vector<std::uint8_t> out;
  const Status status = Inflate(stream, packed, path, out);
  inflateEnd(&stream);
  if (!status) return status.error();
  return out;
}

}  // namespace tutti
