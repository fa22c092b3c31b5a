#include "client/token_bucket.h"

#include <gtest/gtest.h>

namespace infinium::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Duration = TokenBucket::Duration;

constexpr TokenBucket::Time kStart{};

TEST(TokenBucket, LetsABurstThroughAndThenTheRate) {
  TokenBucket bucket(10, 3, kStart);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bucket.take(kStart), Duration::zero());
  }
  EXPECT_EQ(bucket.take(kStart), milliseconds(100));
  EXPECT_EQ(bucket.take(kStart), milliseconds(200)) << "who waits first goes first";
}

TEST(TokenBucket, FillsWithTimeButNeverOverTheBurst) {
  TokenBucket bucket(10, 2, kStart);
  EXPECT_EQ(bucket.take(kStart), Duration::zero());
  EXPECT_EQ(bucket.take(kStart), Duration::zero());
  EXPECT_EQ(bucket.take(kStart + milliseconds(100)), Duration::zero());
  const auto later = kStart + seconds(1'000);
  EXPECT_EQ(bucket.take(later), Duration::zero());
  EXPECT_EQ(bucket.take(later), Duration::zero());
  EXPECT_EQ(bucket.take(later), milliseconds(100));
}

TEST(TokenBucket, TakesBackWhatWasNotUsed) {
  TokenBucket bucket(10, 1, kStart);
  EXPECT_EQ(bucket.take(kStart), Duration::zero());
  EXPECT_EQ(bucket.take(kStart), milliseconds(100));
  bucket.give_back();
  EXPECT_EQ(bucket.take(kStart), milliseconds(100));
  bucket.give_back();
  bucket.give_back();
  bucket.give_back();
  EXPECT_EQ(bucket.take(kStart), Duration::zero());
  EXPECT_EQ(bucket.take(kStart), milliseconds(100)) << "never more than the burst";
}

}  // namespace
}  // namespace infinium::client
