#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

/// Titles of what is said of values in this output, over a fixed run of work.
std::vector<std::string> said_of(const std::string& output) {
  TraceSketch sketch(
      "Report the sales of shop S-12 for May 2026, with the change to 8,000 in April.");
  sketch
      .tool(
          "sales",
          R"({"shop": "S-12"})",
          R"([{"week": 18, "eur": 2150.5}, {"week": 19, "eur": 1999.5}, {"week": 20, "eur": 2400.0}, {"week": 21, "eur": 3050.0}])")
      .tool(
          "contact",
          R"({"shop": "S-12"})",
          R"({"mail": "shop12@example.org", "order": "ORD-48213", "page": "https://example.org/s/12"})")
      .output(output);
  const TraceView view(sketch.trace());
  const Facts facts(view);
  std::vector<std::string> titles;
  for (const ProvenFinding& finding : find_ungrounded_values(facts)) {
    titles.push_back(finding->title + "/" + std::to_string(static_cast<int>(finding->severity)));
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view));
    }
  }
  return titles;
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(UngroundedValues, AnInventedFigureIsSeen) {
  EXPECT_THAT(said_of("Shop S-12 sold for 11,873.25 EUR."), ElementsAre(HasSubstr("11,873.25")));
}

TEST(UngroundedValues, AnAddressOrLinkFromNowhereIsSeen) {
  EXPECT_THAT(said_of("Ask sales-team@example.net."),
              ElementsAre(HasSubstr("sales-team@example.net")));
  EXPECT_THAT(said_of("See https://example.net/reports/77."), ElementsAre(HasSubstr("reports/77")));
}

TEST(UngroundedValues, AnIdWithTwoDigitsSwappedIsAContradiction) {
  EXPECT_THAT(said_of("It is order ORD-48231."), ElementsAre(HasSubstr("/2")));
}

TEST(UngroundedValues, DerivedNumbersAreGrounded) {
  for (const char* output : {
           "In total 9,600.00 EUR.",            // sum
           "On average 2,400 a week.",          // mean
           "That is 20 % more than in April.",  // change
           "Total: 9.600,00 EUR",               // German marks
           "Total: 9 600,00 EUR",               // no-break space
           "合計 9,600円",                      // Japanese
           "Weeks 18 and 19 together: 4,150.",  // sum of two
           "About 9.6k EUR.",                   // rounded
           "Week 21 was 31.8 % of the month.",  // share
           "That is 960,000 cents.",            // unit
           "Order ORD-48213, shop12@example.org, https://example.org/s/12",
       }) {
    EXPECT_THAT(said_of(output), IsEmpty()) << output;
  }
}

TEST(UngroundedValues, SmallNumbersYearsAndWordsAreLeftAlone) {
  EXPECT_THAT(said_of("In 2026 there were 4 weeks and 3 reasons, see section 12."), IsEmpty());
}

TEST(UngroundedValues, ACutSourceMayHoldTheValue) {
  TraceSketch sketch("Report the sales.");
  sketch.tool("sales", "{}", "sales were " + std::string(486, 'x') + "\u2026")
      .output("They were 77,812.40 EUR.");
  const TraceView view(sketch.trace());
  const Facts facts(view);
  EXPECT_THAT(find_ungrounded_values(facts), IsEmpty());
}

TEST(UngroundedValues, AModelAloneMayKnow) {
  TraceSketch sketch("How far is the moon?");
  sketch.llm("How far is the moon?", "384,400 km").output("384,400 km");
  const TraceView view(sketch.trace());
  const Facts facts(view);
  EXPECT_THAT(find_ungrounded_values(facts), IsEmpty());
}

}  // namespace
}  // namespace infinium::maestro
