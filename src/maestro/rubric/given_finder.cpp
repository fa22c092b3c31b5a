#include "maestro/rubric/given_finder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "maestro/rubric/content_find.h"

namespace infinium::maestro {
namespace {

using Status = GivenOutcome::Status;

constexpr std::size_t kJudgedMax = 100;  ///< values of one kind; each may be sought in all results

std::vector<std::string> plain_words_of(std::string_view text) {
  const std::string folded = plain(text);
  std::vector<std::string> words;
  for (const Word& word : find_words(folded)) {
    words.push_back(folded.substr(word.start, word.end - word.start));
  }
  return words;
}

bool in_bare(char c) { return is_alnum(c) || (c & 0x80) != 0; }

/// Letters and digits alone, so that "RF 8841" and "rf-8841" are equal.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : fold_case(text)) {
    if (in_bare(c)) {
      out += c;
    }
  }
  return out;
}

/// Runs of Chinese or Japanese letters that carry meaning: kanji or katakana, two or more.
std::vector<std::string> wide_terms(std::string_view phrase) {
  std::vector<std::string> terms;
  std::string run;
  bool in_katakana = false;
  const auto close = [&] {
    if (count_code_points(run) >= 2) {
      terms.push_back(run);
    }
    run.clear();
  };
  for (std::size_t at = 0; at < phrase.size();) {
    const std::size_t start = at;
    const char32_t code = next_code_point(phrase, at);
    const bool kanji = code >= 0x3400 && code <= 0x9FFF;
    const bool katakana = code >= 0x30A0 && code <= 0x30FF;
    if ((!kanji && !katakana) || katakana != in_katakana) {
      close();
    }
    if (kanji || katakana) {
      run += phrase.substr(start, at - start);
      in_katakana = katakana;
    }
  }
  close();
  return terms;
}

}  // namespace

// No more of it than a reader would take in, since every value of a long line without marks asks.
std::string_view sentence_around(std::string_view text, const Match& at) {
  constexpr std::size_t kBytesASide = 400;
  const std::size_t first = at.start - std::min(at.start, kBytesASide);
  const std::size_t last = std::min(text.size(), at.end + kBytesASide);
  std::size_t start = at.start;
  while (start > first && text[start - 1] != '\n' &&
         !(text[start - 1] == '.' && is_space(text[start]))) {
    --start;
  }
  std::size_t end = at.end;
  while (end < last && text[end] != '\n' &&
         !(text[end] == '.' && (end + 1 == text.size() || is_space(text[end + 1])))) {
    ++end;
  }
  return text.substr(start, end - start);
}

std::string_view clause_around(std::string_view text, const Match& at) {
  const std::string_view sentence = sentence_around(text, at);
  const std::size_t base = static_cast<std::size_t>(sentence.data() - text.data());
  const Match inside{at.start - base, at.end - base};
  std::size_t start = 0;
  std::size_t end = sentence.size();
  for (const std::string_view mark :
       {", ", "; ", ": ", " and ", " und ", " y ", " et ", " e ", "、", "；", "，"}) {
    const std::size_t before = sentence.substr(0, inside.start).rfind(mark);
    if (before != std::string_view::npos && mark != ": ") {
      start = std::max(start, before + mark.size());
    }
    const std::size_t after = sentence.find(mark, inside.end);
    end = std::min(end, after);
  }
  return sentence.substr(start, end - start);
}

int label_score(const Wanted& wanted, std::string_view clause) {
  const auto words = plain_words_of(clause);
  int score = 0;
  for (const std::string& word : wanted.words) {
    if (is_general_word(canonical(word))) {
      continue;
    }
    const auto same = [&](const std::string& each) {
      return each == word || canonical(each) == canonical(word);
    };
    const auto near = [&](const std::string& each) { return alike(each, word); };
    score += std::any_of(words.begin(), words.end(), same)   ? 2
             : std::any_of(words.begin(), words.end(), near) ? 1
                                                             : 0;
  }
  for (const std::string& term : wide_terms(wanted.phrase)) {
    score += clause.find(term) != std::string_view::npos ? 2 : 0;
  }
  return score;
}

