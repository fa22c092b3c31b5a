#include "client/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace infinium::client {
namespace {

bool can_help(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::answered:
      return outcome.status == 429 || outcome.status >= 500;
    case Outcome::Kind::broken:
    case Outcome::Kind::timed_out:
      return true;
    case Outcome::Kind::final:
      break;
  }
  return false;
}

}  // namespace

std::optional<Retry::Wait> Retry::step(const Outcome& outcome, Time now) {
  if (!can_help(outcome) || retries_ >= policy_.retries_max) {
    return std::nullopt;
  }
  if (outcome.retry_after && *outcome.retry_after > policy_.wait_max) {
    return std::nullopt;
  }
  ++retries_;
  const Wait backoff = jittered(next_wait_);
  next_wait_ = std::min(next_wait_ * 2, policy_.wait_max);
  const Wait wait = outcome.retry_after ? Wait(*outcome.retry_after) : backoff;
  if (deadline_ && now + wait >= *deadline_) {
    return std::nullopt;
  }
  return wait;
}

Retry::Wait Retry::jittered(Wait wait) {
  std::array<std::uint8_t, 2> bytes{};
  random_.fill(bytes);
  const std::int64_t draw = bytes[0] * 256 + bytes[1];  // 0 … 65535
  // 75 % … 125 %, never above the cap.
  return std::min(Wait(wait.count() * 3 / 4 + wait.count() * draw / 131'070), policy_.wait_max);
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value) {
  std::uint32_t seconds = 0;
  const char* const last = value.data() + value.size();
  const auto [end, error] = std::from_chars(value.data(), last, seconds);
  if (error != std::errc{} || end != last) {
    return std::nullopt;
  }
  return std::chrono::seconds(seconds);
}

}  // namespace infinium::client
