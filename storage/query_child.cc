#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <string_view>
#include <utility>

#include "storage/query_record.h"

// The helper's side of a query: see query_process.h.

namespace tutti::storage {
namespace {

// A sanitizer's shadow memory alone is larger than any limit that makes sense.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitMemory = false;
#else
constexpr bool kLimitMemory = true;
#endif

Status SetLimit(__rlimit_resource resource, std::int64_t value, const char* what) {
  rlimit limit{};
  limit.rlim_cur = static_cast<rlim_t>(value);
  limit.rlim_max = limit.rlim_cur;
  if (setrlimit(resource, &limit) == 0) return Ok{};
  return ErrnoError(errno, std::string("cannot limit the query's ") + what);
}

Status Confine(const QueryRequest& request) {
  TUTTI_RETURN_IF_ERROR(SetLimit(RLIMIT_CORE, 0, "core file"));
  const std::int64_t cpu_s = (request.limits.timeout_ms + kGraceMs + 999) / 1000;
  TUTTI_RETURN_IF_ERROR(SetLimit(RLIMIT_CPU, cpu_s, "CPU time"));
  if (!kLimitMemory) return Ok{};
  return SetLimit(RLIMIT_AS, request.memory_bytes, "memory");
}

Result<QueryRequest> ReadRequest() {
  RecordDecoder decoder;
  std::array<char, 16384> buffer{};
  Record record;
  while (true) {
    TUTTI_ASSIGN_OR_RETURN(const auto outcome, decoder.Next(record));
    if (outcome == RecordDecoder::Outcome::kRecord) return ParseRequest(record);
    const ssize_t n = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot read the query");
    if (n == 0) return DataLoss("the query ended early");
    decoder.Feed(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

// False: nobody reads any more.
bool Send(const Record& record) {
  const std::string frame = EncodeRecord(record);
  std::string_view rest = frame;
  while (!rest.empty()) {
    const ssize_t n = write(STDOUT_FILENO, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Rows become JSON text at once: a list of Json values would take many times the memory.
class ChunkWriter {
 public:
  bool Columns(const std::vector<std::string>& columns) {
    columns_ = columns;
    return true;
  }
  bool Add(const Row& row) {
    const std::string text = Json(row).Dump();
    if (text.size() > kMaxRowBytes) {
      too_long_ = text.size();
      return false;
    }
    if (!rows_.empty()) rows_ += ',';
    rows_ += text;
    return rows_.size() < kChunkBytes || Flush(false, false);
  }
  bool Flush(bool truncated, bool last) {
    const bool sent = Send(ChunkRecord(columns_, "[" + rows_ + "]", truncated, last));
    columns_.clear();  // the first chunk has them
    rows_.clear();
    return sent;
  }
  std::size_t too_long() const { return too_long_; }

 private:
  std::vector<std::string> columns_;
  std::string rows_;
  std::size_t too_long_ = 0;
};

Status Answer() {
  TUTTI_ASSIGN_OR_RETURN(const QueryRequest request, ReadRequest());
  TUTTI_RETURN_IF_ERROR(Confine(request));
  TUTTI_ASSIGN_OR_RETURN(const auto store, ReadStore::Open(request.database));
  ChunkWriter writer;
  const auto truncated = store->Stream(
      request.sql, request.params, request.limits,
      [&](const std::vector<std::string>& columns) { return writer.Columns(columns); },
      [&](const Row& row) { return writer.Add(row); });
  if (writer.too_long() > 0) {
    return Error(ErrorCode::kResourceExhausted,
                 "a row has " + std::to_string(writer.too_long()) + " bytes of text, at most " +
                     std::to_string(kMaxRowBytes) + " are allowed: select fewer or shorter columns");
  }
  if (!truncated) return truncated.error();
  if (!writer.Flush(*truncated, true)) {
    return Error(ErrorCode::kCancelled, "nobody reads the query's rows");
  }
  return Ok{};
}

}  // namespace

int QueryHelperMain(int, char**) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGPIPE, SIG_IGN);
  std::set_new_handler([] { _exit(kOutOfMemoryExit); });
  const Status status = Answer();
  if (status) return 0;
  return Send(ErrorRecord(status.error())) ? 0 : 1;
}

}  // namespace tutti::storage
