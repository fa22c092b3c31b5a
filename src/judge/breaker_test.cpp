#include "judge/breaker.h"

#include <gtest/gtest.h>

namespace infinium::judge {
namespace {

using std::chrono::seconds;

constexpr BreakerOptions kOptions{.failures_max = 3, .open_for = seconds(60)};
const Breaker::Time kStart{seconds(1'000)};

void fail(Breaker& breaker, int times, Breaker::Time now) {
  for (int i = 0; i < times; ++i) {
    ASSERT_TRUE(breaker.permit(now));
    breaker.failed(now);
  }
}

TEST(Breaker, OpensAfterFailuresInARow) {
  Breaker breaker(kOptions);
  fail(breaker, 2, kStart);
  ASSERT_TRUE(breaker.permit(kStart));
  breaker.succeeded();
  fail(breaker, 2, kStart);
  EXPECT_FALSE(breaker.open());
  fail(breaker, 1, kStart);
  EXPECT_TRUE(breaker.open());
  EXPECT_FALSE(breaker.permit(kStart + seconds(59)));
}

TEST(Breaker, LetsOneProbeThrough) {
  Breaker breaker(kOptions);
  fail(breaker, 3, kStart);
  EXPECT_TRUE(breaker.permit(kStart + seconds(60)));
  EXPECT_FALSE(breaker.permit(kStart + seconds(61)));
  breaker.succeeded();
  EXPECT_FALSE(breaker.open());
  EXPECT_TRUE(breaker.permit(kStart + seconds(61)));
}

TEST(Breaker, AProbeThatFailsOpensItAgain) {
  Breaker breaker(kOptions);
  fail(breaker, 3, kStart);
  ASSERT_TRUE(breaker.permit(kStart + seconds(60)));
  breaker.failed(kStart + seconds(62));
  EXPECT_FALSE(breaker.permit(kStart + seconds(121)));
  EXPECT_TRUE(breaker.permit(kStart + seconds(122)));
}

TEST(Breaker, AProbeThatIsCancelledMakesRoomForAnother) {
  Breaker breaker(kOptions);
  fail(breaker, 3, kStart);
  ASSERT_TRUE(breaker.permit(kStart + seconds(60)));
  breaker.abandoned();
  EXPECT_TRUE(breaker.permit(kStart + seconds(60)));
}

TEST(Breaker, LateFailuresDoNotKeepItOpenForLonger) {
  Breaker breaker(kOptions);
  ASSERT_TRUE(breaker.permit(kStart));  // under way while the others fail
  fail(breaker, 3, kStart);
  breaker.failed(kStart + seconds(30));
  EXPECT_TRUE(breaker.permit(kStart + seconds(60)));
}

}  // namespace
}  // namespace infinium::judge
