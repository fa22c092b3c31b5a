#include "judge/quotes.h"

#include <gtest/gtest.h>

#include "codec/utf8.h"
#include "judge/test_trace.h"

namespace infinium::judge {
namespace {

TEST(FindQuote, GivesThePlaceOfWordsInTheNamedField) {
  const auto quote = find_quote(small_trace(), "steps[0].output_preview", "40 EUR");
  ASSERT_TRUE(quote);
  EXPECT_EQ(*quote, (QuoteEvidence{1, 0, "steps[0].output_preview", 10, 16, "40 EUR"}));
}

TEST(FindQuote, AWrongPathIsMendedIfTheWordsStandElsewhere) {
  for (const char* const path :
       {"", "nothing", "steps[9].output_preview", "steps[", "steps[x]", "..", "[0]", "name.a"}) {
    const auto quote = find_quote(small_trace(), path, "0 of 40 EUR");
    ASSERT_TRUE(quote) << path;
    EXPECT_EQ(quote->field, "steps[1].output_preview");
    EXPECT_EQ(quote->step, 5);
    EXPECT_EQ(quote->step_index, 1);
  }
}

TEST(FindQuote, WordsOutsideOfStepsHaveNoStep) {
  const auto quote = find_quote(small_trace(), "output_summary", "Refunded 40 EUR");
  ASSERT_TRUE(quote);
  EXPECT_FALSE(quote->step);
  EXPECT_FALSE(quote->step_index);
}

TEST(FindQuote, NumbersCountAsTheyWereWritten) {
  EXPECT_EQ(find_quote(small_trace(), "duration", "4.5")->field, "duration");
}

TEST(FindQuote, RefusesWhatDoesNotStandThereOrSaysNothing) {
  EXPECT_FALSE(find_quote(small_trace(), "name", "refund of 41 EUR"));
  EXPECT_FALSE(find_quote(small_trace(), "name", ""));
  EXPECT_FALSE(find_quote(small_trace(), "name", "e"));
  EXPECT_FALSE(find_quote(small_trace(), "name", "output_preview"));  // a key, not a text
  EXPECT_FALSE(
      find_quote(Json::Object{{"a", std::string(5'000, 'a')}}, "a", std::string(2'001, 'a')));
  EXPECT_TRUE(find_quote(Json::Object{{"a", "7"}}, "a", "7"));  // a whole text
}

TEST(FindQuote, ALongQuoteKeepsItsBeginning) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += "\xE2\x82\xAC";
  }
  const auto quote = find_quote(Json::Object{{"a", text}}, "a", text);
  ASSERT_TRUE(quote);
  EXPECT_EQ(quote->text.size(), 399u);
  EXPECT_TRUE(codec::is_valid_utf8(quote->text));
  EXPECT_EQ(quote->end, 399u);
}

}  // namespace
}  // namespace infinium::judge
