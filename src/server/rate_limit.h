#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/uuid.h"

namespace infinium::server {

using TimePoint = std::chrono::steady_clock::time_point;

/// Hands out `rate` tokens a second and at most `burst` at once. Not thread-safe.
class TokenBucket {
 public:
  TokenBucket(double rate, double burst, TimePoint now)
      : rate_(rate), burst_(burst), tokens_(burst), at_(now) {}

  /// Takes up to `wanted` tokens and says how many there were.
  [[nodiscard]] std::size_t take(std::size_t wanted, TimePoint now);
  /// Whole seconds, at least 1, until the next token. Call after take().
  [[nodiscard]] int seconds_to_next() const;

 private:
  double rate_;
  double burst_;
  double tokens_;
  TimePoint at_;
};

/// One bucket for each agent (or prompt), whose number is bounded by the store: only who has proved
/// a credential gets one. Any thread may call.
class RateLimiter {
 public:
  struct Grant {
    std::size_t granted = 0;
    int retry_after_s = 0;  ///< above zero if less than wanted was granted
  };

  /// `rate` 0: no limit.
  explicit RateLimiter(double rate, double burst) : rate_(rate), burst_(burst) {}

  [[nodiscard]] Grant take(const Uuid& who, std::size_t wanted, TimePoint now);

 private:
  struct Hash {
    std::size_t operator()(const Uuid& id) const noexcept;
  };

  double rate_;
  double burst_;
  std::mutex mutex_;
  std::unordered_map<Uuid, TokenBucket, Hash> buckets_;
};

}  // namespace infinium::server