bool is_labelled(const Wanted& wanted, std::string_view sentence) {
  const auto words = plain_words_of(sentence);
  bool any = false;
  for (const std::string& word : wanted.words) {
    if (is_general_word(canonical(word))) {
      continue;
    }
    any = true;
    if (std::any_of(words.begin(), words.end(), [&](const auto& each) {
          return alike(each, word) || canonical(each) == canonical(word);
        })) {
      return true;
    }
  }
  return !any;
}

namespace {

/// Whether a thing of that kind can be told by how it is written.
bool has_pattern(Content content) {
  return content != Content::words && content != Content::postal_address &&
         content != Content::birth_date && content != Content::person && content != Content::secret;
}

/// Words that stand in most texts, whatever they are about.
bool is_vague_time(std::string_view folded) {
  return folded == "now" || folded == "today" || folded == "week" || folded == "month" ||
         folded == "year" || folded == "heute" || folded == "hoy" || folded == "immediately";
}

/// Words were left out of a quotation, or put in.
bool is_shortened(std::string_view value) {
  return value.find("...") != std::string_view::npos || value.find("…") != std::string_view::npos ||
         value.find('[') != std::string_view::npos;
}

/// Things of which each needs a value of its own.
bool needs_own_value(Content content) {
  return content == Content::money || content == Content::identifier;
}

}  // namespace

