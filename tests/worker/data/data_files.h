#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Makes IDX files for the tests of worker/data in a folder that disappears with the object.

namespace tutti::test {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  // Writes a file, with the folders it lies in; returns its path.
  std::string Write(const std::string& name, const std::string& bytes) const;
  std::string Read(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

std::string Gzip(const std::string& bytes);
// `pixels` has n * h * w values.
std::string IdxImages(std::uint32_t n, std::uint32_t h, std::uint32_t w,
                      const std::string& pixels);
std::string IdxLabels(const std::vector<int>& labels);
// n images of h x w whose pixels count up from 0, modulo 251.
std::string CountingPixels(std::uint32_t n, std::uint32_t h, std::uint32_t w);

}  // namespace tutti::test
