#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "maestro/facts.h"

namespace infinium::maestro {

/// A column of one list of records.
struct ListColumn {
  std::size_t step = 0;
  FieldId field = 0;
  std::string key;
  std::vector<const Cell*> cells;  ///< one a record, in order
};

/// Whether the column's name says that it holds ids.
[[nodiscard]] bool is_id_column(const ListColumn& column);

/// Whether the column sorts the records, and no kept one is of the sort of those left out.
[[nodiscard]] bool is_of_another_sort(const ListColumn& column,
                                      const std::unordered_set<std::size_t>& out);

/// Whether a text of the records left out says why: void, a duplicate, a test, closed.
[[nodiscard]] bool is_marked(const ListColumn& column, const std::vector<std::size_t>& missing);

/// Telling words of a record: those of four letters or digits that no other record holds.
[[nodiscard]] std::vector<std::string> own_words(std::span<const ListColumn* const> columns,
                                                 std::size_t record);

/// Whether the column's values are distinct and long enough to be found in prose.
[[nodiscard]] bool names_items(const ListColumn& column);

/// Whether so many of a list may be lost rather than another selection meant.
[[nodiscard]] bool is_few(std::size_t missing, std::size_t all);

/// Records whose value is not among the step's arguments; empty unless the arguments of one key
/// are all values of this column but a few.
[[nodiscard]] std::vector<std::size_t> missing_from(const ListColumn& column, const StepView& step);

}  // namespace infinium::maestro