GivenFinder::GivenFinder(const RunColumns& columns, std::vector<SubjectText> subjects)
    : columns_(columns) {
  for (SubjectText& subject : subjects) {
    limit(subject);
    auto values = find_values(subject.text);
    auto days = find_days(subject.text);
    std::vector<std::string> words;
    auto places = find_words(subject.text);
    for (const Word& word : places) {
      words.push_back(
          plain(std::string_view(subject.text).substr(word.start, word.end - word.start)));
    }
    std::vector<std::size_t> bare_places;
    for (std::size_t at = 0; at < subject.text.size(); ++at) {
      if (in_bare(subject.text[at])) {
        bare_places.push_back(at);
      }
    }
    std::string letters;
    letters.reserve(bare_places.size());
    for (const std::size_t at : bare_places) {
      const char c = subject.text[at];
      letters += is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    texts_.push_back({std::move(subject),
                      std::move(values),
                      std::move(days),
                      std::move(words),
                      std::move(places),
                      std::move(letters),
                      std::move(bare_places)});
  }
  for (const FieldId field : columns.view().request()) {
    for (const ValueToken& value : columns.view().values(field)) {
      requested_.insert(value.key);
    }
  }
}

bool GivenFinder::cut() const {
  return std::any_of(
      texts_.begin(), texts_.end(), [](const Text& text) { return text.subject.cut; });
}

bool GivenFinder::says_none() const {
  constexpr auto kNone = std::to_array<std::string_view>({"no",
                                                          "none",
                                                          "free",
                                                          "nothing",
                                                          "zero",
                                                          "without",
                                                          "waived",
                                                          "keine",
                                                          "kein",
                                                          "kostenlos",
                                                          "gratis",
                                                          "sin",
                                                          "ninguno",
                                                          "ninguna",
                                                          "aucun",
                                                          "gratuit",
                                                          "sem",
                                                          "nenhum"});
  return std::any_of(texts_.begin(), texts_.end(), [&](const Text& text) {
    return std::any_of(text.words.begin(), text.words.end(), [&](const std::string& word) {
      return std::find(kNone.begin(), kNone.end(), word) != kNone.end();
    });
  });
}

std::vector<GivenOutcome> GivenFinder::find(const std::vector<Wanted>& things) const {
  std::vector<GivenOutcome> outcomes;
  Used used;
  for (const Wanted& wanted : things) {
    outcomes.push_back(by_column(wanted, columns_.named(wanted.words)));
    if (outcomes.back().status == Status::found && needs_own_value(wanted.content)) {
      used.insert(bare(outcomes.back().value));
    }
  }
  for (std::size_t i = 0; i < things.size(); ++i) {
    const Wanted& wanted = things[i];
    if (outcomes[i].status != Status::open) {
      continue;
    }
    outcomes[i] = !has_pattern(wanted.content)
                      ? by_words(wanted)
                      : by_kind(wanted, columns_.named(wanted.words), used);
    if (outcomes[i].status == Status::found && needs_own_value(wanted.content)) {
      used.insert(bare(outcomes[i].value));
    }
  }
  return outcomes;
}

Span GivenFinder::place(const Text& text, const Match& at) const {
  const std::string_view raw = columns_.view().text(text.subject.at);
  const std::string_view part =
      std::string_view(text.subject.text).substr(at.start, at.end - at.start);
  const std::size_t found = text.subject.whole ? at.start : raw.find(part);
  return found == std::string_view::npos ? text.subject.at
                                         : Span{text.subject.at.field,
                                                text.subject.at.start + found,
                                                text.subject.at.start + found + part.size()};
}

/// A value of a column of that name stands in the text. Of several things that were acted on, one
/// at least has to stand there.
GivenOutcome GivenFinder::by_column(const Wanted& wanted, const Filed& filed) const {
  const RunColumn::Value* acted = nullptr;
  for (const RunColumn* column : filed) {
    for (const RunColumn::Value& value : column->values) {
      acted = acted == nullptr && value.acted ? &value : acted;
    }
  }
  const bool of_the_act = wanted.many && acted != nullptr && wanted.content == Content::identifier;
  for (const RunColumn* column : filed) {
    for (const RunColumn::Value& value : column->values) {
      for (const Text& text : texts_) {
        const bool own_word = value.argued && wanted.content == Content::identifier;
        const bool passed = of_the_act ? !value.acted : own_word;
        const auto at = passed ? std::nullopt : stands(value.text, text, wanted);
        if (at) {
          return {Status::found,
                  place(text, *at),
                  value.at,
                  text.subject.text.substr(at->start, at->end - at->start)};
        }
      }
    }
  }
  return of_the_act ? GivenOutcome{Status::missing, {}, acted->at, {}} : GivenOutcome{};
}

/// Whether a value of a result stands in the text, as written or as an equal number or day.
std::optional<Match> GivenFinder::stands(std::string_view value,
                                         const Text& text,
                                         const Wanted& wanted) const {
  const auto days = find_days(value);
  if (days.size() == 1) {
    const auto same = std::find_if(text.days.begin(), text.days.end(), [&](const DayToken& day) {
      return same_day(day, days.front());
    });
    return same == text.days.end() ? std::nullopt : std::optional(Match{same->start, same->end});
  }
  const auto tokens = find_values(value);
  const bool one = tokens.size() == 1 && tokens.front().end - tokens.front().start == value.size();
  if (one) {
    for (const ValueToken& token : text.values) {
      if (token.key == tokens.front().key && token.kind == tokens.front().kind) {
        return Match{token.start, token.end};
      }
    }
    return tokens.front().kind != ValueKind::identifier ? std::nullopt
           : find_folded(text.subject.text, fold_case(value))
               ? find_folded(text.subject.text, fold_case(value))
               : find_spaced(value, text);
  }
  constexpr std::size_t kTellingMin = 5;
  const bool telling = value.size() >= 2 && wanted.content == Content::words;
  return telling || value.size() >= kTellingMin ? find_folded(text.subject.text, fold_case(value))
                                                : std::nullopt;
}

/// Where an identifier stands with blanks or dashes put in or left out: "MWCU 690422".
std::optional<Match> GivenFinder::find_spaced(std::string_view value, const Text& text) {
  constexpr std::size_t kBareMin = 5;
  const std::string wanted = bare(value);
  const std::size_t found = wanted.size() < kBareMin ? std::string::npos : text.bare.find(wanted);
  if (found == std::string::npos) {
    return std::nullopt;
  }
  const std::string& written = text.subject.text;
  const Match at{text.bare_places[found], text.bare_places[found + wanted.size() - 1] + 1};
  const bool inside = (at.start > 0 && is_alnum(written[at.start - 1])) ||
                      (at.end < written.size() && is_alnum(written[at.end]));
  return inside ? std::nullopt : std::optional(at);
}

GivenOutcome GivenFinder::by_words(const Wanted& wanted) const {
  const auto wide = wide_terms(wanted.phrase);
  for (const Text& text : texts_) {
    std::optional<Match> first;
    std::size_t found = 0;
    for (const std::string& word : wide.empty() ? wanted.words : wide) {
      std::optional<Match> at;
      if (!wide.empty()) {
        const std::size_t start = text.subject.text.find(word);
        at = start == std::string::npos ? at : Match{start, start + word.size()};
      }
      for (std::size_t i = 0; wide.empty() && !at && i < text.words.size(); ++i) {
        at = alike(text.words[i], word)
                 ? std::optional(Match{text.places[i].start, text.places[i].end})
                 : std::nullopt;
      }
      found += at ? 1 : 0;
      first = first ? first : at;
    }
    const std::size_t needed = wide.empty() ? wanted.words.size() : wide.size();
    if (first && found * 2 >= needed) {
      return {Status::found, place(text, *first), {}, {}};
    }
  }
  return {};
}

/// Whether the texts use any two letters of a Japanese or Chinese term; true for other scripts.
bool GivenFinder::speaks_of(const Wanted& wanted) const {
  const auto terms = wide_terms(wanted.phrase);
  return terms.empty() || std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
           constexpr std::size_t kPairBytes = 6;
           for (std::size_t at = 0; at + kPairBytes <= term.size(); at += 3) {
             const std::string_view pair = std::string_view(term).substr(at, kPairBytes);
             if (std::any_of(texts_.begin(), texts_.end(), [&](const Text& text) {
                   return text.subject.text.find(pair) != std::string::npos;
                 })) {
               return true;
             }
           }
           return false;
         });
}

