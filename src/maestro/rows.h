#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A record that a tool's answer holds: a row of a list, or an object.
struct Row {
  std::size_t step = 0;
  FieldId field = 0;
  std::uint32_t record = 0;
  std::vector<std::uint32_t> cells;   ///< indices into records(field).cells, in text order
  std::optional<std::uint32_t> list;  ///< which of Rows::lists() it stands in
};

/// The records of all answers, to find the one that a value came from. Built once, linear; borrows
/// the view.
class Rows {
 public:
  explicit Rows(const TraceView& view);

  [[nodiscard]] std::span<const Row> rows() const noexcept { return rows_; }
  /// Rows that stand beside each other; places in rows().
  [[nodiscard]] std::span<const std::vector<std::uint32_t>> lists() const noexcept {
    return lists_;
  }
  /// One cell and the row it stands in.
  struct Place {
    std::uint32_t row = 0;
    std::uint32_t cell = 0;  ///< index into records(field).cells
  };
  /// Cells with this value (value_key), in trace order, at most 64.
  [[nodiscard]] std::span<const Place> with_value(std::uint64_t key) const;

  [[nodiscard]] const Row& row(const Place& place) const { return rows_[place.row]; }
  [[nodiscard]] const Cell& cell(const Place& place) const {
    return view_.records(rows_[place.row].field).cells[place.cell];
  }
  [[nodiscard]] Span span_of(const Place& place) const {
    const Cell& found = cell(place);
    return {rows_[place.row].field, found.start, found.end};
  }
  /// The row of a record; nothing if the field is no answer of a tool that went well.
  [[nodiscard]] std::optional<std::uint32_t> row_of(FieldId field, std::uint32_t record) const;
  /// The first cell of a row under a key (lower case).
  [[nodiscard]] std::optional<Place> find(std::uint32_t row, std::string_view key) const;

 private:
  const TraceView& view_;
  std::vector<Row> rows_;
  std::vector<std::vector<std::uint32_t>> lists_;
  std::unordered_map<std::uint64_t, std::vector<Place>> by_value_;
  std::unordered_map<FieldId, std::uint32_t> first_row_;
};

}  // namespace infinium::maestro
