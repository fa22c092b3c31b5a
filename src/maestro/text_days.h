#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "maestro/text_values.h"

namespace infinium::maestro {

/// A day of the calendar that a text names, with or without its year: "14 May", "10月14日",
/// "2026-05-14T09:00", "30.04.", both days of "21 to 29 May".
struct DayToken {
  int year = 0;  ///< 0 if the text leaves it open
  int month = 1;
  int day = 1;
  std::uint32_t start = 0;  ///< bytes of the text, [start, end)
  std::uint32_t end = 0;
};

/// Days in order, at most 256. Month names in English, German, French, Spanish, Portuguese; the
/// marks of Japanese and Chinese. Linear.
[[nodiscard]] std::vector<DayToken> find_days(std::string_view text);
/// The same, for a text whose values were read already.
[[nodiscard]] std::vector<DayToken> find_days(std::string_view text,
                                              std::span<const ValueToken> values);

/// Whether both may be the same day: a year left open is not held against it.
[[nodiscard]] bool same_day(const DayToken& a, const DayToken& b);

}  // namespace infinium::maestro
