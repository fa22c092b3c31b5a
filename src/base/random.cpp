#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace infinium {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    const ssize_t n = getrandom(out.data() + filled, out.size() - filled, 0);
    if (n > 0) {
      filled += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      std::abort();  // no randomness: going on would make guessable secrets
    }
  }
}

std::string make_secret(Random& random, std::string_view prefix) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  std::string secret(prefix);
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    bit_count += 8;
    while (bit_count >= 6) {
      bit_count -= 6;
      secret += kAlphabet[(bits >> bit_count) & 63u];
    }
  }
  secret += kAlphabet[(bits << (6 - bit_count)) & 63u];
  return secret;
}

}  // namespace infinium
