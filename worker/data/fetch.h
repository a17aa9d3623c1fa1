#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/core/result.h"

// Gets the official files of a data set and checks them. The only part of worker/data that needs
// libcurl and OpenSSL (target tutti_data_fetch).

namespace tutti {

struct FetchProgress {
  std::string file;
  std::int64_t bytes = 0;   // on disk so far, with what an earlier try left
  std::int64_t total = -1;  // -1 = not known yet
};

struct FetchOptions {
  // Tried instead of the official places: BASE_URL/FILE NAME. http or https.
  std::string mirror;
  int attempts = 4;                       // per address; each goes on where the last one stopped
  std::int64_t backoff_ms = 500;          // before the second; doubles, at most 8 s
  std::int64_t connect_timeout_ms = 15000;
  std::int64_t stall_timeout_ms = 20000;  // no byte for so long counts as a failure
  // Called a few times a second on the calling thread; false stops (kCancelled) and keeps what
  // has come for the next time.
  std::function<bool(const FetchProgress&)> progress;
};

struct FetchReport {
  std::vector<std::string> fetched;  // paths written now
  std::vector<std::string> present;  // paths that were there with the right checksum
};

// The names that can be fetched: mnist, fashion-mnist, kmnist, emnist (all six sets; any
// "emnist/…" means emnist).
std::vector<std::string> FetchableDatasets();

// Downloads the files of `name` into ROOT/NAME/. A file appears under its final name only after
// its size and MD5 are right and it is fsynced; until then it is FILE.part, from which a later
// call goes on. A .part that turns out wrong is removed and fetched once more from the start.
//
// kInvalidArgument: unknown name or bad mirror; kUnavailable: no address worked (the message has
// the last failure of each); kDataLoss: wrong checksum from every address; kResourceExhausted:
// disk full; kPermissionDenied: no right to write; kCancelled.
Result<FetchReport> FetchDataset(const std::string& name, const std::string& root,
                                 const FetchOptions& options);

struct VerifyLine {
  std::string path;
  enum class State { kOk, kWrong, kMissing, kUnknown } state = State::kOk;
  std::string detail;  // "MD5 …, expected …"
};

// Compares the files of `name` under root with the official MD5s. Unpacked files are kUnknown:
// there is no official checksum for them.
Result<std::vector<VerifyLine>> VerifyDataset(const std::string& name, const std::string& root);

// One downloadable file; public for tests.
struct RemoteFile {
  std::string name;               // final name
  std::vector<std::string> urls;  // official place first, then mirrors
  std::string md5;                // 32 lower-case hexadecimal digits; empty = not checked
  std::int64_t bytes = -1;        // -1 = not known
};

// Downloads one file into `directory` (which exists), as FetchDataset does. True if it was
// downloaded, false if it was there already.
Result<bool> FetchFile(const RemoteFile& file, const std::string& directory,
                       const FetchOptions& options);

// Takes the files of EMNIST's six sets out of its archive into `directory`, adds them to
// report.fetched and removes the archive. kDataLoss if one is missing or damaged.
Status UnpackEmnist(const std::string& archive, const std::string& directory, FetchReport& report);

// The MD5 of a file as hexadecimal digits.
Result<std::string> FileMd5(const std::string& path);

}  // namespace tutti
