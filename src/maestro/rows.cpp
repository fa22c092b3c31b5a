#include "maestro/rows.h"

#include <algorithm>

#include "maestro/facts.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kPlacesMax = 64;
constexpr std::size_t kRowsMax = 50'000;

}  // namespace

Rows::Rows(const TraceView& view) : view_(view) {
  for (const StepView& step : view.steps()) {
    if (step.kind != StepKind::tool || !step.output || step.failed) {
      continue;
    }
    const Records& records = view.records(*step.output);
    if (rows_.size() + records.record_count > kRowsMax) {
      break;
    }
    const auto first = static_cast<std::uint32_t>(rows_.size());
    first_row_.emplace(*step.output, first);
    for (std::uint32_t record = 0; record < records.record_count; ++record) {
      rows_.push_back({step.index, *step.output, record, {}, std::nullopt});
    }
    for (std::uint32_t i = 0; i < records.cells.size(); ++i) {
      const Cell& cell = records.cells[i];
      rows_[first + cell.record].cells.push_back(i);
      std::vector<Place>& places = by_value_[value_key(cell.value)];
      if (places.size() < kPlacesMax) {
        places.push_back({first + cell.record, i});
      }
    }
    for (const auto& members : records.lists) {
      const auto list = static_cast<std::uint32_t>(lists_.size());
      std::vector<std::uint32_t>& rows = lists_.emplace_back();
      for (const std::uint32_t member : members) {
        rows_[first + member].list = list;
        rows.push_back(first + member);
      }
    }
  }
}

std::span<const Rows::Place> Rows::with_value(std::uint64_t key) const {
  const auto found = by_value_.find(key);
  return found == by_value_.end() ? std::span<const Place>{}
                                  : std::span<const Place>(found->second);
}

std::optional<std::uint32_t> Rows::row_of(FieldId field, std::uint32_t record) const {
  const auto found = first_row_.find(field);
  return found == first_row_.end() ? std::nullopt : std::optional(found->second + record);
}

std::optional<Rows::Place> Rows::find(std::uint32_t row, std::string_view key) const {
  const Row& found = rows_[row];
  for (const std::uint32_t i : found.cells) {
    if (view_.records(found.field).cells[i].key == key) {
      return Place{row, i};
    }
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
