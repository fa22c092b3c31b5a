#include "maestro/findings/arithmetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "maestro/findings/findings.h"
#include "maestro/findings/trace_sketch.h"

namespace infinium::maestro {
namespace {

/// Titles of what is wrong with the sums of this output.
std::vector<std::string> wrong_in(const std::string& output) {
  TraceSketch sketch("Report the figures of June 2026.");
  sketch.tool("facts", "{}", R"({"due": "2026-06-16", "price_eur": 54.0})").output(output);
  const TraceView view(sketch.trace());
  const Facts facts(view);
  std::vector<std::string> titles;
  for (const ProvenFinding& finding : find_false_arithmetic(facts)) {
    titles.push_back(finding->title);
    for (const Evidence& evidence : finding->evidence) {
      EXPECT_TRUE(check(evidence, view));
    }
  }
  return titles;
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Arithmetic, EquationsThatDoNotHoldAreSeen) {
  EXPECT_THAT(wrong_in("12 packs x 14.60 = EUR 185.20."), ElementsAre(HasSubstr("185.20")));
  EXPECT_THAT(wrong_in("1.68 x 178 plus 110 is USD 399.04"), ElementsAre(HasSubstr("399.04")));
  EXPECT_THAT(wrong_in("48,290 - 45,020 = 3,370 kWh"), ElementsAre(HasSubstr("3,370")));
  EXPECT_THAT(wrong_in("500円×2名×3泊で4,000円"), ElementsAre(HasSubstr("4,000")));
}

TEST(Arithmetic, EquationsThatHoldAreNot) {
  for (const char* output : {
           "12 x 14.60 = EUR 175.20, and 2,380 / 200 = 11.9, so 12 packs.",
           "2 / 3 = 0.67",                        // rounded
           "2 / 3 = 0.66",                        // cut off
           "63/90 = 70,0 %",                      // a share
           "54.7 x 3 = 164",                      // a rounded operand
           "The range is 10 - 12 days, so 3 x.",  // a dash
           "part 77-1042 is 318",                 // an id
           "1,250 x 3 = about 4,000",             // said to be rough
           "3.27 MWh x 214 = 699.78 EUR",
           "12 x 1460 cents = 175.20 EUR",  // a change of unit
       }) {
    EXPECT_THAT(wrong_in(output), IsEmpty()) << output;
  }
}

TEST(Arithmetic, SharesAndPartsOfAPeriodAreRecomputed) {
  EXPECT_THAT(wrong_in("It is 75.0 % (63 of 90)."), ElementsAre(HasSubstr("75.0")));
  EXPECT_THAT(wrong_in("It is 70 % (63 of 90)."), IsEmpty());
  EXPECT_THAT(wrong_in("54 euros a year, which is 5.40 euros a month"),
              ElementsAre(HasSubstr("5.40")));
  EXPECT_THAT(wrong_in("54 euros a year, which is 4.50 euros a month"), IsEmpty());
  EXPECT_THAT(wrong_in("54 euros a year or 5 euros a month"), IsEmpty());  // two tariffs
  EXPECT_THAT(wrong_in("EUR 28.50 each, EUR 47.00 together"), ElementsAre(HasSubstr("47.00")));
  EXPECT_THAT(wrong_in("EUR 28.50 each, EUR 57.00 together"), IsEmpty());
  EXPECT_THAT(wrong_in("508,50 € más 21 % de IVA (101,79 €)"), ElementsAre(HasSubstr("101,79")));
  EXPECT_THAT(wrong_in("508,50 € más 21 % de IVA (106,79 €)"), IsEmpty());
}

TEST(Arithmetic, ChangesOfTwoFiguresAreRecomputed) {
  EXPECT_THAT(wrong_in("5 of 7 (74.1 %) came on time."), ElementsAre(HasSubstr("74.1")));
  EXPECT_THAT(wrong_in("Items: 38,400 → 31,872 (-20.5 %)."), ElementsAre(HasSubstr("20.5")));
  EXPECT_THAT(wrong_in("Items: 38,400 → 31,872 (+17.0 %)."), ElementsAre(HasSubstr("17.0")));
  EXPECT_THAT(wrong_in("Items fell from 31,872 to 38,400."), ElementsAre(HasSubstr("31,872")));
  EXPECT_THAT(wrong_in("Die Zahl ist gestiegen von 412 auf 398."), ElementsAre(HasSubstr("398")));
  for (const char* output : {
           "5 of 7 (71.4 %) came on time.",
           "5 of 7 (29 %) were late.",  // the others
           "Items: 38,400 → 31,872 (-17.0 %).",
           "It went from 200 to 150, 75 % of it.",  // what is left
           "It went from 9.8 % to 8.1 %, -1.7 %.",  // points
           "We fell from rank 3 to 5.",
           "Prices fell 3 % from 200 to 194 euros.",
           "The price rose from 100 to 120 (about 25 %).",
           "It did fall in May, from 12 to 14 it was closed.",
       }) {
    EXPECT_THAT(wrong_in(output), IsEmpty()) << output;
  }
}

TEST(Arithmetic, AMeanOfSharesIsNotTheShareOfTheWhole) {
  const std::string shares = "A 63/90 = 70.0 %; B 63/140 = 45.0 %. ";
  EXPECT_THAT(wrong_in(shares + "Total: (70.0 + 45.0) / 2 = 57.5 %"),
              ElementsAre(HasSubstr("mean of shares")));
  EXPECT_THAT(wrong_in(shares + "Total: 126 of 230, 54.8 %"), IsEmpty());
}

TEST(Arithmetic, DurationsAndWeekdaysAreReckoned) {
  EXPECT_THAT(wrong_in("It failed from 09:14 to 09:37 UTC (33 minutes)."),
              ElementsAre(HasSubstr("23 minutes")));
  for (const char* output : {"It failed from 09:14 to 09:37 UTC (23 minutes).",
                             "The visit is between 13:00 and 15:00 and takes 30 minutes.",
                             "From 23:50 to 00:10, that is 20 minutes.",
                             "On Tuesday, 16 June we meet.",
                             "On Tuesday 16 June 2026 we meet, not on Monday."}) {
    EXPECT_THAT(wrong_in(output), IsEmpty()) << output;
  }
  EXPECT_THAT(wrong_in("On Wednesday 16 June we meet."), ElementsAre(HasSubstr("Tuesday")));
  EXPECT_THAT(wrong_in("Wir treffen uns am Mittwoch, den 16. Juni 2026."),
              ElementsAre(HasSubstr("Tuesday")));
}

TEST(Arithmetic, WhatIsLeftAndTotalRowsAreReckoned) {
  EXPECT_THAT(wrong_in("You take 6 days. You had 10 days available and will have 5 left."),
              ElementsAre(HasSubstr("should be 4")));
  EXPECT_THAT(wrong_in("You take 6 days. You had 10 days available and will have 4 left."),
              IsEmpty());
  const std::string table = "| Package | Calls |\n| --- | --- |\n| web | 3 |\n| jobs | 2 |\n";
  EXPECT_THAT(wrong_in(table + "| **Total** | **6** |"), ElementsAre(HasSubstr("adds up to 5")));
  EXPECT_THAT(wrong_in(table + "| **Total** | **5** |"), IsEmpty());
  EXPECT_THAT(wrong_in(table + "| Average | 2.5 |"), IsEmpty());
}

TEST(Arithmetic, WhatIsOnlyHalfReadIsLetPass) {
  for (const char* output : {
           "1040.00 + 128.00 + 48.00 (half of 96.00) + 263.45 = 1479.45",
           "Gross - 12 + 13 = 41",
           "20 % of 350 + 14 = 84",
           "200 + 21 % = 242",
           "2 h + 30 min = 2.5 h",
           "1.150 + 230 = 1.380",
           "50 - 200 = -150",
           "It rose from 3 / 5 to 4 / 5.",
           "99.92 % (31 of 40,320) were up",
           "EUR 28.50 each, EUR 62.00 together with shipping",
           "Slots from 09:00 to 12:00 (30 minutes each)",
       }) {
    EXPECT_THAT(wrong_in(output), IsEmpty()) << output;
  }
}

TEST(Arithmetic, BreakdownsAndListTotalsAreReckoned) {
  EXPECT_THAT(wrong_in("31,872 - 38,400 = -6,528, which is -20.5 %"),
              ElementsAre(HasSubstr("17.0")));
  EXPECT_THAT(wrong_in("1,147 messages are back (batches of 400, 400 and 247)"),
              ElementsAre(HasSubstr("1047")));
  EXPECT_THAT(wrong_in("Freed:\n- images: 38.4 GB\n- builds: 22.6 GB\n- total: 71.0 GB"),
              ElementsAre(HasSubstr("61.0")));
  for (const char* output : {
           "Ashmore 38,400 → 31,872 items (−17.0 %)",
           "Ashmore 38,400 → 31,872 items (12.0 % of all loans)",
           "31,872 - 38,400 = -6,528, which is -17.0 %",
           "1,047 messages are back (batches of 400, 400 and 247)",
           "1,284 messages were read (400 in the first run, 247 in the last)",
           "Freed:\n- images: 38.4 GB\n- builds: 22.6 GB\n- total: 61.0 GB",
           "The largest:\n- images: 38.4 GB\n- builds: 22.6 GB\n- total of all: 143.7 GB",
       }) {
    EXPECT_THAT(wrong_in(output), IsEmpty()) << output;
  }
}

}  // namespace
}  // namespace infinium::maestro
