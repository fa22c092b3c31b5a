#pragma once

#include <string_view>

/// What values look like, and how alike two of them are.
namespace infinium::maestro {

/// Whether two ids are of one make: the same letters and marks, and digits in the same places
/// ("E-3071" and "E-3107", not "E-3071" and "V-3071"). False without a digit.
[[nodiscard]] bool same_make(std::string_view a, std::string_view b);

/// Whether one could be a slip of the other: of one length, four characters or more, one digit
/// differs or two changed places. Equal texts are none.
[[nodiscard]] bool is_slip_of(std::string_view a, std::string_view b);

/// The same for numbers: 952.3 and 925.30, 48290 and 48920. Of three digits only two that changed
/// places count.
[[nodiscard]] bool is_digit_slip(double a, double b);

}  // namespace infinium::maestro
