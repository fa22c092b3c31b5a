#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Numbers and dates as people write them; the parts that text_values.h is made of.
namespace infinium::maestro {

/// Digits of a number as written, its groups and its fraction told apart.
struct NumberText {
  double value = 0;
  double precision = 1;    ///< the value of the last written digit
  bool ambiguous = false;  ///< one mark before three digits: a thousand or a fraction
  std::size_t length = 0;  ///< bytes read
};

/// Reads a number at the start of `text`, which begins with a digit: groups of three, either
/// decimal mark.
[[nodiscard]] NumberText read_number(std::string_view text);

/// yyyymmdd of "2026-10-31", "2026-10", "31.10.2026", "10/31/2026" at the start of a text; 0 if
/// none. Sets the bytes read, and whether day and month may be the other way round.
[[nodiscard]] double read_date(std::string_view text, std::size_t& length, bool& ambiguous);

/// 1–12 for a month's name in English, German or Spanish; else 0.
[[nodiscard]] int month_of(std::string_view word);

[[nodiscard]] std::size_t digits_at(std::string_view text, std::size_t pos);
[[nodiscard]] int to_int(std::string_view digits);
[[nodiscard]] double to_double(const std::string& digits);
[[nodiscard]] bool is_calendar_year(int year);

/// The text with full-width digits and marks as ASCII.
[[nodiscard]] std::string narrow(std::string_view text);

}  // namespace infinium::maestro
