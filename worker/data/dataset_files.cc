#include "worker/data/dataset_files.h"

#include <filesystem>

#include "experiments/core/sha256.h"
#include "worker/data/file_bytes.h"

namespace tutti {

Result<std::vector<std::uint8_t>> DatasetFiles::Read(const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(FileBytes file, ReadDataFile(path));
  Add(std::filesystem::path(path).filename().string(), file.sha256);
  return std::move(file.bytes);
}

void DatasetFiles::Add(std::string_view name, std::string_view sha256) {
  lines_.append(name).append("  ").append(sha256).append("\n");
}

std::string DatasetFiles::Identity() const { return Sha256Hex(lines_); }

}  // namespace tutti
