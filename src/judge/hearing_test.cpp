#include "judge/hearing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/test_trace.h"

namespace infinium::judge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Lost = Hearing::Lost;

/// Draws that leave a wait as it is (the middle of ±25 %).
class MiddleRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    std::ranges::fill(out, std::uint8_t{0});
    out[0] = 0x80;
  }
};

class HearingTest : public testing::Test {
 protected:
  Hearing hearing() { return {request_, {}, bench_, random_}; }
  Moment now() const { return {1'800'000'000'000, steady_}; }

  static OpinionRecord record(const Hearing::Action& action) {
    const auto* const done = std::get_if<Hearing::Done>(&action);
    EXPECT_NE(done, nullptr);
    return done == nullptr ? OpinionRecord{} : done->record;
  }
  static bool sends(const Hearing::Action& action) {
    return std::holds_alternative<Hearing::Send>(action);
  }
  static milliseconds wait(const Hearing::Action& action) {
    const auto* const pause = std::get_if<Hearing::Wait>(&action);
    EXPECT_NE(pause, nullptr);
    return pause == nullptr ? milliseconds(-1) : pause->time;
  }
  static Hearing::Answered answered(int status, std::optional<seconds> retry_after = {}) {
    return {status, retry_after, {}};
  }
  static Hearing::Answered good() { return {200, {}, completion_of(good_content())}; }

  /// So many questions that end with that input at once.
  void end_with(const Hearing::Input& input, int times) {
    for (int i = 0; i < times; ++i) {
      Hearing one = hearing();
      ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
      record(one.step(input, now()));
    }
  }

