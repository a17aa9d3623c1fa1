#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// SHA-256 (FIPS 180-4). Our own because the trainer must build on a machine that has torch and
// nothing else; checked against the standard's test vectors.

namespace tutti {

class Sha256 {
 public:
  void Update(std::string_view bytes);
  // The digest as 64 lower-case hexadecimal digits. The object must not be used afterwards.
  std::string HexDigest();

 private:
  void Block(const unsigned char* p);
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> buffer_{};
  std::uint64_t size_ = 0;
};

std::string Sha256Hex(std::string_view bytes);

}  // namespace tutti
