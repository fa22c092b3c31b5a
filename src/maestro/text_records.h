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
  std::string parent;        ///< lower case; the name of the object or list around it, if any
  std::uint32_t record = 0;  ///< which record it belongs to
  std::uint32_t start = 0;   ///< bytes of the text; [start, end), quotes excluded
  std::uint32_t end = 0;
  bool is_number = false;  ///< written as a bare number
  double number = 0;
};

/// The records of a text: JSON or Python literals (inside prose too, and cut ones as far as they
/// go), CSV, Markdown tables, `key: value` and `key=value` lines. A record is an object without the
/// objects of its lists, a row of a table, or a bare value in a list. Cells are in text order.
struct Records {
  std::vector<Cell> cells;
  std::vector<std::vector<std::uint32_t>> lists;  ///< records that are siblings
  std::uint32_t record_count = 0;
  bool structured = false;  ///< JSON, CSV or a table, not mere lines of text
};

/// Reads what is structured in a text; never fails, linear, at most 64 levels and 200,000 cells.
[[nodiscard]] Records read_records(std::string_view text);

}  // namespace infinium::maestro