GivenOutcome GivenFinder::by_kind(const Wanted& wanted,
                                  const Filed& filed,
                                  const Used& used) const {
  GivenOutcome out;
  out.status = Status::missing;
  const bool spoken_of = speaks_of(wanted);
  std::size_t judged = 0;
  for (const Text& text : texts_) {
    for (const ContentAt& at : find_content(text.subject.text, wanted)) {
      if (++judged > kJudgedMax) {
        out.status = Status::open;  // among so many nobody would look for it
        return out;
      }
      const Match match{at.start, at.end};
      std::string value = text.subject.text.substr(at.start, at.end - at.start);
      if (used.contains(bare(value))) {
        continue;
      }
      const Status status =
          spoken_of ? judge(wanted, filed, text, match, at.sure) : Status::missing;
      if (status == Status::found) {
        return {status, place(text, match), source_of(text, match), std::move(value)};
      }
      if (status == Status::open || !out.at) {
        out.status = status == Status::open ? status : out.status;
        out.at = place(text, match);
      }
    }
  }
  if (out.at && !spoken_of) {
    out.status = Status::open;  // it may well have been put another way
  }
  if (!filed.empty() && !filed.front()->values.empty()) {
    out.source = filed.front()->values.back().at;
  }
  return out;
}

/// Where a result or a call holds the value that stands there.
std::optional<Span> GivenFinder::source_of(const Text& text, const Match& at) const {
  const auto token = std::find_if(text.values.begin(), text.values.end(), [&](const auto& each) {
    return each.start == at.start && each.end == at.end;
  });
  return token == text.values.end() ? std::nullopt : columns_.source_of(token->key);
}

