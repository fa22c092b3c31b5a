#include "judge/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace infinium::judge {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kNoon = 20'000 * kDay + kDay / 2;
constexpr Prices kPrices{.prompt_usd = 2.5, .completion_usd = 10};

TEST(Ledger, CountsByPrices) {
  const Ledger ledger(kPrices, {});
  EXPECT_DOUBLE_EQ(ledger.cost_usd({1'000'000, 0}), 2.5);
  EXPECT_DOUBLE_EQ(ledger.cost_usd({4'000, 1'000}), 0.02);
  EXPECT_DOUBLE_EQ(Ledger({}, {}).cost_usd({1'000'000, 1'000'000}), 0);
}

TEST(Ledger, SettlesAReservationForWhatWasUsed) {
  Ledger ledger(kPrices, {});
  const auto ticket = ledger.reserve({10'000, 4'000}, kNoon);
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ledger.spending(), (Spending{20'000, 1, 10'000, 4'000, 65'000'000}));
  ledger.settle(*ticket, {4'000, 1'000});
  EXPECT_EQ(ledger.spending(), (Spending{20'000, 1, 4'000, 1'000, 20'000'000}));
}

TEST(Ledger, StopsAtTheDollarsOfTheDay) {
  Ledger ledger(kPrices, {.usd = 0.1, .tokens = 1'000'000'000});
  ASSERT_TRUE(ledger.reserve({20'000, 4'000}, kNoon));  // 0.09
  const auto refused = ledger.reserve({4'000, 1'000}, kNoon);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::exhausted);
  EXPECT_THAT(refused.error().message, HasSubstr("judge budget of the day is spent"));
  EXPECT_THAT(refused.error().message, HasSubstr("0.0900 of 0.1000 US dollars"));
}

TEST(Ledger, StopsAtTheTokensOfTheDay) {
  Ledger ledger({}, {.usd = 0, .tokens = 10'000});  // nothing costs anything
  ASSERT_TRUE(ledger.reserve({5'000, 1'000}, kNoon));
  EXPECT_THAT(ledger.reserve({3'001, 1'000}, kNoon).error().message,
              HasSubstr("judge budget of the day is spent (6000 of 10000 tokens"));
  EXPECT_TRUE(ledger.reserve({3'000, 1'000}, kNoon));
}

TEST(Ledger, ReservationsUnderWayCountTogether) {
  Ledger ledger({}, {.tokens = 10'000});
  const auto first = ledger.reserve({6'000, 0}, kNoon);
  ASSERT_TRUE(first);
  EXPECT_FALSE(ledger.reserve({6'000, 0}, kNoon));
  ledger.settle(*first, {100, 0});
  EXPECT_TRUE(ledger.reserve({6'000, 0}, kNoon));
}

TEST(Ledger, ANewUtcDayOpensTheBudgetAgain) {
  Ledger ledger({}, {.tokens = 10'000});
  const auto old = ledger.reserve({10'000, 0}, 20'001 * kDay - 1);
  ASSERT_TRUE(old);
  EXPECT_FALSE(ledger.reserve({1, 0}, 20'001 * kDay - 1));
  EXPECT_TRUE(ledger.reserve({1, 0}, 20'001 * kDay));
  ledger.settle(*old, {5'000, 0});  // belongs to the day that is over
  EXPECT_EQ(ledger.spending().prompt_tokens, 1);
}

TEST(Ledger, AClockSetBackOverMidnightDoesNot) {
  Ledger ledger({}, {.tokens = 10'000});
  ASSERT_TRUE(ledger.reserve({10'000, 0}, 20'001 * kDay));
  EXPECT_FALSE(ledger.reserve({1, 0}, 20'001 * kDay - 1));
  EXPECT_TRUE(ledger.reserve({1, 0}, 19'000 * kDay));  // it was far in the future, now it is right
}

TEST(Ledger, ReadsItsStateBack) {
  Ledger ledger(kPrices, {.usd = 0.1});
  ASSERT_TRUE(ledger.reserve({20'000, 4'000}, kNoon));
  Ledger restarted(kPrices, {.usd = 0.1});
  ASSERT_TRUE(restarted.restore(ledger.encode()));
  EXPECT_EQ(restarted.spending(), ledger.spending());
  EXPECT_FALSE(restarted.reserve({20'000, 4'000}, kNoon));
}

TEST(Ledger, RefusesAStateThatDoesNotReadBack) {
  for (const char* const state :
       {"",
        "{}",
        "[1]",
        R"({"day":1,"requests":1,"prompt_tokens":-5,"completion_tokens":1,"nano_usd":1})",
        R"({"day":1,"requests":1,"prompt_tokens":1,"completion_tokens":1,"nano_usd":9e18})"}) {
    Ledger ledger(kPrices, {});
    EXPECT_EQ(ledger.restore(state).error().code, Code::corrupt) << state;
    EXPECT_EQ(ledger.spending(), Spending{});
  }
}

}  // namespace
}  // namespace infinium::judge
