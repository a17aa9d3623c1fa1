#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "worker/data/fetch.h"
#include "worker/data/file_bytes.h"
#include "worker/data/part_file.h"

namespace tutti {
namespace {

using Clock = std::chrono::steady_clock;

// What libcurl's callbacks see. `failure` is set by the callback that stopped the transfer.
struct Transfer {
  const FetchOptions* options = nullptr;
  PartFile* part = nullptr;
  FetchProgress progress;
  std::int64_t limit = 0;
  std::int64_t offset = 0;  // of the part when the transfer began
  Clock::time_point last_call{};
  Clock::time_point last_bytes = Clock::now();
  bool stalled = false;
  Status failure = Ok{};
};

Error Cancelled(const std::string& path) {
  return Error(ErrorCode::kCancelled, "stopped; what has come is kept in " + path);
}

std::size_t OnBytes(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view bytes(data, size * count);
  if (transfer.part->bytes() + static_cast<std::int64_t>(bytes.size()) > transfer.limit) {
    transfer.failure = DataLoss("the server sends more than " + std::to_string(transfer.limit) +
                                " bytes");
    return 0;
  }
  transfer.last_bytes = Clock::now();
  transfer.failure = transfer.part->Append(bytes);
  return transfer.failure ? bytes.size() : 0;
}

// libcurl calls this at least once a second. A value other than 0 ends the transfer.
int OnProgress(void* user, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto now = Clock::now();
  // Own, since libcurl's low-speed limit looks at an average and sees a stall seconds late.
  const auto limit = std::chrono::milliseconds(transfer.options->stall_timeout_ms);
  transfer.stalled = now - transfer.last_bytes > limit;
  if (transfer.stalled) return 1;
  if (!transfer.options->progress) return 0;
  if (now - transfer.last_call < std::chrono::milliseconds(200)) return 0;
  transfer.last_call = now;
  transfer.progress.bytes = transfer.part->bytes();
  if (transfer.progress.total < 0 && total > 0) transfer.progress.total = transfer.offset + total;
  if (transfer.options->progress(transfer.progress)) return 0;
  transfer.failure = Cancelled(transfer.part->path());
  return 1;
}

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;

void SetOptions(CURL* curl, const std::string& url, Transfer& transfer) {
  const FetchOptions& options = *transfer.options;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "tutti/0.1");
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout_ms));
  curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.offset));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &OnBytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &OnProgress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

// What to do after a transfer.
enum class Next { kCheck, kRetry, kOtherAddress, kStop };

struct Outcome {
  Next next;
  Status status;
};

// One transfer from where the part ends.
Outcome Transmit(const RemoteFile& file, const std::string& url, PartFile& part,
                 const FetchOptions& options) {
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) return {Next::kStop, Internal("libcurl cannot start")};
  Transfer transfer;
  transfer.options = &options;
  transfer.part = &part;
  transfer.progress = {file.name, part.bytes(), file.bytes};
  transfer.limit = file.bytes >= 0 ? file.bytes : kMaxDataFileBytes;
  transfer.offset = part.bytes();
  SetOptions(curl.get(), url, transfer);
  char text[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, text);
  const CURLcode code = curl_easy_perform(curl.get());
  if (!transfer.failure) {
    const bool too_much = transfer.failure.error().code() == ErrorCode::kDataLoss;
    if (too_much) {
      if (Status cleared = part.Clear(); !cleared) return {Next::kStop, std::move(cleared)};
    }
    return {too_much ? Next::kOtherAddress : Next::kStop, transfer.failure.error().Wrap(url)};
  }
  if (code == CURLE_OK) return {Next::kCheck, Ok{}};
  if (transfer.stalled) {
    return {Next::kRetry, Unavailable(url + ": no data for " +
                                      std::to_string(options.stall_timeout_ms) + " ms")};
  }
  long http = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &http);
  Status status = Unavailable(url + ": " + (text[0] != '\0' ? text : curl_easy_strerror(code)));
  // The server cannot go on in the middle, or has less than we have: begin again.
  if (code == CURLE_RANGE_ERROR || http == 416) {
    if (Status cleared = part.Clear(); !cleared) return {Next::kStop, std::move(cleared)};
    return {Next::kRetry, std::move(status)};
  }
  const bool final_answer = code == CURLE_HTTP_RETURNED_ERROR && http >= 400 && http < 500 &&
                            http != 408 && http != 429;
  return {final_answer ? Next::kOtherAddress : Next::kRetry, std::move(status)};
}

