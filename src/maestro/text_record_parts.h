#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "maestro/text_records.h"

/// The parts that read_records is made of.
namespace infinium::maestro {

constexpr std::size_t kCellsOfTextMax = 200'000;

/// Whether the text is one plain number in full, and its value.
[[nodiscard]] bool parse_plain_number(std::string_view text, double& value);

/// Appends a cell at bytes [start, end) of the text, unless there are too many.
void add_cell(Records& out,
              std::string_view key,
              std::string value,
              std::uint32_t record,
              std::size_t start,
              std::size_t end,
              std::string_view parent = {});

/// Tables (CSV, Markdown, set with blanks) and `key: value` or `key=value` lines of a text that is
/// no JSON.
void read_record_lines(std::string_view text, Records& out);

}  // namespace infinium::maestro
