#include "maestro/facts_mentions.h"

#include <algorithm>

#include "base/hash.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kNameBytesMax = 60;
constexpr std::size_t kNameWordsMax = 6;
constexpr std::size_t kNamedMax = 60'000;
constexpr std::size_t kRecordsOfNameMax = 4;
constexpr std::size_t kMentionsMax = 2'000;
constexpr std::size_t kTextMax = 200'000;

std::uint64_t chain(std::uint64_t hash, std::string_view word) {
  return fnv1a(word, fnv1a(" ", hash));
}

std::string_view word_of(std::string_view text, const Word& word) {
  return text.substr(word.start, word.end - word.start);
}

/// Equal for a name however its marks are written: "events_2024_01" stays one, "Pellman & Sons" is
/// two words. A word without a letter is no name alone.
std::uint64_t name_key(std::string_view name, std::size_t& words) {
  std::uint64_t hash = fnv1a({});
  words = 0;
  bool has_letter = false;
  for (const Word& word : find_words(name)) {
    const std::string_view said = word_of(name, word);
    has_letter = has_letter || std::any_of(said.begin(), said.end(), [](char c) {
                   return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
                 });
    hash = chain(hash, fold_case(said));
    ++words;
  }
  return has_letter ? hash : 0;
}

}  // namespace

Mentions::Mentions(const TraceView& view) : view_(view) {
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool && step.output) {
      add_field(step);
    }
  }
}

void Mentions::add_field(const StepView& step) {
  const Records& records = view_.records(*step.output);
  if (records.cells.empty()) {
    return;
  }
  Field& field = fields_[*step.output];
  field.cells.resize(records.record_count + 1);
  field.list.assign(records.record_count + 1, -1);
  for (std::uint32_t i = 0; i < records.cells.size(); ++i) {
    const Cell& cell = records.cells[i];
    if (cell.record >= field.cells.size()) {
      continue;
    }
    field.cells[cell.record].push_back(i);
    std::size_t words = 0;
    if (cell.is_number || cell.value.size() < 2 || cell.value.size() > kNameBytesMax ||
        named_ >= kNamedMax) {
      continue;
    }
    const std::uint64_t key = name_key(cell.value, words);
    if (key != 0 && words <= kNameWordsMax) {
      std::vector<Named>& named = by_name_[key];
      if (named.size() < kRecordsOfNameMax) {
        named.push_back({{step.index, *step.output, cell.record}, i});
        ++named_;
      }
    }
  }
  for (std::size_t list = 0; list < records.lists.size(); ++list) {
    for (const std::uint32_t member : records.lists[list]) {
      if (member < field.list.size()) {
        field.list[member] = static_cast<std::int32_t>(list);
      }
    }
  }
}

std::vector<NamedCell> Mentions::find(std::string_view text, std::size_t offset) const {
  std::vector<NamedCell> found;
  text = prefix_of(text, kTextMax);
  const std::vector<Word> words = find_words(text);
  std::vector<std::string> folded;
  folded.reserve(words.size());
  for (const Word& word : words) {
    folded.push_back(fold_case(word_of(text, word)));
  }
  for (std::size_t i = 0; i < words.size() && found.size() < kMentionsMax;) {
    std::uint64_t hash = fnv1a({});
    std::size_t best = 0;
    const std::vector<Named>* names = nullptr;
    for (std::size_t n = 0; n < kNameWordsMax && i + n < words.size(); ++n) {
      hash = chain(hash, folded[i + n]);
      if (const auto known = by_name_.find(hash); known != by_name_.end()) {
        best = n + 1;
        names = &known->second;
      }
    }
    if (names == nullptr) {
      ++i;
      continue;
    }
    const auto start = static_cast<std::uint32_t>(words[i].start + offset);
    const auto end = static_cast<std::uint32_t>(words[i + best - 1].end + offset);
    for (const Named& named : *names) {
      found.push_back({named.record, named.cell, start, end});
    }
    i += best;
  }
  return found;
}

std::span<const std::uint32_t> Mentions::cells_of(const RecordRef& record) const {
  const auto field = fields_.find(record.field);
  if (field == fields_.end() || record.record >= field->second.cells.size()) {
    return {};
  }
  return field->second.cells[record.record];
}

std::span<const std::uint32_t> Mentions::list_of(const RecordRef& record) const {
  const auto field = fields_.find(record.field);
  if (field == fields_.end() || record.record >= field->second.list.size() ||
      field->second.list[record.record] < 0) {
    return {};
  }
  const auto list = static_cast<std::size_t>(field->second.list[record.record]);
  return view_.records(record.field).lists[list];
}

const Cell* Mentions::cell_of(const RecordRef& record, std::string_view key) const {
  for (const std::uint32_t i : cells_of(record)) {
    if (cell(record, i).key == key) {
      return &cell(record, i);
    }
  }
  return nullptr;
}

}  // namespace infinium::maestro
