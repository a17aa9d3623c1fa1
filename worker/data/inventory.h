#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/result.h"

// Which data sets a machine has: for a worker's Hello and `tutti data ls`.

namespace tutti {

struct DatasetPresence {
  std::string name;    // "mnist"
  std::string sha256;  // Dataset::sha256 of what is there
  bool complete = false;             // all files there
  std::vector<std::string> files;    // paths of the files found
  std::vector<std::string> missing;  // names of the files not found
  std::int64_t bytes = 0;            // of the files found
};

// Every built-in data set of which at least one file lies under `root`, and glyphs, which needs
// none. Reads every byte of the files it finds. A root that does not exist holds only glyphs.
// kPermissionDenied or kInternal if a file that is there cannot be read.
Result<std::vector<DatasetPresence>> ListDatasets(const std::string& root);

}  // namespace tutti
