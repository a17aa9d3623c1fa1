#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// Reading data files, packed or not.

namespace tutti {

// No data file may unpack to more; the largest known one (EMNIST byclass) has 547 MB.
inline constexpr std::int64_t kMaxDataFileBytes = std::int64_t{4} << 30;

struct FileBytes {
  std::vector<std::uint8_t> bytes;  // unpacked if the file was gzip
  std::string sha256;               // of the file as stored
};

// Reads a whole file; one that begins with gzip's magic is unpacked whatever its name says.
// kNotFound, kPermissionDenied, kDataLoss (damaged gzip), kResourceExhausted (over
// kMaxDataFileBytes).
Result<FileBytes> ReadDataFile(const std::string& path);

// SHA-256 and size of a file as stored, read in pieces.
struct FileDigest {
  std::string sha256;
  std::int64_t bytes = 0;
};
Result<FileDigest> DigestFile(const std::string& path);

// Unpacks gzip (RFC 1952, several members allowed). `path` is for messages. In a build without
// zlib (no_gzip.cc) always kFailedPrecondition with what to do.
Result<std::vector<std::uint8_t>> Gunzip(std::string_view packed, const std::string& path);

}  // namespace tutti
