#include "worker/data/file_bytes.h"

#include <cerrno>
#include <cstdio>
#include <functional>
#include <memory>

#include "experiments/core/sha256.h"

namespace tutti {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Calls `take` with one piece after the other.
Status ReadPieces(const std::string& path, const std::function<void(std::string_view)>& take) {
  File file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return ErrnoError(errno, "cannot open " + path);
  std::vector<char> piece(std::size_t{1} << 18);
  while (true) {
    errno = 0;
    const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get());
    if (n > 0) take({piece.data(), n});
    if (n == piece.size()) continue;
    if (std::ferror(file.get()) != 0) return ErrnoError(errno, "cannot read " + path);
    return Ok{};
  }
}

}  // namespace

Result<FileBytes> ReadDataFile(const std::string& path) {
  FileBytes out;
  Sha256 hash;
  bool too_large = false;
  TUTTI_RETURN_IF_ERROR(ReadPieces(path, [&](std::string_view piece) {
    too_large = too_large ||
                out.bytes.size() + piece.size() > static_cast<std::size_t>(kMaxDataFileBytes);
    if (too_large) return;
    hash.Update(piece);
    out.bytes.insert(out.bytes.end(), piece.begin(), piece.end());
  }));
  if (too_large) {
    return Error(ErrorCode::kResourceExhausted,
                 path + ": larger than the limit of " + std::to_string(kMaxDataFileBytes) +
                     " bytes for one data file");
  }
  out.sha256 = hash.HexDigest();
  if (out.bytes.size() >= 2 && out.bytes[0] == 0x1f && out.bytes[1] == 0x8b) {
    TUTTI_ASSIGN_OR_RETURN(
        auto unpacked,
        Gunzip({reinterpret_cast<const char*>(out.bytes.data()), out.bytes.size()}, path));
    out.bytes = std::move(unpacked);
  }
  return out;
}

Result<FileDigest> DigestFile(const std::string& path) {
  FileDigest digest;
  Sha256 hash;
  TUTTI_RETURN_IF_ERROR(ReadPieces(path, [&](std::string_view piece) {
    hash.Update(piece);
    digest.bytes += static_cast<std::int64_t>(piece.size());
  }));
  digest.sha256 = hash.HexDigest();
  return digest;
}

}  // namespace tutti
