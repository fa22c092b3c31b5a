#include "maestro/text_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace infinium::maestro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> days(std::string_view text) {
  std::vector<std::string> found;
  for (const DayToken& day : find_days(text)) {
    found.push_back(std::to_string(day.year) + "-" + std::to_string(day.month) + "-" +
                    std::to_string(day.day));
    EXPECT_LE(day.end, text.size());
  }
  return found;
}

TEST(Days, WithAndWithoutTheirYear) {
  EXPECT_THAT(days("tomorrow (14 May), not 2026-05-15T09:00Z"), ElementsAre("0-5-14", "2026-5-15"));
  EXPECT_THAT(days("on May 3rd, 2026 and June 4"), ElementsAre("2026-5-3", "0-6-4"));
  EXPECT_THAT(days("bis 30.04.2026, am 3. März, am 12.07."),
              ElementsAre("2026-4-30", "0-3-3", "0-7-12"));
  EXPECT_THAT(days("el 30 de junio de 2026; le 2 août"), ElementsAre("2026-6-30", "0-8-2"));
  EXPECT_THAT(days("10月14日から3泊、2026年4月30日期日"), ElementsAre("0-10-14", "2026-4-30"));
}

TEST(Days, BothEndsOfARange) {
  EXPECT_THAT(days("leave for 21 to 29 May 2026"), ElementsAre("2026-5-21", "2026-5-29"));
  EXPECT_THAT(days("vom 3. bis 5. Juni"), ElementsAre("0-6-3", "0-6-5"));
}

TEST(Days, NumbersAloneAreNone) {
  EXPECT_THAT(days("You may 2 times, version 1.2.3, 12.5 % of 3/4"), IsEmpty());
}

TEST(Days, AYearLeftOpenFits) {
  EXPECT_TRUE(same_day({0, 5, 14}, {2026, 5, 14}));
  EXPECT_FALSE(same_day({2025, 5, 14}, {2026, 5, 14}));
  EXPECT_FALSE(same_day({0, 5, 14}, {2026, 5, 15}));
}

}  // namespace
}  // namespace infinium::maestro
