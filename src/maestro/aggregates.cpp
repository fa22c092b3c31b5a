#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "maestro/derivation.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kAggregatesMax = 20'000;
constexpr std::size_t kGroupsMax = 12;
constexpr std::size_t kFieldsOfRecordMax = 8;
constexpr std::size_t kCellsMax = 10'000;  ///< of one answer that are combined record by record
constexpr std::size_t kPairsMax = 60'000;  ///< of cells, over all lists

/// One cell with a number, money in whole units.
struct Entry {
  double value = 0;
  Matter matter = Matter::plain;
  Span at;
};

class AggregateReader {
 public:
  AggregateReader(const TraceView& view, const Grounds& grounds) : view_(view), units_(view) {
    for (const Ground& ground : grounds.numbers()) {
      if (ground.in_result && ground.key.empty()) {
        loose_[ground.at.field].push_back(&ground);
      }
    }
  }

  std::vector<Aggregate> run() {
    for (const StepView& step : view_.steps()) {
      if (step.kind == StepKind::tool && step.output && !step.failed) {
        step_ = step.index;
        read_records(*step.output);
        read_text(*step.output);
      }
    }
    std::stable_sort(found_.begin(), found_.end(), [](const Aggregate& a, const Aggregate& b) {
      return a.value < b.value;
    });
    return std::move(found_);
  }

 private:
  void push(double value, const Entry& of, std::string what, bool whole = false) {
    if (found_.size() < kAggregatesMax) {
      found_.push_back({value, of.matter, step_, of.at, std::move(what), whole});
    }
  }

  void push_column(const std::vector<Entry>& column, std::string_view name, bool whole) {
    if (column.size() < 2) {
      return;
    }
    double total = 0;
    for (const Entry& entry : column) {
      total += entry.value;
    }
    push(total, column.front(), fmt::format("the sum of {}", name), whole);
    push(total / static_cast<double>(column.size()),
         column.front(),
         fmt::format("the mean of {}", name));
    if (total != 0) {
      for (const Entry& entry : column) {
        push(100 * entry.value / total, entry, fmt::format("a share of {}", name));
      }
    }
  }

  void read_records(FieldId field) {
    const Records& records = view_.records(field);
    const std::vector<CellUnit> units = units_.of_cells(field);
    std::map<std::uint32_t, std::vector<std::size_t>> members;
    std::map<std::string, std::vector<Entry>> columns;
    auto column = columns.end();
    for (std::size_t i = 0; i < records.cells.size(); ++i) {
      const Cell& cell = records.cells[i];
      if (cell.is_number) {
        if (column == columns.end() || column->first != cell.key) {
          column = columns.try_emplace(cell.key).first;
        }
        column->second.push_back(entry_of(field, cell, units[i]));
      }
      if (i < kCellsMax) {
        members[cell.record].push_back(i);
      }
    }
    for (const auto& [key, entries] : columns) {
      push_column(entries, key, true);
    }
    for (const auto& [record, cells] : members) {
      read_record(field, cells, units);
    }
    for (const auto& list : records.lists) {
      const Entry count{static_cast<double>(list.size()), Matter::plain, {field, 0, 0}};
      push(count.value, count, "the length of a list");
      read_groups(field, list, members, units);
    }
  }

  [[nodiscard]] static Entry entry_of(FieldId field, const Cell& cell, const CellUnit& unit) {
    const double scale = unit.unit == Unit::money_minor ? 0.01 : 1;
    return {cell.number * scale, matter_of(unit.unit), {field, cell.start, cell.end}};
  }

  /// What two numbers of one record give.
  /// {"mon": 8421, "tue": 10233, …}: the sum and the mean of all its numbers.
  void read_whole_record(FieldId field,
                         const std::vector<std::size_t>& cells,
                         const std::vector<CellUnit>& units) {
    constexpr std::size_t kSummedMax = 40;
    if (cells.size() < 3 || cells.size() > kSummedMax) {
      return;
    }
    double sum = 0;
    bool alike = true;
    std::size_t count = 0;
    Entry first;
    for (const std::size_t i : cells) {
      const Cell& cell = view_.records(field).cells[i];
      if (cell.is_number) {
        const Entry entry = entry_of(field, cell, units[i]);
        first = count++ == 0 ? entry : first;
        alike = alike && entry.matter == first.matter;
        sum += entry.value;
      }
    }
    if (alike && count > 2) {
      push(sum, first, "the sum of the fields");
      push(sum / static_cast<double>(count), first, "the mean of the fields");
    }
  }

