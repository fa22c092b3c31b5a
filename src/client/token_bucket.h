#pragma once

#include <chrono>

namespace infinium::client {

/// A rate limit: `rate` tokens a second, at most `burst` in store, full at the start. Tokens are
/// taken in advance, so that callers are served in the order they ask. Not thread-safe.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// `rate` and `burst` are positive.
  TokenBucket(double rate, double burst, Time now)
      : rate_(rate), burst_(burst), tokens_(burst), filled_at_(now) {}

  /// Takes one token; the caller may go on after the returned time (zero: at once).
  [[nodiscard]] Duration take(Time now);

  /// Gives back a token that was taken and not used.
  void give_back();

 private:
  double rate_;
  double burst_;
  double tokens_;  ///< below zero: promised to callers that wait
  Time filled_at_;
};

}  // namespace infinium::client
