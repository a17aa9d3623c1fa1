#include "worker/data/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace tutti {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kPiece = std::size_t{1} << 18;

class ZipFile {
 public:
  static Result<ZipFile> Open(const std::string& path) {
    ZipFile zip(path, std::fopen(path.c_str(), "rbe"));
    if (!zip.file_) return ErrnoError(errno, "cannot open " + path);
    if (::fseeko(zip.file_.get(), 0, SEEK_END) != 0) {
      return ErrnoError(errno, "cannot read " + path);
    }
    zip.bytes_ = ::ftello(zip.file_.get());
    return zip;
  }
  std::int64_t bytes() const { return bytes_; }
  Error Damaged(const std::string& why) const {
    return DataLoss(path_ + ": not a usable ZIP archive: " + why);
  }
  // `count` bytes from `offset`; both come from the file and are checked against its size.
  Result<std::string> Read(std::int64_t offset, std::int64_t count) const {
    if (offset < 0 || count < 0 || offset > bytes_ || count > bytes_ - offset) {
      return Damaged("it refers to bytes " + std::to_string(offset) + " to " +
                     std::to_string(offset + count) + ", but has " + std::to_string(bytes_));
    }
    std::string bytes(static_cast<std::size_t>(count), '\0');
    if (::fseeko(file_.get(), offset, SEEK_SET) != 0 ||
        std::fread(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
      return ErrnoError(errno, "cannot read " + path_);
    }
    return bytes;
  }

 private:
  ZipFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file, &std::fclose) {}

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::int64_t bytes_ = 0;
};

// Little-endian numbers at a place that is known to lie in `bytes`.
std::uint32_t Number(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

// Where the central directory lies.
struct Directory {
  std::int64_t offset, bytes, entries;
};

Result<Directory> FindDirectory(const ZipFile& zip) {
  const auto tail_bytes = std::min<std::int64_t>(zip.bytes(), kEndBytes + 65535);
  TUTTI_ASSIGN_OR_RETURN(const std::string tail, zip.Read(zip.bytes() - tail_bytes, tail_bytes));
  const std::size_t at = tail.rfind("PK\x05\x06");
  if (at == std::string::npos || tail.size() - at < kEndBytes) {
    return zip.Damaged("no end record (truncated?)");
  }
  if (Number(tail, at + 4, 2) != 0 || Number(tail, at + 6, 2) != 0) {
    return zip.Damaged("it has several volumes");
  }
  const Directory found{Number(tail, at + 16, 4), Number(tail, at + 12, 4),
                        Number(tail, at + 10, 2)};
  if (found.offset == 0xFFFFFFFF || found.entries == 0xFFFF) return zip.Damaged("it is ZIP64");
  return found;
}

// Feeds the packed bytes of an entry, piece by piece.
Status ForEachPiece(const ZipFile& zip, std::int64_t offset, std::int64_t count,
                    const std::function<Status(std::string_view)>& take) {
  while (count > 0) {
    const auto n = std::min<std::int64_t>(count, kPiece);
    TUTTI_ASSIGN_OR_RETURN(const std::string piece, zip.Read(offset, n));
    TUTTI_RETURN_IF_ERROR(take(piece));
    offset += n;
    count -= n;
  }
  return Ok{};
}

class Inflater {
 public:
  Inflater() { ok_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Status Feed(const ZipFile& zip, std::string_view packed,
              const std::function<Status(std::string_view)>& take) {
    if (!ok_) return Internal("zlib cannot start");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (!done_) {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int rc = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = out_.size() - stream_.avail_out;
      if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
        return zip.Damaged(stream_.msg != nullptr ? stream_.msg : "bad deflate data");
      }
      done_ = rc == Z_STREAM_END;
      if (made > 0) TUTTI_RETURN_IF_ERROR(take({out_.data(), made}));
      if (made < out_.size()) break;
    }
    return Ok{};
  }

 private:
  z_stream stream_{};
  bool ok_ = false;
  bool done_ = false;
  std::vector<char> out_ = std::vector<char>(kPiece);
};

}  // namespace

Result<std::vector<ZipEntry>> ListZip(const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(const ZipFile zip, ZipFile::Open(path));
  TUTTI_ASSIGN_OR_RETURN(const Directory directory, FindDirectory(zip));
  TUTTI_ASSIGN_OR_RETURN(const std::string bytes, zip.Read(directory.offset, directory.bytes));
  std::vector<ZipEntry> entries;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < directory.entries; ++i) {
    if (bytes.size() - at < kCentralBytes || bytes.compare(at, 4, "PK\x01\x02") != 0) {
      return zip.Damaged("entry " + std::to_string(i) + " of its directory is damaged");
    }
    const std::size_t name_bytes = Number(bytes, at + 28, 2);
    const std::size_t rest = name_bytes + Number(bytes, at + 30, 2) + Number(bytes, at + 32, 2);
    if (bytes.size() - at - kCentralBytes < rest) {
      return zip.Damaged("entry " + std::to_string(i) + " of its directory is cut off");
    }
    ZipEntry entry;
    entry.name = bytes.substr(at + kCentralBytes, name_bytes);
    entry.method = static_cast<int>(Number(bytes, at + 10, 2));
    entry.crc32 = Number(bytes, at + 16, 4);
    entry.packed_bytes = Number(bytes, at + 20, 4);
    entry.bytes = Number(bytes, at + 24, 4);
    entry.local_header = Number(bytes, at + 42, 4);
    if ((Number(bytes, at + 8, 2) & 1) != 0) return zip.Damaged(entry.name + " is encrypted");
    entries.push_back(std::move(entry));
    at += kCentralBytes + rest;
  }
  return entries;
}

Status ExtractZipEntry(const std::string& path, const ZipEntry& entry,
                       const std::function<Status(std::string_view)>& take) {
  TUTTI_ASSIGN_OR_RETURN(const ZipFile zip, ZipFile::Open(path));
  if (entry.method != 0 && entry.method != 8) {
    return zip.Damaged(entry.name + " is packed by method " + std::to_string(entry.method) +
                       ", only 0 and 8 are supported");
  }
  TUTTI_ASSIGN_OR_RETURN(const std::string header, zip.Read(entry.local_header, kLocalBytes));
  if (header.compare(0, 4, "PK\x03\x04") != 0) {
    return zip.Damaged("the header of " + entry.name + " is damaged");
  }
  const std::int64_t data = entry.local_header + static_cast<std::int64_t>(kLocalBytes) +
                            Number(header, 26, 2) + Number(header, 28, 2);
  std::int64_t made = 0;
  uLong crc = ::crc32(0, nullptr, 0);
  const auto count_and_take = [&](std::string_view piece) -> Status {
    made += static_cast<std::int64_t>(piece.size());
    if (made > entry.bytes) return zip.Damaged(entry.name + " unpacks to more than it says");
    crc = ::crc32(crc, reinterpret_cast<const Bytef*>(piece.data()),
                  static_cast<uInt>(piece.size()));
    return take(piece);
  };
  Inflater inflater;
  TUTTI_RETURN_IF_ERROR(
      ForEachPiece(zip, data, entry.packed_bytes, [&](std::string_view piece) -> Status {
        return entry.method == 0 ? count_and_take(piece)
                                 : inflater.Feed(zip, piece, count_and_take);
      }));
  if (made != entry.bytes || crc != entry.crc32) {
    return zip.Damaged(entry.name + ": " + std::to_string(made) + " bytes, expected " +
                       std::to_string(entry.bytes) + ", or their CRC-32 differs");
  }
  return Ok{};
}

}  // namespace tutti
