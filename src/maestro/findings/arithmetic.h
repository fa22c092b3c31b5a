#pragma once

#include <optional>
#include <string>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {

/// A figure that its own sentence shows to be wrong.
struct ArithmeticSlip {
  std::uint32_t statement = 0;
  std::optional<std::uint32_t> claim;  ///< the wrong number, unless it is a day or a time
  Span at;                             ///< the words that say so
  std::string title;
  std::string why;
};

/// Equations, totals, shares, rates a period, durations and weekdays in what the agent says that do
/// not hold. In the order of the trace, at most 64.
[[nodiscard]] std::vector<ArithmeticSlip> find_arithmetic_slips(const Facts& facts);

}  // namespace infinium::maestro
