#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace infinium {

/// A 128-bit id (RFC 9562), of any version. A value type; ordered by its bytes.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// From the 36-character form, either case; nothing for any other text.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  /// The lower-case 36-character form.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] int version() const noexcept { return bytes[6] >> 4; }

  auto operator<=>(const Uuid&) const = default;
};

/// A new UUIDv7: milliseconds of `clock`, then 74 random bits. Ids made in one millisecond are not
/// ordered among each other.
[[nodiscard]] Uuid make_uuid_v7(const Clock& clock, Random& random);

}  // namespace infinium
