#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// A time of day that a text names: "14:20", "2.20 pm", "3 pm", "15 Uhr", "14時20分",
/// "2026-05-14T09:00:30Z".
struct TimeToken {
  int minutes = 0;          ///< since midnight, seconds left aside
  bool has_date = false;    ///< the second half of a time stamp
  std::uint32_t start = 0;  ///< bytes of the text, [start, end)
  std::uint32_t end = 0;
};

/// Times in order, at most 512. Linear.
[[nodiscard]] std::vector<TimeToken> find_times(std::string_view text);

/// A day of the week and where it is named: 0 Monday … 6 Sunday. English, German, French, Spanish,
/// Portuguese, Japanese; short forms too.
struct WeekdayToken {
  int weekday = 0;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};
[[nodiscard]] std::vector<WeekdayToken> find_weekdays(std::string_view text);

/// Days since 1 January 1970 of a date of the Gregorian calendar; its weekday as above.
[[nodiscard]] int day_number(int year, int month, int day);
[[nodiscard]] int weekday_of(int day_number);
/// Whether the calendar has that day.
[[nodiscard]] bool is_day(int year, int month, int day);

}  // namespace infinium::maestro
