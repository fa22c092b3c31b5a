#include "client/retry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace infinium::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), byte_); }

 private:
  std::uint8_t byte_;
};

constexpr Retry::Time kNow{};
constexpr Outcome kBroken{.kind = Outcome::Kind::broken};
constexpr Outcome kTimedOut{.kind = Outcome::Kind::timed_out};
constexpr Outcome kFinal{.kind = Outcome::Kind::final};

Outcome answered(int status, std::optional<seconds> retry_after = std::nullopt) {
  return {.kind = Outcome::Kind::answered, .status = status, .retry_after = retry_after};
}

TEST(Retry, TriesAgainOnlyWhatMayHelp) {
  FixedRandom random(0);
  for (const Outcome& outcome : {kBroken, kTimedOut, answered(500), answered(503), answered(429)}) {
    EXPECT_TRUE(Retry({}, std::nullopt, random).step(outcome, kNow)) << outcome.status;
  }
  for (const int status : {200, 201, 202, 301, 400, 401, 403, 404, 409, 413, 422}) {
    EXPECT_FALSE(Retry({}, std::nullopt, random).step(answered(status), kNow)) << status;
  }
  EXPECT_FALSE(Retry({}, std::nullopt, random).step(kFinal, kNow));
}

TEST(Retry, GivesUpAfterTheLastRetry) {
  FixedRandom random(0);
  Retry retry({.retries_max = 2}, std::nullopt, random);
  EXPECT_TRUE(retry.step(kBroken, kNow));
  EXPECT_TRUE(retry.step(answered(500), kNow));
  EXPECT_FALSE(retry.step(kTimedOut, kNow));
  EXPECT_FALSE(Retry({.retries_max = 0}, std::nullopt, random).step(kBroken, kNow));
}

TEST(Retry, WaitsTwiceAsLongEachTimeUpToAMinute) {
  FixedRandom least(0);
  FixedRandom most(255);
  Retry short_waits({.retries_max = 9}, std::nullopt, least);
  Retry long_waits({.retries_max = 9}, std::nullopt, most);
  for (const int second : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    EXPECT_EQ(short_waits.step(kBroken, kNow), milliseconds(second * 750));
    EXPECT_EQ(long_waits.step(kBroken, kNow), milliseconds(std::min(second * 1'250, 60'000)));
  }
}

TEST(Retry, WaitsAsLongAsTheServerSays) {
  FixedRandom random(0);
  Retry retry({}, std::nullopt, random);
  EXPECT_EQ(retry.step(answered(429, seconds(7)), kNow), milliseconds(7'000));
  EXPECT_EQ(retry.step(answered(503, seconds(0)), kNow), milliseconds(0));
  EXPECT_EQ(Retry({}, std::nullopt, random).step(answered(429, seconds(61)), kNow), std::nullopt);
}

TEST(Retry, NeverWaitsPastTheDeadline) {
  FixedRandom random(0);
  EXPECT_TRUE(Retry({}, kNow + milliseconds(751), random).step(kBroken, kNow));
  EXPECT_FALSE(Retry({}, kNow + milliseconds(750), random).step(kBroken, kNow));
  EXPECT_FALSE(Retry({}, kNow + seconds(3), random).step(answered(429, seconds(5)), kNow));
}

TEST(ParseRetryAfter, ReadsWholeSecondsOnly) {
  EXPECT_EQ(parse_retry_after("0"), seconds(0));
  EXPECT_EQ(parse_retry_after("120"), seconds(120));
  for (const char* const text : {"", "-1", "1.5", "1 s", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
    EXPECT_EQ(parse_retry_after(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace infinium::client