// kDataLoss if the bytes that came are not the file.
Status Check(const RemoteFile& file, const PartFile& part) {
  if (file.bytes >= 0 && part.bytes() != file.bytes) {
    return DataLoss(file.name + ": " + std::to_string(part.bytes()) + " bytes came, expected " +
                    std::to_string(file.bytes));
  }
  if (file.md5.empty()) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(const std::string md5, FileMd5(part.path()));
  if (md5 != file.md5) {
    return DataLoss(file.name + ": MD5 " + md5 + ", expected " + file.md5);
  }
  return Ok{};
}

// False if the caller asked to stop meanwhile.
bool WaitBefore(int attempt, const RemoteFile& file, const PartFile& part,
                const FetchOptions& options) {
  std::int64_t left = options.backoff_ms;
  for (int i = 1; i < attempt && left < 8000; ++i) left *= 2;
  for (left = std::min<std::int64_t>(left, 8000); left > 0; left -= 200) {
    if (options.progress && !options.progress({file.name, part.bytes(), file.bytes})) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(left, 200)));
  }
  return true;
}

// Fetches from one address until the part is right. kDataLoss: it is not what it should be.
Outcome FromAddress(const RemoteFile& file, const std::string& url, PartFile& part,
                    const FetchOptions& options) {
  Outcome last{Next::kOtherAddress, Unavailable(url + ": not tried")};
  for (int attempt = 0, wrong = 0; attempt < std::max(options.attempts, 1); ++attempt) {
    if (attempt > 0 && !WaitBefore(attempt, file, part, options)) {
      return {Next::kStop, Cancelled(part.path())};
    }
    if (file.bytes >= 0 && part.bytes() == file.bytes) {
      last = {Next::kCheck, Ok{}};  // all came before; only the check is missing
    } else {
      last = Transmit(file, url, part, options);
    }
    if (last.next == Next::kCheck) {
      Status status = Check(file, part);
      if (status) return {Next::kCheck, Ok{}};
      if (Status cleared = part.Clear(); !cleared) return {Next::kStop, std::move(cleared)};
      last = {Next::kRetry, status.error().Wrap(url)};
      if (++wrong == 2) return {Next::kOtherAddress, std::move(last.status)};
    }
    if (last.next != Next::kRetry) return last;
  }
  last.next = Next::kOtherAddress;
  return last;
}

Status InitialiseCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) return Internal("libcurl cannot start");
  return Ok{};
}

Result<bool> AlreadyThere(const RemoteFile& file, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return false;
  if (file.md5.empty()) return true;
  TUTTI_ASSIGN_OR_RETURN(const std::string md5, FileMd5(path));
  return md5 == file.md5;
}

}  // namespace

Result<bool> FetchFile(const RemoteFile& file, const std::string& directory,
                       const FetchOptions& options) {
  TUTTI_RETURN_IF_ERROR(InitialiseCurl());
  const std::string path = directory + "/" + file.name;
  TUTTI_ASSIGN_OR_RETURN(const bool there, AlreadyThere(file, path));
  if (there) return false;
  TUTTI_ASSIGN_OR_RETURN(PartFile part, PartFile::Open(path));
  if (file.bytes >= 0 && part.bytes() > file.bytes) TUTTI_RETURN_IF_ERROR(part.Clear());
  std::string failures;
  bool all_wrong = true;
  for (const std::string& url : file.urls) {
    Outcome outcome = FromAddress(file, url, part, options);
    if (outcome.status) {
      TUTTI_RETURN_IF_ERROR(part.Publish());
      return true;
    }
    const Error& error = outcome.status.error();
    if (outcome.next == Next::kStop) return error.Wrap("cannot fetch " + file.name);
    all_wrong = all_wrong && error.code() == ErrorCode::kDataLoss;
    failures += (failures.empty() ? "" : "; ") + error.ToString();
  }
  const std::string message = "cannot fetch " + file.name + ": " + failures;
  return all_wrong ? DataLoss(message) : Unavailable(message);
}

}  // namespace tutti
