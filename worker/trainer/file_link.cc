#include "worker/trainer/file_link.h"

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace tutti::trainer {
namespace {

// A standalone run without its records is worthless.
[[noreturn]] void CannotWrite(const std::string& path) {
  std::fprintf(stderr, "tutti-trainer: %s\n",
               ErrnoError(errno, "cannot write " + path).ToString().c_str());
  std::exit(1);
}

}  // namespace

Result<std::unique_ptr<FileLink>> FileLink::Open(const std::string& directory, bool writes,
                                                 std::int64_t stop_after_polls) {
  std::FILE* records = nullptr;
  if (writes) {
    const std::string path = directory + "/records.jsonl";
    records = std::fopen(path.c_str(), "wb");
    if (records == nullptr) return ErrnoError(errno, "cannot write " + path);
  }
  return std::unique_ptr<FileLink>(new FileLink(directory, records, stop_after_polls));
}

FileLink::~FileLink() {
  if (records_ != nullptr && std::fclose(records_) != 0) CannotWrite(directory_);
}

void FileLink::Send(Record record) {
  if (records_ == nullptr) return;
  const std::string line = record.header.Dump() + "\n";
  if (std::fwrite(line.data(), 1, line.size(), records_) != line.size()) CannotWrite(directory_);
  if (record.payload.empty()) return;
  const std::string path =
      directory_ + "/evaluation-" + record.header["split"].AsString() + ".bin";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr ||
      std::fwrite(record.payload.data(), 1, record.payload.size(), file) !=
          record.payload.size() ||
      std::fclose(file) != 0) {
    CannotWrite(path);
  }
}

StopRequest FileLink::PollStop(std::int64_t) {
  ++polls_;
  const bool stop = stop_after_polls_ > 0 && polls_ == stop_after_polls_;
  return stop ? StopRequest::kCheckpoint : StopRequest::kNone;
}

}  // namespace tutti::trainer
