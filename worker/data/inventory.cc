#include "worker/data/inventory.h"

#include <filesystem>

#include "experiments/core/sha256.h"
#include "worker/data/file_bytes.h"
#include "worker/data/glyphs.h"
#include "worker/data/known_datasets.h"

namespace tutti {

Result<std::vector<DatasetPresence>> ListDatasets(const std::string& root) {
  std::vector<DatasetPresence> list;
  DatasetPresence glyphs;
  glyphs.name = "glyphs";
  glyphs.sha256 = GlyphIdentity();
  glyphs.complete = true;
  list.push_back(glyphs);
  for (const KnownDataset& set : KnownDatasets()) {
    DatasetPresence presence;
    presence.name = std::string(set.name);
    std::string identity;
    for (const std::string& file : set.AllFiles()) {
      const auto path = LocateFile(set, root, file);
      if (!path) {
        presence.missing.push_back(file);
        continue;
      }
      TUTTI_ASSIGN_OR_RETURN(const FileDigest digest, DigestFile(*path));
      presence.files.push_back(*path);
      presence.bytes += digest.bytes;
      identity += std::filesystem::path(*path).filename().string() + "  " + digest.sha256 + "\n";
    }
    if (presence.files.empty()) continue;
    presence.complete = presence.missing.empty();
    presence.sha256 = Sha256Hex(identity);
    list.push_back(std::move(presence));
  }
  return list;
}

}  // namespace tutti
