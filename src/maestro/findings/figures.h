#pragma once

#include <string>
#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"

namespace infinium::maestro {

/// A number that a result holds or that follows from one of its columns.
struct Figure {
  double value = 0;
  Unit unit = Unit::none;
  Currency currency = Currency::any;
  std::size_t step = 0;  ///< whose result it is
  Span at;               ///< the cell, or the first cell of the column
  std::string what;      ///< "net_cents", "sum of net_cents"
  bool derived = false;  ///< a sum or mean of several cells
};

/// The numbers of all results whose unit is known by the column's name, by a `unit` beside them or
/// by a note ("amounts in cents"), and the sums and means of such columns. At most 20,000.
[[nodiscard]] std::vector<Figure> figures_with_unit(const Facts& facts);

/// The earliest step after `source` whose result, else whose input, holds the number; nothing if
/// only the output does.
[[nodiscard]] std::optional<std::size_t> first_step_with(const TraceView& view,
                                                         double number,
                                                         double precision,
                                                         std::size_t source);

/// The parts of find_figure_slips: amounts in another currency than their source's and rankings
/// over several currencies; a number of a source in another unit, or with its point moved.
[[nodiscard]] std::vector<ProvenFinding> find_currency_slips(const Facts& facts);
[[nodiscard]] std::vector<ProvenFinding> find_scale_slips(const Facts& facts);

}  // namespace infinium::maestro
