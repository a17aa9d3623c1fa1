#include "worker/data/file_bytes.h"

namespace tutti {

Result<std::vector<std::uint8_t>> Gunzip(std::string_view, const std::string& path) {
  return FailedPrecondition("this build cannot read .gz: decompress the file " + path +
                            " (gunzip -k)");
}

}  // namespace tutti
