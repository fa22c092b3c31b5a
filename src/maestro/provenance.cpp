#include "maestro/provenance.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/hash.h"
#include "maestro/facts.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kWordsMax = 50'000;
constexpr std::size_t kPhraseWordsMax = 5;
constexpr std::size_t kNegationReach = 5;

bool negates(std::string_view word) {
  constexpr std::array<std::string_view, 20> kWords = {
      "not",   "no",   "never",   "without", "except", "excluding", "exclude",
      "don't", "dont", "instead", "rather",  "ignore", "nicht",     "kein",
      "keine", "ohne", "sin",     "excepto", "avoid",  "omit"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Whether a clause ends between two words.
bool ends_clause(std::string_view gap) {
  return gap.find_first_of(".,;:!?()\n") != std::string_view::npos ||
         gap.find("\u3002") != std::string_view::npos;
}

/// "Moura's" is Moura.
std::string_view without_genitive(std::string_view word) {
  for (const std::string_view mark : {"'s", "\u2019s"}) {
    if (word.size() > mark.size() && word.ends_with(mark)) {
      word.remove_suffix(mark.size());
    }
  }
  return word;
}

bool ends_sentence(std::string_view gap) {
  return gap.find_first_of(".!?:\n-*") != std::string_view::npos;
}

std::uint64_t chain(std::uint64_t hash, std::string_view word) {
  return fnv1a(word, fnv1a(" ", hash));
}

bool is_source(TextRole role) {
  return role == TextRole::request || role == TextRole::rubric || role == TextRole::result ||
         role == TextRole::context || role == TextRole::error;
}

}  // namespace

Request::Request(const TraceView& view) {
  std::size_t bytes = 0;
  for (const std::span<const FieldId> fields : {view.request(), view.rubric()}) {
    for (const FieldId id : fields) {
      bytes += view.field(id).text.size();
    }
  }
  constexpr std::size_t kBytesAWord = 6;
  phrases_.reserve(std::min(bytes / kBytesAWord, kWordsMax) * kPhraseWordsMax);
  for (const FieldId id : view.request()) {
    add_field(view, id);
  }
  for (const FieldId id : view.rubric()) {
    add_field(view, id);
  }
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (!words_[i].negated) {
      by_word_.emplace(words_[i].text, i);
    }
  }
}

void Request::add_field(const TraceView& view, FieldId id) {
  const std::string_view text = view.field(id).text;
  const std::size_t first = words_.size();
  std::size_t reach = 0;  // words that a negation still covers
  std::size_t end = 0;
  for (const Word& word : find_words(text)) {
    if (words_.size() >= kWordsMax) {
      break;
    }
    const std::string_view gap = text.substr(end, word.start - end);
    RequestWord entry;
    const std::string_view said = without_genitive(text.substr(word.start, word.end - word.start));
    entry.text = fold_case(said);
    entry.at = {id, word.start, word.start + said.size()};
    entry.opens_sentence = words_.size() == first || ends_sentence(gap);
    reach = ends_clause(gap) ? 0 : reach;
    entry.negated = reach > 0;
    reach = negates(entry.text) ? kNegationReach : reach - (reach > 0 ? 1 : 0);
    end = word.end;
    words_.push_back(std::move(entry));
  }
  for (std::size_t i = first; i < words_.size(); ++i) {
    std::uint64_t hash = fnv1a({});
    for (std::size_t n = 0; n < kPhraseWordsMax && i + n < words_.size(); ++n) {
      const RequestWord& word = words_[i + n];
      if (word.negated) {
        break;
      }
      hash = chain(hash, word.text);
      phrases_.emplace(hash, Span{id, words_[i].at.start, word.at.end});
    }
  }
  std::size_t at = first;
  for (const ValueToken& token : view.values(id)) {
    while (at + 1 < words_.size() && words_[at + 1].at.start <= token.start) {
      ++at;
    }
    const bool negated = at < words_.size() && words_[at].negated;
    values_.push_back({token, id, negated});
    if (!negated) {
      by_value_.emplace(token.key, Span{id, token.start, token.end});
    }
  }
}

std::optional<Span> Request::mention(std::string_view phrase) const {
  std::uint64_t hash = fnv1a({});
  const std::vector<Word> words = find_words(phrase);
  if (words.empty() || words.size() > kPhraseWordsMax) {
    return std::nullopt;
  }
  for (const Word& word : words) {
    hash = chain(hash, fold_case(phrase.substr(word.start, word.end - word.start)));
  }
  const auto found = phrases_.find(hash);
  return found == phrases_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Span> Request::mention_of_value(std::uint64_t key) const {
  const auto found = by_value_.find(key);
  return found == by_value_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Span> Request::mentions(std::string_view text) const {
  const std::optional<Span> value = mention_of_value(value_key(text));
  return value ? value : mention(text);
}

bool Request::says_any(std::initializer_list<std::string_view> words) const {
  return std::any_of(words.begin(), words.end(), [this](std::string_view word) {
    return mention(word).has_value();
  });
}

std::optional<std::size_t> Request::find_word(std::string_view folded) const {
  const auto found = by_word_.find(folded);
  return found == by_word_.end() ? std::nullopt : std::optional(found->second);
}

Sources::Sources(const TraceView& view) {
  for (FieldId id = 0; id < view.fields().size(); ++id) {
    const TextField& field = view.field(id);
    if (!is_source(field.role) || field.superseded) {
      continue;
    }
    incomplete_ = incomplete_ || field.cut;
    for (const ValueToken& token : view.values(id)) {
      const Source source{field.step, {id, token.start, token.end}, token.unit};
      const auto [known, is_new] = first_.emplace(token.key, source);
      if (!is_new && field.step < known->second.step) {
        known->second = source;
      }
      if (token.kind == ValueKind::number) {
        numbers_.emplace_back(token.number, source);
      }
    }
  }
  std::stable_sort(numbers_.begin(), numbers_.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
}

const Source* Sources::find(std::uint64_t key, std::optional<std::size_t> before) const {
  const auto found = first_.find(key);
  if (found == first_.end() || (before && found->second.step && *found->second.step >= *before)) {
    return nullptr;
  }
  return &found->second;
}

const Source* Sources::near(double number, double precision) const {
  const double slack = precision / 2 + std::abs(number) * 1e-12;
  const auto found = std::lower_bound(
      numbers_.begin(), numbers_.end(), number - slack, [](const auto& entry, double value) {
        return entry.first < value;
      });
  return found != numbers_.end() && found->first <= number + slack ? &found->second : nullptr;
}

}  // namespace infinium::maestro