  Request request_ = small_request();
  MiddleRandom random_;
  Bench bench_{Ledger({.prompt_usd = 2.5, .completion_usd = 10}, {.usd = 1}),
               AnswerCache(8),
               Breaker({.failures_max = 5, .open_for = seconds(60)})};
  std::chrono::steady_clock::time_point steady_{seconds(1'000)};
};

TEST_F(HearingTest, AGoodAnswerIsGivenAndChargedAsUsed) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  EXPECT_GT(bench_.ledger.spending().completion_tokens, 200);  // reserved
  const OpinionRecord got = record(one.step(good(), now()));
  EXPECT_EQ(got.status, OpinionStatus::given);
  ASSERT_TRUE(got.opinion);
  EXPECT_EQ(got.opinion->verdict, Verdict::failed);
  EXPECT_EQ(got.reason, "");
  EXPECT_EQ(got.attempts, 1);
  EXPECT_EQ(got.prompt_tokens, 1'000);
  EXPECT_EQ(got.completion_tokens, 200);
  EXPECT_DOUBLE_EQ(got.cost_usd, 0.0045);
  EXPECT_EQ(bench_.ledger.spending().prompt_tokens, 1'000);
  EXPECT_EQ(bench_.ledger.spending().nano_usd, 4'500'000);
}

TEST_F(HearingTest, TheSameQuestionIsAnsweredFromTheCache) {
  end_with(good(), 1);
  Hearing second = hearing();
  const OpinionRecord got = record(second.step(Hearing::Begin{}, now()));
  EXPECT_EQ(got.status, OpinionStatus::given);
  EXPECT_TRUE(got.cached);
  EXPECT_EQ(got.attempts, 0);
  EXPECT_EQ(got.cost_usd, 0);
  EXPECT_EQ(bench_.ledger.spending().requests, 1);
}

TEST_F(HearingTest, TriesAgainAfterWhatTheEndpointAsksForElseAfterLongerAndLonger) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  EXPECT_EQ(wait(one.step(answered(429, seconds(7)), now())), seconds(7));
  ASSERT_TRUE(sends(one.step(Hearing::Waited{}, now())));
  EXPECT_NEAR(static_cast<double>(wait(one.step(answered(503), now())).count()), 2'000, 10);
  ASSERT_TRUE(sends(one.step(Hearing::Waited{}, now())));
  const OpinionRecord got = record(one.step(good(), now()));
  EXPECT_EQ(got.status, OpinionStatus::given);
  EXPECT_EQ(got.attempts, 3);
  EXPECT_EQ(got.prompt_tokens, 1'000);  // refusals cost nothing
}

TEST_F(HearingTest, GivesUpAfterTheLastAttempt) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  for (int i = 0; i < 2; ++i) {
    wait(one.step(answered(500), now()));
    ASSERT_TRUE(sends(one.step(Hearing::Waited{}, now())));
  }
  const OpinionRecord got = record(one.step(answered(500), now()));
  EXPECT_EQ(got.status, OpinionStatus::failed);
  EXPECT_EQ(got.reason, "The endpoint answered with status 500.");
  EXPECT_EQ(got.attempts, 3);
  EXPECT_FALSE(got.opinion);
  EXPECT_EQ(bench_.ledger.spending().nano_usd, 0);
}

TEST_F(HearingTest, ARetryAfterOverAMinuteIsNotWaitedFor) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  EXPECT_EQ(record(one.step(answered(429, seconds(61)), now())).status, OpinionStatus::failed);
}

TEST_F(HearingTest, OtherRefusalsAreFinal) {
  for (const int status : {301, 400, 401, 403, 404, 422}) {
    Hearing one = hearing();
    ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
    EXPECT_EQ(record(one.step(answered(status), now())).attempts, 1) << status;
  }
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  EXPECT_THAT(record(one.step(Lost{Lost::Kind::refused, false}, now())).reason,
              HasSubstr("no secure connection"));
}

TEST_F(HearingTest, AnAnswerThatIsLostOnItsWayIsChargedInFull) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  const Spending most = bench_.ledger.spending();
  wait(one.step(Lost{Lost::Kind::timed_out, true}, now()));
  EXPECT_EQ(bench_.ledger.spending(), most);
  ASSERT_TRUE(sends(one.step(Hearing::Waited{}, now())));
  wait(one.step(Lost{Lost::Kind::broken, false}, now()));  // was never there: costs nothing
  EXPECT_EQ(bench_.ledger.spending().nano_usd, most.nano_usd);
  ASSERT_TRUE(sends(one.step(Hearing::Waited{}, now())));
  const OpinionRecord got = record(one.step(good(), now()));
  EXPECT_EQ(got.prompt_tokens, most.prompt_tokens + 1'000);
}

TEST_F(HearingTest, AnAnswerWithoutUsageIsChargedInFull) {
  std::string body = completion_of(good_content());
  body.replace(body.find("\"usage\""), 7, "\"other\"");
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  const OpinionRecord got = record(one.step(Hearing::Answered{200, {}, body}, now()));
  EXPECT_EQ(got.status, OpinionStatus::given);
  EXPECT_EQ(got.completion_tokens, 4'000);
}

TEST_F(HearingTest, AnUnusableAnswerFailsAndIsNotKept) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  const OpinionRecord got =
      record(one.step(Hearing::Answered{200, {}, completion_of("It failed.")}, now()));
  EXPECT_EQ(got.status, OpinionStatus::failed);
  EXPECT_EQ(got.reason, "The model's answer is no JSON.");
  EXPECT_EQ(got.prompt_tokens, 1'000);
  EXPECT_EQ(bench_.cache.size(), 0u);
}

TEST_F(HearingTest, ASpentBudgetSkipsAndSaysSo) {
  bench_.ledger = Ledger({.prompt_usd = 2.5}, {.usd = 0.0001});
  Hearing one = hearing();
  const OpinionRecord got = record(one.step(Hearing::Begin{}, now()));
  EXPECT_EQ(got.status, OpinionStatus::skipped);
  EXPECT_THAT(got.reason, HasSubstr("judge budget of the day is spent"));
  EXPECT_EQ(got.attempts, 0);
}

TEST_F(HearingTest, ABudgetThatIsSpentBetweenAttemptsStopsIt) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  wait(one.step(answered(500), now()));
  bench_.ledger = Ledger({}, {.tokens = 10});
  EXPECT_THAT(record(one.step(Hearing::Waited{}, now())).reason, HasSubstr("is spent"));
}

TEST_F(HearingTest, AnEndpointThatKeepsFailingIsLeftAlone) {
  end_with(answered(401), 5);
  Hearing one = hearing();
  const OpinionRecord got = record(one.step(Hearing::Begin{}, now()));
  EXPECT_EQ(got.status, OpinionStatus::skipped);
  EXPECT_THAT(got.reason, HasSubstr("left alone"));
  EXPECT_EQ(bench_.ledger.spending().nano_usd, 0);  // nothing stays reserved
  steady_ += seconds(60);
  Hearing probe = hearing();
  ASSERT_TRUE(sends(probe.step(Hearing::Begin{}, now())));
  EXPECT_EQ(record(hearing().step(Hearing::Begin{}, now())).status, OpinionStatus::skipped);
  record(probe.step(good(), now()));
  EXPECT_FALSE(bench_.breaker.open());
}

TEST_F(HearingTest, ItsOwnAttemptsMayOpenTheBreaker) {
  end_with(answered(401), 4);
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  wait(one.step(answered(503), now()));
  const OpinionRecord got = record(one.step(Hearing::Waited{}, now()));
  EXPECT_EQ(got.status, OpinionStatus::failed);
  EXPECT_THAT(got.reason, HasSubstr("503"));
}

TEST_F(HearingTest, WhatATraceMayCauseDoesNotOpenTheBreaker) {
  end_with(answered(400), 4);  // such as a prompt that is too long for the model
  end_with(Hearing::Answered{200, {}, completion_of("no JSON")}, 4);
  end_with(answered(400), 4);
  EXPECT_FALSE(bench_.breaker.open());
}

TEST_F(HearingTest, AnEndpointThatIsNoneOpensTheBreaker) {
  end_with(Hearing::Answered{200, {}, "<html>Welcome</html>"}, 5);
  EXPECT_TRUE(bench_.breaker.open());
}

TEST_F(HearingTest, BeingStoppedSaysNothingOfTheEndpoint) {
  end_with(Lost{Lost::Kind::cancelled, false}, 9);
  EXPECT_FALSE(bench_.breaker.open());
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  const OpinionRecord got = record(one.step(Lost{Lost::Kind::cancelled, true}, now()));
  EXPECT_EQ(got.status, OpinionStatus::skipped);
  EXPECT_THAT(got.reason, HasSubstr("stopped"));
}

TEST_F(HearingTest, BeingStoppedWhileItWaitsChargesNothingTwice) {
  Hearing one = hearing();
  ASSERT_TRUE(sends(one.step(Hearing::Begin{}, now())));
  wait(one.step(answered(503), now()));
  record(one.step(Lost{Lost::Kind::cancelled, false}, now()));
  EXPECT_EQ(bench_.ledger.spending().nano_usd, 0);
  EXPECT_EQ(bench_.ledger.spending().prompt_tokens, 0);
}

}  // namespace
}  // namespace infinium::judge
