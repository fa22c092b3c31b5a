#include "pipeline/result_hub.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace infinium::pipeline {
namespace {

Uuid id_of(std::uint8_t last) {
  Uuid id;
  id.bytes[15] = last;
  return id;
}

TEST(ResultHub, WakesEveryWaiterOfThatTraceOnce) {
  ResultHub hub;
  int first = 0;
  int second = 0;
  int other = 0;
  const auto one = hub.subscribe(id_of(1), [&] { ++first; });
  const auto two = hub.subscribe(id_of(1), [&] { ++second; });
  const auto three = hub.subscribe(id_of(2), [&] { ++other; });
  hub.publish(id_of(1));
  hub.publish(id_of(1));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
  EXPECT_EQ(other, 0);
}

TEST(ResultHub, ASubscriptionThatEndedIsNotWoken) {
  ResultHub hub;
  int woken = 0;
  {
    const auto ended = hub.subscribe(id_of(1), [&] { ++woken; });
  }
  hub.publish(id_of(1));
  EXPECT_EQ(woken, 0);
}

TEST(ResultHub, MovingASubscriptionKeepsItAndEndsTheOneItReplaces) {
  ResultHub hub;
  int first = 0;
  int second = 0;
  auto one = hub.subscribe(id_of(1), [&] { ++first; });
  auto two = hub.subscribe(id_of(2), [&] { ++second; });
  two = std::move(one);
  const std::optional<ResultHub::Subscription> kept = std::move(two);
  hub.publish(id_of(1));
  hub.publish(id_of(2));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
}

TEST(ResultHub, PublishingWithoutWaitersDoesNothing) {
  ResultHub hub;
  hub.publish(id_of(9));
  int woken = 0;
  const auto later = hub.subscribe(id_of(9), [&] { ++woken; });
  EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace infinium::pipeline
