#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/facts_grounds.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A record of a result.
struct RecordRef {
  std::size_t step = 0;
  FieldId field = 0;
  std::uint32_t record = 0;
  bool operator==(const RecordRef&) const = default;
};

/// A cell of a result that a text names.
struct NamedCell {
  RecordRef record;
  std::uint32_t cell = 0;   ///< index into records(field).cells
  std::uint32_t start = 0;  ///< bytes of the text that names it
  std::uint32_t end = 0;
};

/// The names, identifiers and words that stand in cells of results, to find where a text speaks of
/// a record. Cells of at most 60 bytes and six words that hold a letter; at most 60,000.
class Mentions {
 public:
  explicit Mentions(const TraceView& view);

  /// Cells that the text names, longest names first at each place, at most 4 records a name and
  /// 2,000 in all. Positions are bytes of `text` plus `offset`.
  [[nodiscard]] std::vector<NamedCell> find(std::string_view text, std::size_t offset) const;
  /// The cells of a record.
  [[nodiscard]] std::span<const std::uint32_t> cells_of(const RecordRef& record) const;
  /// The list that a record belongs to, itself included; empty if it stands alone.
  [[nodiscard]] std::span<const std::uint32_t> list_of(const RecordRef& record) const;
  [[nodiscard]] const Cell& cell(const RecordRef& record, std::uint32_t cell) const {
    return view_.records(record.field).cells[cell];
  }
  /// The record's cell of that key; null if it has none.
  [[nodiscard]] const Cell* cell_of(const RecordRef& record, std::string_view key) const;

 private:
  struct Named {
    RecordRef record;
    std::uint32_t cell = 0;
  };
  struct Field {
    std::vector<std::vector<std::uint32_t>> cells;  ///< by record
    std::vector<std::int32_t> list;                 ///< by record: index into lists, or -1
  };

  void add_field(const StepView& step);

  const TraceView& view_;
  std::unordered_map<std::uint64_t, std::vector<Named>> by_name_;
  std::unordered_map<FieldId, Field> fields_;
  std::size_t named_ = 0;
};

}  // namespace infinium::maestro
