#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

namespace tutti {

// Reads the files of a data set and keeps the lines that its identity (Dataset::sha256) is the
// hash of: "NAME  SHA-256\n" each, in the order they are read.
class DatasetFiles {
 public:
  // The unpacked bytes; the line names the file without its folder. Errors as ReadDataFile.
  Result<std::vector<std::uint8_t>> Read(const std::string& path);
  // A line of something that was read otherwise.
  void Add(std::string_view name, std::string_view sha256);
  std::string Identity() const;

 private:
  std::string lines_;
};

}  // namespace tutti
