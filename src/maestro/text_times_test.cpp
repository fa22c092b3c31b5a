#include "maestro/text_times.h"

#include <gtest/gtest.h>

namespace infinium::maestro {
namespace {

std::vector<int> minutes_in(std::string_view text) {
  std::vector<int> minutes;
  for (const TimeToken& time : find_times(text)) {
    minutes.push_back(time.minutes);
  }
  return minutes;
}

TEST(TextTimes, ReadsClocksAsPeopleWriteThem) {
  EXPECT_EQ(minutes_in("from 09:14 to 21:37:05"), (std::vector{554, 1297}));
  EXPECT_EQ(minutes_in("at 2.20 pm or 3 pm, not 12 am"), (std::vector{860, 900, 0}));
  EXPECT_EQ(minutes_in("um 14.20 Uhr, spätestens 15 Uhr"), (std::vector{860, 900}));
  EXPECT_EQ(minutes_in("午後2時20分から15時まで"), (std::vector{860, 900}));
  EXPECT_EQ(minutes_in("2026-05-14T09:00:30Z"), (std::vector{540}));
}

TEST(TextTimes, LeavesOtherNumbersAlone) {
  for (const char* text : {"serial 04:9A:71:C2",
                           "version 2.20",
                           "3時間",
                           "5 pieces",
                           "1:2:3",
                           "12.50 EUR",
                           "80 %",
                           "aa:bb:12:30"}) {
    EXPECT_TRUE(minutes_in(text).empty()) << text;
  }
}

TEST(TextTimes, NamesWeekdays) {
  EXPECT_EQ(find_weekdays("on Tuesday, 16 June").at(0).weekday, 1);
  EXPECT_EQ(find_weekdays("Sat 4 April").at(0).weekday, 5);
  EXPECT_EQ(find_weekdays("am Mittwoch").at(0).weekday, 2);
  EXPECT_EQ(find_weekdays("5月11日(月)").at(0).weekday, 0);
  EXPECT_TRUE(find_weekdays("she sat in the sun").empty());
}

TEST(TextTimes, CountsDays) {
  EXPECT_EQ(day_number(1970, 1, 1), 0);
  EXPECT_EQ(day_number(2026, 3, 19) - day_number(2026, 3, 5), 14);
  EXPECT_EQ(weekday_of(day_number(2026, 6, 16)), 1);
  EXPECT_FALSE(is_day(2026, 2, 29));
  EXPECT_TRUE(is_day(2028, 2, 29));
}

}  // namespace
}  // namespace infinium::maestro