/// Whether a value of the kind is the one that is wanted.
Status GivenFinder::judge(
    const Wanted& wanted, const Filed& filed, const Text& text, const Match& at, bool sure) const {
  const bool labelled = is_labelled(wanted, sentence_around(text.subject.text, at));
  if (!sure && wanted.content == Content::url) {
    return Status::open;  // a path may be the link
  }
  auto token = std::lower_bound(
      text.values.begin(), text.values.end(), at.start, [](const ValueToken& each, auto start) {
        return each.start < start;
      });
  while (token != text.values.end() && token->start == at.start && token->end != at.end) {
    ++token;
  }
  const bool is_value = token != text.values.end() && token->start == at.start;
  const std::uint64_t key = is_value ? token->key : 0;
  const std::string value = text.subject.text.substr(at.start, at.end - at.start);
  if (!sure && !labelled) {
    return may_be(wanted, value, key) ? Status::open : Status::missing;
  }
  const Status unknown = columns_.incomplete() ? Status::open : Status::missing;
  switch (wanted.content) {
    case Content::quotation:
      return columns_.says(value) ? Status::found : is_shortened(value) ? Status::open : unknown;
    case Content::url:
      return columns_.has_value(key) ? Status::found : unknown;
    case Content::identifier:
      return judge_identifier(filed, value, key, sure, labelled);
    case Content::number:  // any number is one: its sentence has to say what it counts
      return sure && labelled ? Status::found : Status::open;
    default:
      return sure ? Status::found : Status::open;
  }
}

/// Whether a value that is written like many other things may still be the one: a day that is named
/// ("on Monday"), or something that a result holds ("we sent 59.90 back", "PR 3140", "KQZPLM").
bool GivenFinder::may_be(const Wanted& wanted, const std::string& value, std::uint64_t key) const {
  if (wanted.content == Content::date || wanted.content == Content::moment ||
      wanted.content == Content::time) {
    return !is_vague_time(fold_case(value));
  }
  constexpr std::size_t kLabelReachMax = 8'000;
  // "p95 (s)" over a column of bare numbers
  const bool figure = wanted.content == Content::measure || wanted.content == Content::percent ||
                      wanted.content == Content::money;
  if (figure && std::any_of(texts_.begin(), texts_.end(), [&](const Text& text) {
        return is_labelled(wanted, prefix_of(text.subject.text, kLabelReachMax));
      })) {
    return true;
  }
  constexpr std::size_t kTellingMin = 3;
  return value.size() >= kTellingMin && !requested_.contains(key) &&
         (columns_.has_value(key) || !columns_.holding(value).empty());
}

Status GivenFinder::judge_identifier(const Filed& filed,
                                     const std::string& value,
                                     std::uint64_t key,
                                     bool sure,
                                     bool labelled) const {
  const Filed owners = columns_.holding(value);
  // What the agent itself gave shows nothing.
  const bool in_result = std::any_of(owners.begin(), owners.end(), [&](const RunColumn* owner) {
    return std::any_of(owner->values.begin(), owner->values.end(), [&](const auto& each) {
      return !each.argued && fold_case(each.text) == fold_case(value);
    });
  });
  const bool known = in_result || columns_.has_value(key);
  const bool requested = requested_.contains(key);
  const bool of_other = in_result && !filed.empty() &&
                        std::none_of(owners.begin(), owners.end(), [&](const RunColumn* owner) {
                          return std::find(filed.begin(), filed.end(), owner) != filed.end();
                        });
  if (of_other) {
    return Status::missing;  // it is the number of something else
  }
  if (requested) {
    // What the user named already is the one asked for only where it is called so.
    return labelled ? Status::open : Status::missing;
  }
  if (!known) {
    const bool nowhere = sure && !columns_.incomplete() && !columns_.holds_fragment(value);
    return nowhere ? Status::missing : Status::open;
  }
  return sure ? Status::found : Status::open;
}

}  // namespace infinium::maestro
