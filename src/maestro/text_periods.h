#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// A stretch of time that a name or a text states: a year, a quarter, a month or a day.
struct Period {
  int year = 0;
  int quarter = 0;  ///< 1–4, or 0
  int month = 0;    ///< 1–12, or 0
  int day = 0;      ///< 1–31, or 0
  bool operator==(const Period&) const = default;
};

/// Periods in a name or text: "orders_2026-09.csv", "rates202609", "FY2026-Q3", "prices 2025".
/// At most 64.
[[nodiscard]] std::vector<Period> find_periods(std::string_view text);

/// Whether one holds the other, or they may: what one leaves open is not held against it.
[[nodiscard]] bool overlap(const Period& a, const Period& b);

/// Whether both are known to the same depth, so that they can contradict each other.
[[nodiscard]] bool comparable(const Period& a, const Period& b);

/// A number that grows with time, for ordering.
[[nodiscard]] int order_of(const Period& period);

/// The name with digits and words of state (old, final, latest, …) replaced: equal for versions of
/// one file.
[[nodiscard]] std::string family_of(std::string_view name);

}  // namespace infinium::maestro
