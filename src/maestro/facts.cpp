#include "maestro/facts.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kCellsOfColumnMax = 4'096;
constexpr std::size_t kUsesMax = 64;
constexpr std::size_t kArgumentBytesMax = 80;

bool abbreviates(std::string_view shorter, std::string_view longer) {
  if (shorter.size() < 3 || shorter.size() > 4 || shorter.front() != longer.front() ||
      shorter.back() != longer.back()) {
    return false;
  }
  std::size_t at = 0;
  for (const char c : longer) {
    at += at < shorter.size() && shorter[at] == c ? 1u : 0u;
  }
  return at == shorter.size();
}

}  // namespace

std::uint64_t value_key(std::string_view text) {
  constexpr std::size_t kExactDigitsMax = 15;  // what a double tells apart
  text = trim(text);
  if (text.size() > kExactDigitsMax && std::all_of(text.begin(), text.end(), is_digit)) {
    return identifier_key(text);
  }
  double number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (!text.empty() && error == std::errc{} && end == last) {
    return number_key(number);
  }
  return identifier_key(text);
}

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto close = [&] {
    if (!word.empty()) {
      words.push_back(fold_case(word));
      word.clear();
    }
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool other = static_cast<unsigned char>(name[i]) < 0x80 && !is_alnum(name[i]);
    if (other || (i > 0 && is_upper(name[i]) && is_lower(name[i - 1]))) {
      close();
    }
    if (!other) {
      word.push_back(name[i]);
    }
  }
  close();
  return words;
}

bool same_stem(std::string_view a, std::string_view b) {
  const std::string_view shorter = a.size() <= b.size() ? a : b;
  const std::string_view longer = a.size() <= b.size() ? b : a;
  if (shorter == longer) {
    return true;
  }
  if (shorter.size() >= 3 && longer.starts_with(shorter)) {
    return longer.size() - shorter.size() <= std::max<std::size_t>(shorter.size(), 5);
  }
  return !shorter.empty() && abbreviates(shorter, longer);
}

Facts::Facts(const TraceView& view)
    : view_(view),
      request_(view),
      sources_(view),
      asked_(view, request_),
      rows_(view),
      origins_(view, asked_, rows_),
      statements_(view),
      grounds_(view),
      mentions_(view),
      ledger_(view, grounds_, statements_, mentions_) {
  for (const StepView& step : view.steps()) {
    for (std::uint32_t i = 0; i < step.arguments.size(); ++i) {
      const Argument& argument = step.arguments[i];
      if (argument.value.size() <= kArgumentBytesMax) {
        std::vector<Use>& uses = uses_[value_key(argument.value)];
        if (uses.size() < kUsesMax) {
          uses.push_back({step.index, i});
        }
      }
    }
    if (step.kind != StepKind::tool || !step.output || step.failed) {
      continue;
    }
    const Records& records = view.records(*step.output);
    for (std::uint32_t i = 0; i < records.cells.size(); ++i) {
      const Cell& cell = records.cells[i];
      const auto [entry, is_new] = column_by_key_.emplace(cell.key, columns_.size());
      if (is_new) {
        columns_.push_back({cell.key, true, {}, {}});
      }
      Column& column = columns_[entry->second];
      const CellRef ref{step.index, *step.output, i};
      if (column.cells.size() < kCellsOfColumnMax) {
        column.cells.push_back(ref);
        column.first_by_value.emplace(value_key(cell.value), ref);
      }
      column.is_numeric = column.is_numeric && cell.is_number;
    }
  }
}

const Column* Facts::column(std::string_view key) const {
  const auto found = column_by_key_.find(std::string(key));
  return found == column_by_key_.end() ? nullptr : &columns_[found->second];
}

std::span<const Use> Facts::uses(std::uint64_t value) const {
  const auto found = uses_.find(value);
  return found == uses_.end() ? std::span<const Use>{} : std::span<const Use>(found->second);
}

}  // namespace infinium::maestro
