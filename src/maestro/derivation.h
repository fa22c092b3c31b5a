#pragma once

#include <span>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {

/// Whether a number follows from what the agent was given: a sum, mean, count, least or greatest of
/// a column; a sum, difference, product, ratio, percentage or change of two numbers; a conversion
/// of units; each rounded as the number is written. The search is bounded: numbers of the request,
/// of the output, of columns, and of the results while they are few.
class Derivation {
 public:
  Derivation(const Facts& facts, std::span<const ValueToken> output_numbers);

  [[nodiscard]] bool explains(double number, double precision) const;

 private:
  void add(double number);

  std::vector<double> pool_;  ///< ascending, distinct
  const Sources& sources_;
};

}  // namespace infinium::maestro
