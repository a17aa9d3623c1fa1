#pragma once

#include <optional>
#include <string>

// SQLite's locks and its shared memory do not work over a network, where two hosts would each
// think that they alone write.

namespace tutti::storage {

// The name of the network file system that `path` (existing) lies on, e.g. "nfs" or "fuse.sshfs";
// nullopt if it is local, or unknown.
std::optional<std::string> NetworkFileSystem(const std::string& path);

// The name that belongs to a statfs f_type; nullopt if it is no network file system.
std::optional<std::string> NetworkFileSystemOfMagic(unsigned long magic);

// The same for a file system type as /proc/self/mountinfo names it: "fuse.sshfs".
bool IsNetworkFuse(const std::string& type);

}  // namespace tutti::storage
