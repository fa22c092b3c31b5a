#include "maestro/rubric/run_columns.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "maestro/facts.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kColumnsMax = 2'000;
constexpr std::size_t kValuesMax = 256;
constexpr std::size_t kValueBytesMax = 200;
constexpr std::size_t kHoldersMax = 32;

}  // namespace

bool is_general_word(std::string_view word) {
  constexpr auto kGeneral = std::to_array<std::string_view>(
      {"id",      "ids",    "name",  "names",   "number",  "numbers",  "no",       "nr",
       "code",    "codes",  "type",  "date",    "time",    "state",    "status",   "value",
       "total",   "amount", "text",  "new",     "old",     "current",  "internal", "final",
       "last",    "first",  "right", "correct", "actual",  "numero",   "numeros",  "nombre",
       "codigo",  "nummer", "fecha", "importe", "private", "personal", "full",     "reference",
       "ref",     "count",  "data",  "key",     "keys",    "usd",      "eur",      "gbp",
       "cents",   "pence",  "yen",   "gb",      "kg",      "km",       "customer", "user",
       "patient", "client", "guest"});
  return std::find(kGeneral.begin(), kGeneral.end(), word) != kGeneral.end();
}

namespace {

/// Words that are alike begin alike.
std::string opening_of(std::string_view word) { return std::string(prefix_of(word, 3)); }

bool has(std::span<const std::string> words, std::string_view word) {
  return std::any_of(
      words.begin(), words.end(), [&](const std::string& each) { return alike(each, word); });
}

}  // namespace

RunColumns::RunColumns(const TraceView& view) : view_(view) {
  for (FieldId id = 0; id < view.fields().size(); ++id) {
    const TextField& field = view.field(id);
    const bool argued = field.role == TextRole::argument;
    if ((field.role != TextRole::result && !argued) || field.superseded) {
      continue;
    }
    incomplete_ = incomplete_ || (field.cut && !argued);
    if (!argued) {
      results_.push_back(fold_case(field.text));
    }
    for (const ValueToken& value : argued ? std::span<const ValueToken>() : view.values(id)) {
      keys_.try_emplace(value.key, Span{id, value.start, value.end});
    }
    for (const Cell& cell : view.records(id).cells) {
      add(cell, id);
    }
  }
}

void RunColumns::add(const Cell& cell, FieldId field) {
  const std::string& key = cell.key;
  const std::string& value = cell.value;
  const auto step = view_.field(field).step;
  const bool argued = view_.field(field).role == TextRole::argument;
  const bool acted =
      argued && step && view_.steps()[*step].changes_state && !view_.steps()[*step].failed;
  if (key.empty() || value.empty() || value.size() > kValueBytesMax) {
    return;
  }
  const auto [entry, is_new] = by_key_.emplace(key, columns_.size());
  if (is_new) {
    if (columns_.size() == kColumnsMax) {
      by_key_.erase(entry);
      return;
    }
    RunColumn column;
    for (const std::string& word : name_words(key)) {
      column.words.emplace_back(canonical(plain(word)));
      auto& same_opening = by_opening_[opening_of(column.words.back())];
      if (same_opening.empty() || same_opening.back() != columns_.size()) {
        same_opening.push_back(static_cast<std::uint32_t>(columns_.size()));
      }
    }
    columns_.push_back(std::move(column));
  }
  RunColumn& column = columns_[entry->second];
  const std::uint64_t hash = fnv1a(fold_case(value));
  auto& holders = by_value_[hash];
  const auto number = static_cast<std::uint32_t>(entry->second);
  if (std::find(holders.begin(), holders.end(), number) != holders.end()) {
    for (RunColumn::Value& known : column.values) {
      known.acted = known.acted || (acted && known.text == value);
    }
    return;
  }
  if (column.values.size() < kValuesMax && holders.size() < kHoldersMax) {
    holders.push_back(number);
    column.values.push_back({value, {field, cell.start, cell.end}, argued, acted});
  }
}

std::vector<const RunColumn*> RunColumns::named(std::span<const std::string> wanted) const {
  std::vector<std::string> words;
  std::set<std::uint32_t> candidates;
  for (const std::string& word : wanted) {
    words.emplace_back(canonical(word));
    const auto same = by_opening_.find(opening_of(words.back()));
    if (same != by_opening_.end()) {
      candidates.insert(same->second.begin(), same->second.end());
    }
  }
  const bool all_general = std::all_of(words.begin(), words.end(), is_general_word);
  std::vector<const RunColumn*> found;
  for (const std::uint32_t number : candidates) {
    const RunColumn& column = columns_[number];
    std::size_t shared = 0;
    std::size_t telling = 0;
    for (const std::string& word : column.words) {
      const bool there = has(words, word);
      shared += there ? 1 : 0;
      telling += there && !is_general_word(word) ? 1 : 0;
    }
    const bool column_in_words = shared == column.words.size();
    const bool words_in_column = std::all_of(words.begin(), words.end(), [&](const auto& word) {
      return is_general_word(word) || has(column.words, word);
    });
    const bool agrees = telling > 0 || (all_general && shared > 0 && column_in_words);
    if (agrees && (column_in_words || words_in_column)) {
      found.push_back(&column);
    }
  }
  return found;
}

std::optional<Span> RunColumns::source_of(std::uint64_t key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

bool RunColumns::says(std::string_view words) const {
  const std::string folded = fold_case(trim(words));
  for (FieldId id = 0; id < view_.fields().size(); ++id) {
    const TextRole role = view_.field(id).role;
    const bool source = role == TextRole::result || role == TextRole::request;
    if (source && find_folded(view_.field(id).text, folded)) {
      return true;
    }
  }
  return false;
}

bool RunColumns::holds_fragment(std::string_view text) const {
  const auto [known, is_new] = fragments_.try_emplace(fold_case(trim(text)), false);
  const std::string& folded = known->first;
  if (is_new && !folded.empty()) {
    known->second = std::any_of(results_.begin(), results_.end(), [&](const std::string& result) {
      return result.find(folded) != std::string::npos;
    });
  }
  return known->second;
}

std::vector<const RunColumn*> RunColumns::holding(std::string_view text) const {
  std::vector<const RunColumn*> found;
  const auto holders = by_value_.find(fnv1a(fold_case(text)));
  if (holders != by_value_.end()) {
    for (const std::uint32_t number : holders->second) {
      found.push_back(&columns_[number]);
    }
  }
  return found;
}

}  // namespace infinium::maestro
