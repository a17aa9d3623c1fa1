#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/core/result.h"

// FILE.part: a file on its way. It is locked while it is written, so that two fetches cannot mix
// their bytes, and gets its final name only when Publish() is called.

namespace tutti {

class PartFile {
 public:
  // Opens or creates FINAL_PATH.part, at its end. kFailedPrecondition if another process has it.
  static Result<PartFile> Open(const std::string& final_path);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();

  const std::string& path() const { return path_; }
  std::int64_t bytes() const { return bytes_; }

  Status Append(std::string_view bytes);
  // Back to empty.
  Status Clear();
  // Fsync, rename to the final name, fsync of the directory.
  Status Publish();

 private:
  PartFile(std::string final_path, int fd, std::int64_t bytes);

  std::string final_path_;
  std::string path_;
  int fd_;
  std::int64_t bytes_;
};

}  // namespace tutti
