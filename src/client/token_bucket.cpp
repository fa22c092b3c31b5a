#include "client/token_bucket.h"

#include <algorithm>

namespace infinium::client {

TokenBucket::Duration TokenBucket::take(Time now) {
  const std::chrono::duration<double> passed = now - filled_at_;
  tokens_ = std::min(burst_, tokens_ + passed.count() * rate_);
  filled_at_ = now;
  tokens_ -= 1;
  if (tokens_ >= 0) {
    return Duration::zero();
  }
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(-tokens_ / rate_));
}

void TokenBucket::give_back() { tokens_ = std::min(burst_, tokens_ + 1); }

}  // namespace infinium::client
