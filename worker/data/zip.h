#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// The part of ZIP (PKWARE APPNOTE 6.3) that EMNIST's archive needs: stored and deflated entries,
// no encryption, no ZIP64, one volume. Names are only compared, never used as paths.

namespace tutti {

struct ZipEntry {
  std::string name;
  int method = 0;  // 0 stored, 8 deflated
  std::uint32_t crc32 = 0;
  std::int64_t packed_bytes = 0;
  std::int64_t bytes = 0;
  std::int64_t local_header = 0;  // offset in the file
};

// The central directory, read from the end of the file. kDataLoss: no archive, truncated, offsets
// outside the file, or a feature that is not supported.
Result<std::vector<ZipEntry>> ListZip(const std::string& path);

// Unpacks one entry piece by piece; checks its size and CRC-32 at the end. An error of `take`
// ends it.
Status ExtractZipEntry(const std::string& path, const ZipEntry& entry,
                       const std::function<Status(std::string_view)>& take);

}  // namespace tutti
