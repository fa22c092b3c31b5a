#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace infinium {

/// Where time comes from; a test gives its own. Implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since the Unix epoch.
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;
  /// A clock that never goes back, for measuring and deadlines.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ms() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
};

/// "2026-01-31T12:00:00.000Z" from milliseconds since the epoch (years 0000–9999).
[[nodiscard]] std::string format_iso8601(std::int64_t epoch_ms);

/// Milliseconds since the epoch from ISO 8601: a date, or a date and a time (`T` or a space, with
/// seconds and fraction optional) with `Z`, an offset, or nothing (UTC). Years 1900–2100; anything
/// else is nothing.
[[nodiscard]] std::optional<std::int64_t> parse_iso8601(std::string_view text);

}  // namespace infinium
