#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace infinium {

Sha256 sha256(std::string_view bytes) {
  // The algorithm is looked up once: by name, the look-up takes longer than a short digest.
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256 digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, kAlgorithm, nullptr);
  return digest;
}

bool equal_in_constant_time(const Sha256& a, const Sha256& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kDigits[byte >> 4u];
    out += kDigits[byte & 15u];
  }
  return out;
}

}  // namespace infinium
