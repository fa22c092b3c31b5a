#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "maestro/facts_grounds.h"
#include "maestro/facts_statements.h"

namespace infinium::maestro {

/// What a number is made of, as far as it limits what can be done with it: percentages are taken of
/// something, money is never multiplied by money.
enum class Matter : std::uint8_t { plain, percent, money };
[[nodiscard]] Matter matter_of(Unit unit);

/// A number to compute with.
struct Operand {
  double value = 0;
  Matter matter = Matter::plain;
  bool count = false;  ///< a whole number of a source without a unit: a count, a size, a number
};

/// A number that a column, a record or a list of a result gives: a sum, a mean, a count, the
/// product or difference of two fields.
struct Aggregate {
  double value = 0;
  Matter matter = Matter::plain;
  std::size_t step = 0;
  Span at;             ///< a cell that it is made of
  std::string what;    ///< "the sum of net_cents"
  bool whole = false;  ///< the sum of a column
};

/// Aggregates of all results, ascending. Money in cents is given in whole units. At most 20,000.
[[nodiscard]] std::vector<Aggregate> aggregates_of(const TraceView& view, const Grounds& grounds);

/// A number whose making is in question.
struct Question {
  double number = 0;
  double precision = 1;
  Matter matter = Matter::plain;
  std::span<const Operand> pool;  ///< the likeliest first
};

/// Whether the number is one, two or three steps of everyday arithmetic away from numbers of the
/// pool, each rounded as it is written: sums, differences, products, ratios, percentages, changes,
/// conversions. How much of the pool is searched grows with how telling the number is: with too
/// many operands a number of three digits is always explained by chance.
[[nodiscard]] bool is_derived(const Question& question);

/// The same by one step alone, with the whole pool.
[[nodiscard]] bool is_derived_by_pair(const Question& question);

/// The same by one sum or difference alone, which explains less by chance.
[[nodiscard]] bool is_sum_or_difference(const Question& question);

/// What two numbers give, by each operation that makes sense for them.
[[nodiscard]] std::vector<double> results_of(const Operand& a, const Operand& b, Matter wanted);

/// Whether two numbers, both written to `precision`, differ as slips do: one digit, two neighbours
/// exchanged, a digit too many or too few; or by powers of ten with all digits alike.
enum class Slip : std::uint8_t { none, digit, order, power };
[[nodiscard]] Slip slip_between(double said, double due, double precision);

}  // namespace infinium::maestro
