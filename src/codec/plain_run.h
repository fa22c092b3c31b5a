#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace infinium::codec {

/// Whether a character stands for itself in a JSON string and is ASCII.
[[nodiscard]] constexpr bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

/// The end of the run of plain characters that starts at `at`, eight at a time: a quote, a
/// backslash, a control character, a byte over 0x7F, or `end`.
[[nodiscard]] inline const char* plain_run_end(const char* at, const char* end) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighs = 0x8080808080808080u;
  while (end - at >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t quote = (word ^ (kOnes * '"')) - kOnes;
    const std::uint64_t backslash = (word ^ (kOnes * '\\')) - kOnes;
    const std::uint64_t control = word - kOnes * 0x20;
    const std::uint64_t special = (quote | backslash | control | word) & kHighs;
    if (special != 0) {
      // A borrow runs only upwards: the lowest mark is always a true one.
      if constexpr (std::endian::native == std::endian::little) {
        return at + std::countr_zero(special) / 8;
      } else {
        break;
      }
    }
    at += 8;
  }
  while (at != end && is_plain(*at)) {
    ++at;
  }
  return at;
}

}  // namespace infinium::codec