  void read_record(FieldId field,
                   const std::vector<std::size_t>& cells,
                   const std::vector<CellUnit>& units) {
    std::vector<Entry> entries;
    for (const std::size_t i : cells) {
      const Cell& cell = view_.records(field).cells[i];
      if (cell.is_number && entries.size() < kFieldsOfRecordMax) {
        entries.push_back(entry_of(field, cell, units[i]));
      }
    }
    read_whole_record(field, cells, units);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (std::size_t k = i + 1; k < entries.size(); ++k) {
        push(entries[i].value + entries[k].value, entries[i], "a sum of two fields");
        push(entries[i].value - entries[k].value, entries[i], "a difference of two fields");
        push(entries[k].value - entries[i].value, entries[k], "a difference of two fields");
        push(entries[i].value * entries[k].value, entries[i], "a product of two fields");
      }
    }
  }

  /// Sums over the rows that share a value, and sums of products of two columns.
  void read_groups(FieldId field,
                   const std::vector<std::uint32_t>& list,
                   const std::map<std::uint32_t, std::vector<std::size_t>>& members,
                   const std::vector<CellUnit>& units) {
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::vector<Entry>>> groups;
    std::map<std::pair<std::string, std::string>, double> products;
    Entry first;
    for (const std::uint32_t record : list) {
      const auto found = members.find(record);
      if (found == members.end() || found->second.size() > 2 * kFieldsOfRecordMax ||
          (pairs_ += found->second.size() * found->second.size()) > kPairsMax) {
        continue;
      }
      for (const std::size_t i : found->second) {
        const Cell& a = view_.records(field).cells[i];
        for (const std::size_t k : found->second) {
          const Cell& b = view_.records(field).cells[k];
          if (!b.is_number || i == k) {
            continue;
          }
          const Entry entry = entry_of(field, b, units[k]);
          first = first.at.end == 0 ? entry : first;
          if (a.is_number && i < k) {
            products[{a.key, b.key}] += entry_of(field, a, units[i]).value * entry.value;
          } else if (!a.is_number && a.value.size() <= 40) {
            groups[{a.key, b.key}][a.value].push_back(entry);
          }
        }
      }
    }
    for (const auto& [keys, by_value] : groups) {
      for (const auto& [value, column] : by_value) {
        if (by_value.size() <= kGroupsMax && column.size() < list.size()) {
          push_column(
              column, fmt::format("{} where {} is {}", keys.second, keys.first, value), false);
        }
      }
    }
    for (const auto& [keys, total] : products) {
      push(total, first, fmt::format("the sum of {} times {}", keys.first, keys.second));
    }
  }

  /// Numbers of running text that stand before the same word in several lines are a column.
  void read_text(FieldId field) {
    const auto found = loose_.find(field);
    if (found == loose_.end()) {
      return;
    }
    std::vector<const Ground*> numbers = found->second;
    std::sort(numbers.begin(), numbers.end(), [](const Ground* a, const Ground* b) {
      return a->at.start < b->at.start;
    });
    const std::string_view text = view_.field(field).text;
    std::map<std::string, std::vector<Entry>> columns;
    std::size_t line = 0;
    std::size_t place = 0;
    std::size_t last = 0;
    for (const Ground* number : numbers) {
      const std::string_view gap = text.substr(last, number->at.start - last);
      const bool next_line = gap.find('\n') != std::string_view::npos;
      line += next_line ? 1u : 0u;
      place = next_line ? 0 : place + 1;
      last = number->at.end;
      const Entry entry{number->number, matter_of(number->unit), number->at};
      std::string_view after = text.substr(number->at.end, 24);
      after = after.substr(0, after.find('\n'));
      const std::vector<Word> words = find_words(after);
      const std::string word =
          words.empty() ? std::string()
                        : fold_case(after.substr(words[0].start, words[0].end - words[0].start));
      if (!word.empty() && !is_digit(word.front())) {
        columns["the numbers before " + word].push_back(entry);
      }
      columns[fmt::format("the numbers at place {} of the lines", place + 1)].push_back(entry);
    }
    for (const auto& [name, column] : columns) {
      if (line > 0 && column.size() <= 500) {
        push_column(column, name, true);
      }
    }
  }

  const TraceView& view_;
  FieldUnits units_;
  std::unordered_map<FieldId, std::vector<const Ground*>> loose_;
  std::size_t step_ = 0;
  std::size_t pairs_ = 0;
  std::vector<Aggregate> found_;
};

}  // namespace

std::vector<Aggregate> aggregates_of(const TraceView& view, const Grounds& grounds) {
  return AggregateReader(view, grounds).run();
}

}  // namespace infinium::maestro
