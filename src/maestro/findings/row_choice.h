#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "maestro/facts.h"

/// Which row of an answer an argument chose, and what that choice led to.
namespace infinium::maestro {

/// Whether an argument can pick a row: a value of some length that names no column or table.
[[nodiscard]] bool may_choose_row(const Argument& argument);

/// The row that a value singles out before a step: the only one of its list that has it, in a cell
/// that stands for the row (its id, its name, its first cell, a number of its own). Else the first
/// row of several cells that holds this id.
[[nodiscard]] std::optional<Rows::Place> row_taken(const Facts& facts,
                                                   std::string_view value,
                                                   std::size_t before);
/// The same, of lists only.
[[nodiscard]] std::optional<Rows::Place> listed_row_taken(const Facts& facts,
                                                          std::string_view value,
                                                          std::size_t before);

/// Whether something was done with the value, or with what the call brought. A run that only looked
/// around chose nothing; one that only answers chose what it read.
[[nodiscard]] bool leads_to_an_act(const Facts& facts,
                                   const StepView& step,
                                   std::string_view value);

/// Whether the row says of itself, where the row taken says otherwise, that it is not to be had:
/// sold out, closed, outdated, none left of what is counted, in another currency.
[[nodiscard]] bool is_not_to_be_had(const Facts& facts, std::uint32_t row, std::uint32_t taken);

/// Whether the step goes through several rows of the list that a value stands in: it is given
/// another one under the same name.
[[nodiscard]] bool takes_several(const Facts& facts,
                                 const StepView& step,
                                 const Argument& argument,
                                 const Rows::Place& taken);

/// Appends later steps that act on the same value: what the choice led to.
void add_later_acts(const Facts& facts, std::string_view value, std::vector<std::size_t>& steps);

}  // namespace infinium::maestro
