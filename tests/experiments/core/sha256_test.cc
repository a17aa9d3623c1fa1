// Goal: digests are SHA-256's, however the bytes arrive. Method: the examples of FIPS 180-4 and
// NIST's CAVS files, and every cut of a message around the block size.

#include "experiments/core/sha256.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Sha256, GivesTheStandardsDigests) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                      "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(Sha256Hex("\xbd"), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  for (std::size_t size : {0u, 1u, 55u, 56u, 57u, 63u, 64u, 65u, 119u, 120u, 128u, 200u}) {
    std::string message;
    for (std::size_t i = 0; i < size; ++i) message += static_cast<char>(i * 7);
    const std::string expected = Sha256Hex(message);
    for (std::size_t cut = 0; cut <= size; ++cut) {
      Sha256 hash;
      hash.Update(std::string_view(message).substr(0, cut));
      hash.Update(std::string_view(message).substr(cut));
      EXPECT_EQ(hash.HexDigest(), expected);
    }
    Sha256 bytewise;
    for (const char byte : message) bytewise.Update({&byte, 1});
    EXPECT_EQ(bytewise.HexDigest(), expected);
  }
}

}  // namespace
}  // namespace tutti
