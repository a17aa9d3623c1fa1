#include "storage/file_system.h"

#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace tutti::storage {
namespace {

// statfs(2), and the headers of Lustre (lustre_user.h) and GPFS.
constexpr std::array<std::pair<unsigned long, std::string_view>, 11> kMagics{{
    {0x6969, "nfs"},
    {0xFF534D42, "cifs"},
    {0xFE534D42, "smb2"},
    {0x517B, "smb"},
    {0x01021997, "9p"},
    {0x0BD00BD0, "lustre"},
    {0x47504653, "gpfs"},
    {0x00C36400, "ceph"},
    {0x5346414F, "afs"},
    {0x6B414653, "afs"},
    {0x73757245, "coda"},
}};
constexpr unsigned long kFuseMagic = 0x65735546;

// FUSE says nothing in statfs: overlays of containers are local, sshfs is not. The mount's type
// tells them apart.
std::string MountType(const struct stat& info) {
  const std::string device =
      std::to_string(major(info.st_dev)) + ":" + std::to_string(minor(info.st_dev));
  std::ifstream mounts("/proc/self/mountinfo");
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream fields(line);
    std::string id, parent, number, field;
    fields >> id >> parent >> number;
    if (number != device) continue;
    while (fields >> field && field != "-") {
    }
    if (fields >> field) return field;
  }
  return "";
}

}  // namespace

std::optional<std::string> NetworkFileSystemOfMagic(unsigned long magic) {
  for (const auto& [number, name] : kMagics) {
    if (number == magic) return std::string(name);
  }
  return std::nullopt;
}

bool IsNetworkFuse(const std::string& type) {
  constexpr std::array<std::string_view, 10> kTypes{
      "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs",    "fuse.gcsfuse", "fuse.rclone",
      "fuse.davfs", "fuse.juicefs",   "fuse.goofys", "fuse.ceph-fuse", "fuse.mount-s3"};
  for (const std::string_view known : kTypes) {
    if (type == known) return true;
  }
  return false;
}

std::optional<std::string> NetworkFileSystem(const std::string& path) {
  struct statfs file_system {};
  if (statfs(path.c_str(), &file_system) != 0) return std::nullopt;
  const auto magic = static_cast<unsigned long>(file_system.f_type) & 0xFFFFFFFFul;
  if (magic != kFuseMagic) return NetworkFileSystemOfMagic(magic);
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  const std::string type = MountType(info);
  if (IsNetworkFuse(type)) return type;
  return std::nullopt;
}

}  // namespace tutti::storage
