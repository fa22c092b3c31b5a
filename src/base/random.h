#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace infinium {

/// Where randomness comes from; a test gives its own. Implementations may be called from any
/// thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// The operating system's generator (getrandom); fit for secrets.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// A new secret of 256 random bits, as `prefix` and 43 URL-safe characters.
[[nodiscard]] std::string make_secret(Random& random, std::string_view prefix);

}  // namespace infinium
