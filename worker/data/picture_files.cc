#include <algorithm>
#include <cctype>
#include <filesystem>

#include "worker/data/file_bytes.h"
#include "worker/data/picture.h"

namespace tutti {

Result<Picture> ReadPicture(const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(const FileBytes file, ReadDataFile(path));
  return DecodePicture({reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()}, path);
}

const std::vector<std::string>& PictureEndings() {
  static const std::vector<std::string> endings{"png", "jpg", "jpeg", "gif",  "bmp",
                                                "pgm", "ppm", "webp", "tif", "tiff"};
  return endings;
}

bool LooksLikePicture(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  if (ending.empty()) return false;
  ending.erase(0, 1);
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto& known = PictureEndings();
  return std::find(known.begin(), known.end(), ending) != known.end();
}

}  // namespace tutti
