#include "judge/answer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge/test_trace.h"

namespace infinium::judge {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<Opinion> read(const std::string& content) {
  return parse_answer(completion_of(content), small_request().question);
}

/// The good answer with one part replaced.
std::string with(const std::string& part, const std::string& other) {
  std::string content = good_content();
  const std::size_t at = content.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return content.replace(at, part.size(), other);
}

TEST(ParseAnswer, ReadsAGoodOne) {
  const auto opinion = read(good_content());
  ASSERT_TRUE(opinion) << opinion.error().message;
  EXPECT_EQ(opinion->verdict, Verdict::failed);
  EXPECT_EQ(opinion->confidence, 0.9);
  EXPECT_EQ(opinion->rationale, "The refund was declined.");
  EXPECT_EQ(opinion->root_step, (RootStep{5, 1}));
  ASSERT_EQ(opinion->rubric.size(), 2u);
  EXPECT_EQ(opinion->rubric[0].id, "r1");  // in the order of the rubric
  EXPECT_EQ(opinion->rubric[0].status, RubricStatus::unmet);
  EXPECT_EQ(opinion->rubric[1].status, RubricStatus::unclear);
  EXPECT_EQ(opinion->quotes,
            (std::vector<QuoteEvidence>{
                {5, 1, "steps[1].output_preview", 7, 28, "0 of 40 EUR: declined"}}));
  EXPECT_EQ(opinion->quotes_dropped, 0u);
}

TEST(ParseAnswer, ReadsTheUsage) {
  const auto completion = parse_completion(completion_of("{}"));
  ASSERT_TRUE(completion);
  EXPECT_EQ(completion->usage, (Usage{1000, 200}));
  for (const char* const usage : {R"("usage":null)",
                                  R"("usage":{"prompt_tokens":1})",
                                  R"("usage":{"prompt_tokens":-1,"completion_tokens":1})",
                                  R"("usage":{"prompt_tokens":1e300,"completion_tokens":1})",
                                  R"("usage":{"prompt_tokens":"7","completion_tokens":1})"}) {
    const auto odd =
        parse_completion(R"({"choices":[{"message":{"content":""}}],)" + std::string(usage) + "}");
    ASSERT_TRUE(odd) << usage;
    EXPECT_FALSE(odd->usage) << usage;
  }
}

TEST(ParseAnswer, RefusesWhatIsNoChatCompletion) {
  const std::string deep(100'000, '[');
  for (const std::string& body :
       std::vector<std::string>{"",
                                "<html><body>502 Bad Gateway</body></html>",
                                "null",
                                "[]",
                                "{}",
                                R"({"choices":[]})",
                                R"({"choices":[{}]})",
                                R"({"choices":[{"message":"x"}]})",
                                R"({"choices":{"message":{}}})",
                                R"({"choices":[{"message":{"content":"a"}}],"choices":[]})",
                                R"({"choices":[{"message":{"content":"a"}}]} trailing)",
                                "{\"choices\":[{\"message\":{\"content\":\"\xff\xfe\"}}]}",
                                R"({"x":NaN,"choices":[{"message":{"content":"a"}}]})",
                                deep,
                                R"({"x":)" + deep}) {
    const auto completion = parse_completion(body);
    ASSERT_FALSE(completion) << body.substr(0, 80);
    EXPECT_EQ(completion.error().code, Code::malformed);
  }
  const std::string huge(50u << 20u, ' ');
  EXPECT_EQ(parse_completion(huge).error().code, Code::too_large);
}

TEST(ParseAnswer, RefusesWhatBreaksTheSchema) {
  const std::vector<std::pair<std::string, std::string>> changes{
      {R"("verdict":"failed")", R"("verdict":"Failed")"},
      {R"("verdict":"failed")", R"("verdict":"passed")"},
      {R"("verdict":"failed")", R"("verdict":null)"},
      {R"("verdict":"failed",)", ""},
      {R"("verdict":"failed")", R"("verdict":"failed","verdict":"succeeded")"},
      {R"("verdict":"failed")", R"("verdict":"failed","extra":1)"},
      {R"("confidence":0.9)", R"("confidence":1.01)"},
      {R"("confidence":0.9)", R"("confidence":-0.1)"},
      {R"("confidence":0.9)", R"("confidence":NaN)"},
      {R"("confidence":0.9)", R"("confidence":1e999)"},
      {R"("confidence":0.9)", R"("confidence":"0.9")"},
      {R"("rationale":"The refund was declined.")", R"("rationale":["a"])"},
      {R"("root_step":1)", R"("root_step":2)"},
      {R"("root_step":1)", R"("root_step":-1)"},
      {R"("root_step":1)", R"("root_step":0.5)"},
      {R"("root_step":1)", R"("root_step":"1")"},
      {R"("id":"r2")", R"("id":"r3")"},
      {R"("id":"r2")", R"("id":"r1")"},
      {R"("id":"r2")", R"("id":2)"},
      {R"("status":"unclear")", R"("status":"maybe")"},
      {R"("status":"unclear",)", ""},
      {R"("reason":"Declined.")", R"("reason":"Declined.","more":1)"},
      {R"("text":"declined")", R"("text":"declined","start":3)"},
      {R"("text":"declined")", R"("text":7)"},
      {R"({"field":"steps[1].output_preview","text":"declined"})", R"("declined")"},
      {R"({"field":"steps[1].output_preview","text":"declined"})", R"([[[[[[[[[[]]]]]]]]]])"}};
  for (const auto& [part, other] : changes) {
    const auto opinion = read(with(part, other));
    ASSERT_FALSE(opinion) << other;
    EXPECT_EQ(opinion.error().code, Code::invalid_argument) << other;
  }
  for (const char* const content :
       {"", "null", "[]", "{}", "I think it failed.", "<b>failed</b>"}) {
    EXPECT_FALSE(read(content)) << content;
  }
  EXPECT_FALSE(read("```json\n" + good_content() + "\n```"));
}

TEST(ParseAnswer, RefusesWhatTheModelDidNotFinishOrDeclined) {
  const Question question = small_request().question;
  EXPECT_THAT(parse_answer(completion_of(good_content(), "length"), question).error().message,
              HasSubstr("cut off"));
  EXPECT_THAT(
      parse_answer(completion_of(good_content(), "content_filter"), question).error().message,
      HasSubstr("refusal"));
  EXPECT_THAT(
      parse_answer(R"({"choices":[{"message":{"content":null,"refusal":"I cannot"}}]})", question)
          .error()
          .message,
      HasSubstr("refusal"));
}

TEST(ParseAnswer, DropsQuotesThatDoNotStandInTheTrace) {
  const auto opinion = read(with("0 of 40 EUR: declined", "refund of 40 EUR: done"));
  ASSERT_TRUE(opinion);
  EXPECT_TRUE(opinion->quotes.empty());
  EXPECT_EQ(opinion->quotes_dropped, 1u);
  EXPECT_EQ(opinion->rubric[0].quotes.size(), 1u);
}

TEST(ParseAnswer, AnItemDecidedOnInventedWordsIsUnclear) {
  const auto opinion = read(with(R"("text":"declined")", R"("text":"it was approved")"));
  ASSERT_TRUE(opinion);
  EXPECT_EQ(opinion->rubric[0].status, RubricStatus::unclear);
  EXPECT_EQ(opinion->quotes_dropped, 1u);
}

TEST(ParseAnswer, AnAnswerThatQuotesOnlyInventedWordsIsRefused) {
  std::string content = with("0 of 40 EUR: declined", "approved");
  const std::string part = R"("text":"declined")";
  content.replace(content.find(part), part.size(), R"("text":"approved as well")");
  EXPECT_THAT(read(content).error().message, HasSubstr("do not stand in the trace"));
}

TEST(ParseAnswer, AnItemLeftOutIsUnclear) {
  const auto opinion =
      read(with(R"({"id":"r2","status":"unclear","reason":"Nothing shows it.","quotes":[]},)", ""));
  ASSERT_TRUE(opinion);
  EXPECT_EQ(opinion->rubric[1].status, RubricStatus::unclear);
  EXPECT_THAT(opinion->rubric[1].reason, HasSubstr("left this item out"));
}

TEST(ParseAnswer, BoundsAndCleansItsTexts) {
  const auto opinion =
      read(with("The refund was declined.", "a\\u0000b\\u001b[31m" + std::string(50'000, 'x')));
  ASSERT_TRUE(opinion);
  EXPECT_LT(opinion->rationale.size(), 4'100u);
  EXPECT_TRUE(opinion->rationale.starts_with("ab[31mxxx"));
}

TEST(ParseAnswer, RefusesTooManyQuotes) {
  std::string many;
  for (int i = 0; i < 200; ++i) {
    many += R"({"field":"name","text":"Refund"},)";
  }
  EXPECT_FALSE(read(with(R"({"field":"steps[1].output_preview","text":"0 of)",
                         many + R"({"field":"steps[1].output_preview","text":"0 of)")));
}

TEST(ParseAnswer, NoErrorRepeatsWhatWasAnswered) {
  for (const std::string& content :
       {std::string("sk-secret-1234"), with("\"failed\"", "\"sk-secret-1234\"")}) {
    EXPECT_THAT(read(content).error().message, Not(HasSubstr("secret")));
  }
  EXPECT_THAT(parse_completion("sk-secret-1234").error().message, Not(HasSubstr("secret")));
}

/// Bytes of a good answer changed, doubled, dropped: whatever is accepted holds what it promises.
TEST(ParseAnswer, WhateverIsAcceptedOfAMangledAnswerHolds) {
  const Question question = small_request().question;
  const std::string trace = small_body();
  constexpr std::string_view kBytes = "\"\\{}[]:,0919.-eEtfnul \xff\x80\xC3";
  std::uint64_t state = 7;
  const auto draw = [&](std::size_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33u) % below;
  };
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    const bool inner = draw(2) == 0;
    std::string text = inner ? good_content() : completion_of(good_content());
    for (std::size_t changes = 1 + draw(3); changes > 0; --changes) {
      const std::size_t at = draw(text.size());
      switch (draw(3)) {
        case 0:
          text[at] = kBytes[draw(kBytes.size())];
          break;
        case 1:
          text.erase(at, 1 + draw(4));
          break;
        default:
          text.insert(at, text.substr(draw(text.size()), draw(8)));
      }
    }
    const auto opinion = parse_answer(inner ? completion_of(text) : text, question);
    if (!opinion) {
      EXPECT_FALSE(opinion.error().message.empty());
      continue;
    }
    ++accepted;
    EXPECT_TRUE(opinion->confidence >= 0 && opinion->confidence <= 1);
    EXPECT_EQ(opinion->rubric.size(), 2u);
    for (const QuoteEvidence& quote : opinion->quotes) {
      EXPECT_NE(trace.find(quote.text), std::string::npos);
      EXPECT_EQ(quote.end - quote.start, quote.text.size());
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(ParseAnswer, AStepThatWasNotShownIsNoRootStep) {
  Question question = small_request().question;
  question.steps_shown[1] = false;
  EXPECT_FALSE(parse_answer(completion_of(good_content()), question));
}

}  // namespace
}  // namespace infinium::judge
