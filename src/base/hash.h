#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace infinium {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of the bytes.
[[nodiscard]] Sha256 sha256(std::string_view bytes);

/// Whether two digests are equal, in time that does not depend on where they differ.
[[nodiscard]] bool equal_in_constant_time(const Sha256& a, const Sha256& b);

/// FNV-1a, 64 bits: fast and the same everywhere; not for secrets. Chain with `seed`.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view bytes,
                                            std::uint64_t seed = 14695981039346656037ull) {
  for (const char c : bytes) {
    seed = (seed ^ static_cast<std::uint8_t>(c)) * 1099511628211ull;
  }
  return seed;
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace infinium
