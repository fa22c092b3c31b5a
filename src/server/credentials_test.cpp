#include "server/credentials.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace infinium::server {
namespace {

using std::chrono::milliseconds;

const TimePoint kStart{std::chrono::hours(1)};

Uuid id_of(std::uint8_t n) {
  Uuid id;
  id.bytes[15] = n;
  return id;
}

store::Agent agent_of(std::uint8_t n, std::string_view secret) {
  store::Agent agent;
  agent.key = n;
  agent.id = id_of(n);
  agent.secret_hash = sha256(secret);
  return agent;
}

TEST(TokenBucket, RefillsUpToTheBurst) {
  TokenBucket bucket(2, 4, kStart);
  EXPECT_EQ(bucket.take(10, kStart), 4u);
  EXPECT_EQ(bucket.seconds_to_next(), 1);
  EXPECT_EQ(bucket.take(1, kStart + milliseconds(400)), 0u);
  EXPECT_EQ(bucket.take(1, kStart + milliseconds(500)), 1u);
  EXPECT_EQ(bucket.take(10, kStart + std::chrono::hours(1)), 4u);
  EXPECT_EQ(bucket.take(1, kStart), 0u) << "a clock that went back gives nothing";
}

TEST(RateLimiter, HasABucketForEach) {
  RateLimiter limiter(1, 2);
  EXPECT_EQ(limiter.take(id_of(1), 3, kStart).granted, 2u);
  const auto none = limiter.take(id_of(1), 1, kStart);
  EXPECT_EQ(none.granted, 0u);
  EXPECT_EQ(none.retry_after_s, 1);
  EXPECT_EQ(limiter.take(id_of(2), 1, kStart).granted, 1u);
  EXPECT_EQ(RateLimiter(0, 0).take(id_of(1), 1'000'000, kStart).granted, 1'000'000u);
}

TEST(FailureThrottle, BearsTwentyASecond) {
  FailureThrottle throttle;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(throttle.may_try("10.0.0.1", kStart));
    throttle.record_failure("10.0.0.1", kStart);
  }
  EXPECT_FALSE(throttle.may_try("10.0.0.1", kStart + milliseconds(999)));
  EXPECT_TRUE(throttle.may_try("10.0.0.2", kStart));
  EXPECT_TRUE(throttle.may_try("10.0.0.1", kStart + milliseconds(1000)));
}

TEST(FailureThrottle, TakesAnIpv6NetworkAsOneClient) {
  FailureThrottle throttle;
  for (int i = 0; i < 20; ++i) {
    throttle.record_failure("2001:db8::" + std::to_string(i), kStart);
  }
  EXPECT_FALSE(throttle.may_try("2001:db8::ffff", kStart));
  EXPECT_TRUE(throttle.may_try("2001:db8:0:1::1", kStart));
}

TEST(CredentialCache, RemembersAgentsAndStrangers) {
  CredentialCache cache;
  EXPECT_FALSE(cache.find(id_of(1)));
  cache.remember(id_of(1), agent_of(1, "s"), cache.generation());
  cache.remember(id_of(2), std::nullopt, cache.generation());
  ASSERT_TRUE(cache.find(id_of(1)));
  EXPECT_EQ((*cache.find(id_of(1)))->key, 1);
  ASSERT_TRUE(cache.find(id_of(2)));
  EXPECT_FALSE(cache.find(id_of(2))->has_value());
  cache.clear();
  EXPECT_FALSE(cache.find(id_of(1)));
  EXPECT_FALSE(cache.find(id_of(2)));
}

TEST(CredentialCache, DropsAnAnswerOlderThanAChange) {
  CredentialCache cache;
  const auto generation = cache.generation();
  cache.clear();
  cache.remember(id_of(1), agent_of(1, "s"), generation);
  EXPECT_FALSE(cache.find(id_of(1)));
}

TEST(Accepts, WantsAnEnabledAgentAndItsSecret) {
  store::Agent agent = agent_of(1, "secret");
  EXPECT_TRUE(accepts(agent, "secret"));
  EXPECT_FALSE(accepts(agent, "Secret"));
  EXPECT_FALSE(accepts(agent, ""));
  EXPECT_FALSE(accepts(CredentialCache::Known(), "secret"));
  EXPECT_FALSE(accepts(ReviewerCache::Known(), ""));
  agent.disabled = true;
  EXPECT_FALSE(accepts(agent, "secret"));
}

}  // namespace
}  // namespace infinium::server
