#include "server/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace infinium::server {

std::size_t TokenBucket::take(std::size_t wanted, TimePoint now) {
  const double elapsed = std::chrono::duration<double>(now - at_).count();
  tokens_ = std::min(burst_, tokens_ + std::max(0.0, elapsed) * rate_);
  at_ = std::max(at_, now);
  const double granted = std::min(static_cast<double>(wanted), std::floor(tokens_));
  tokens_ -= granted;
  return static_cast<std::size_t>(granted);
}

int TokenBucket::seconds_to_next() const {
  return std::max(1, static_cast<int>(std::ceil((1.0 - tokens_) / rate_)));
}

std::size_t RateLimiter::Hash::operator()(const Uuid& id) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, id.bytes.data() + 8, sizeof hash);  // the random half of any version
  return hash;
}

RateLimiter::Grant RateLimiter::take(const Uuid& who, std::size_t wanted, TimePoint now) {
  if (rate_ <= 0) {
    return {.granted = wanted};
  }
  const std::lock_guard lock(mutex_);
  TokenBucket& bucket = buckets_.try_emplace(who, rate_, burst_, now).first->second;
  Grant grant{.granted = bucket.take(wanted, now)};
  if (grant.granted < wanted) {
    grant.retry_after_s = bucket.seconds_to_next();
  }
  return grant;
}

}  // namespace infinium::server
