#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// One value of a structured text and where it stands.
struct Cell {
  std::string key;           ///< lower case; the nearest name above it; empty if it has none
  std::string value;         ///< without quotes, escapes resolved
  std::uint32_t record = 0;  ///< which record it belongs to
  std::uint32_t start = 0;   ///< bytes of the text; [start, end), quotes excluded
  std::uint32_t end = 0;
  bool is_number = false;  ///< written as a bare number
  double number = 0;
};

/// The records of a text: JSON or Python literals, CSV, Markdown or padded tables, `key: value` or
/// `key=value` lines. A record is an object without the objects of its lists, or a row.
/// Cells are in text order. `lists` gives runs of records that are siblings (rows of one table).
struct Records {
  struct List {
    std::uint32_t first = 0;  ///< record numbers [first, last)
    std::uint32_t last = 0;
    bool operator==(const List&) const = default;
  };
  std::vector<Cell> cells;
  std::vector<List> lists;
  std::uint32_t record_count = 0;
  bool whole = false;  ///< the text was structured to its end
};

/// Reads what is structured in a text; never fails, linear, at most 64 levels and 200,000 cells.
[[nodiscard]] Records read_records(std::string_view text);

}  // namespace infinium::maestro
