#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "worker/data/fetch.h"

namespace tutti {

Result<std::string> FileMd5(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  if (!file) return ErrnoError(errno, "cannot open " + path);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1) {
    return Internal("OpenSSL refuses MD5 (FIPS mode?), which the official checksums need");
  }
  std::vector<unsigned char> piece(std::size_t{1} << 18);
  while (true) {
    const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get());
    if (n > 0 && EVP_DigestUpdate(context.get(), piece.data(), n) != 1) {
      return Internal("OpenSSL fails in MD5 of " + path);
    }
    if (n == piece.size()) continue;
    if (std::ferror(file.get()) != 0) return ErrnoError(errno, "cannot read " + path);
    break;
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (EVP_DigestFinal_ex(context.get(), digest, &length) != 1) {
    return Internal("OpenSSL fails in MD5 of " + path);
  }
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

}  // namespace tutti
