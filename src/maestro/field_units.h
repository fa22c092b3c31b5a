#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/trace_view.h"

namespace infinium::maestro {

/// What the numbers of a result count, as far as names and notes tell.
struct CellUnit {
  Unit unit = Unit::none;
  Currency currency = Currency::any;
};

/// Units of the cells of results: by the name of the field, by a `unit` or `currency` of the same
/// record (or the only one of the answer), or by a note on the field ("amounts in cents"). Built
/// once in linear time; borrows the view.
class FieldUnits {
 public:
  explicit FieldUnits(const TraceView& view);

  /// One entry a cell of the field's records, in order.
  [[nodiscard]] std::vector<CellUnit> of_cells(FieldId field) const;

 private:
  [[nodiscard]] CellUnit of_name(const Cell& cell) const;

  const TraceView& view_;
  std::unordered_map<std::string, Unit> noted_;
};

}  // namespace infinium::maestro
