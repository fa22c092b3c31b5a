#include "maestro/facts_claims.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/facts.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::array<std::string_view, 26> kSuccess = {
    "successfully",  "successful",  "completed",      "is complete",   "has been",
    "have been",     "all done",    "done",           "finished",      "sent",
    "submitted",     "is ready",    "all tests pass", "tests passed",  "everything works",
    "as requested",  "erfolgreich", "erledigt",       "abgeschlossen", "con éxito",
    "correctamente", "completado",  "完了",           "成功",          "しました",
    "passed"};

/// Words that say in themselves that the work did not go as it should.
constexpr auto kOpenAdmissions = std::to_array<std::string_view>({"could not",
                                                                  "couldn't",
                                                                  "couldn\u2019t",
                                                                  "unable to",
                                                                  "not able to",
                                                                  "failed to",
                                                                  "was not possible",
                                                                  "not possible",
                                                                  "did not work",
                                                                  "didn't work",
                                                                  "did not go through",
                                                                  "does not work",
                                                                  "has failed",
                                                                  "have failed",
                                                                  "timed out",
                                                                  "an issue with",
                                                                  "still an issue",
                                                                  "unfortunately",
                                                                  "konnte nicht",
                                                                  "konnten nicht",
                                                                  "nicht m\u00F6glich",
                                                                  "fehlgeschlagen",
                                                                  "leider",
                                                                  "no se pudo",
                                                                  "no pude",
                                                                  "no ha sido posible",
                                                                  "no fue posible",
                                                                  "lamentablemente",
                                                                  "n'a pas pu",
                                                                  "malheureusement",
                                                                  "impossible de",
                                                                  "n\u00E3o foi poss\u00EDvel",
                                                                  "infelizmente",
                                                                  "失敗しました",
                                                                  "できませんでした",
                                                                  "できません",
                                                                  "无法",
                                                                  "未能"});

/// Words that deny whatever they stand beside.
constexpr auto kNots = std::to_array<std::string_view>({"not",
                                                        "can't",
                                                        "can\u2019t",
                                                        "didn't",
                                                        "didn\u2019t",
                                                        "wasn't",
                                                        "nicht",
                                                        "n\u00E3o",
                                                        "ne",
                                                        "ません"});

/// Words that tell of a failure, whatever it is.
constexpr auto kFailures = std::to_array<std::string_view>(
    {"failed",   "fails",      "failure",   "failing",    "rejected",  "refused",
     "declined", "denied",     "error",     "errors",     "cannot",    "unable",
     "blocked",  "locked",     "pending",   "issue",      "issues",    "unavailable",
     "waiting",  "incomplete", "skipped",   "unsent",     "fehler",    "abgelehnt",
     "gesperrt", "rechazada",  "rechazado", "fall\u00F3", "pendiente", "refus\u00E9",
     "recusado", "失敗",       "エラー"});

constexpr std::array<std::string_view, 42> kAdmissions = {
    "failed",        "fails",          "failure",        "could not",  "couldn't", "couldn\u2019t",
    "unable",        "error",          "errors",         "cannot",     "can't",    "can\u2019t",
    "not able",      "not available",  "unavailable",    "not found",  "did not",  "didn't",
    "unfortunately", "was not",        "were not",       "incomplete", "skipped",  "problem",
    "not possible",  "sorry",          "apologize",      "timed out",  "missing",  "konnte nicht",
    "konnten nicht", "nicht möglich",  "fehlgeschlagen", "fehler",     "leider",   "no se pudo",
    "no pude",       "no fue posible", "falló",          "失敗",       "エラー",   "できません"};

/// The sentence around a place.
Span sentence_around(std::string_view text, FieldId field, std::size_t start, std::size_t end) {
  const std::size_t before = text.substr(0, start).find_last_of(".!?\n");
  const std::size_t after = text.find_first_of(".!?\n", end);
  std::size_t from = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t to = after == std::string_view::npos ? text.size() : after + 1;
  while (from < start && is_space(text[from])) {
    ++from;
  }
  return {field, from, std::max(from + prefix_of(text.substr(from, to - from), 400).size(), end)};
}

template <std::size_t N>
std::optional<Span> find_any(const TraceView& view,
                             const std::array<std::string_view, N>& words,
                             bool refuse_negated) {
  if (!view.final_output()) {
    return std::nullopt;
  }
  constexpr std::size_t kTextMax = 200'000;
  const std::string_view text = prefix_of(view.field(*view.final_output()).text, kTextMax);
  const FoldedText folded(text);
  std::optional<Match> first;
  for (const std::string_view word : words) {
    const std::optional<Match> match = folded.find(word);
    if (!match) {
      continue;
    }
    const std::size_t from = match->start < 24 ? 0 : match->start - 24;
    const std::string before = fold_case(text.substr(from, match->start - from));
    const bool negated =
        before.find(" not ") != std::string::npos || before.starts_with("not ") ||
        before.find("n't ") != std::string::npos || before.find(" nicht ") != std::string::npos ||
        before.find("once ") != std::string::npos || before.find(" if ") != std::string::npos;
    if ((!refuse_negated || !negated) && (!first || match->start < first->start)) {
      first = match;
    }
  }
  if (!first) {
    return std::nullopt;
  }
  return sentence_around(text, *view.final_output(), first->start, first->end);
}

template <class Words>
bool holds_one_of(const FoldedText& sentence, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&sentence](std::string_view word) {
    return sentence.find(word).has_value();
  });
}

/// The parts of a sentence between its commas, colons and brackets.
std::vector<Span> clauses_of(const TraceView& view, const Span& sentence) {
  const std::string_view text = view.text(sentence);
  std::vector<Span> clauses;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool mark = i < text.size() && (text[i] == ',' || text[i] == ':' || text[i] == '(' ||
                                          text[i] == ')' || text[i] == ';');
    const bool ends = mark && (i + 1 == text.size() || !is_digit(text[i + 1]));
    if (i == text.size() || ends) {
      if (i > start) {
        clauses.push_back({sentence.field, sentence.start + start, sentence.start + i});
      }
      start = i + 1;
    }
  }
  return clauses;
}

}  // namespace

std::vector<Span> sentences_of(const TraceView& view, FieldId field) {
  constexpr std::size_t kSentencesMax = 2'000;
  constexpr std::size_t kTextMax = 200'000;
  constexpr std::size_t kBytesMax = 600;
  const std::string_view text = prefix_of(view.field(field).text, kTextMax);
  std::vector<Span> sentences;
  std::size_t start = 0;
  const auto close = [&](std::size_t end) {
    while (start < end && is_space(text[start])) {
      ++start;
    }
    const std::string_view body = trim(text.substr(start, end - start));
    if (!body.empty() && sentences.size() < kSentencesMax) {
      sentences.push_back({field, start, start + prefix_of(body, kBytesMax).size()});
    }
    start = end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool mark = c == '.' || c == '!' || c == '?' || c == ';';
    const bool ends = mark && (i + 1 == text.size() || is_space(text[i + 1]));
    const std::string_view wide = text.substr(i, 3);
    if (c == '\n' || ends) {
      close(i + 1);
    } else if (wide == "\u3002" || wide == "\uFF01" || wide == "\uFF1F") {
      close(i + 3);
      i += 2;
    }
  }
  close(text.size());
  return sentences;
}

StepWords::StepWords(const Facts& facts, const StepView& step)
    : view_(facts.view()), step_(step), act_(act_of(step.tool)), words_(name_words(step.tool)) {
  const auto is_its_own = [&](std::uint64_t key) {
    const auto uses = facts.uses(key);
    return std::all_of(uses.begin(), uses.end(), [&](const Use& use) {
      return view_.steps()[use.step].tool == step.tool;
    });
  };
  constexpr std::size_t kWordMin = 4;
  std::erase_if(words_, [](const std::string& word) { return word.size() < kWordMin; });
  if (step.error) {
    const std::string error = fold_case(view_.text(*step.error));
    constexpr std::size_t kErrorWordMin = 5;
    for (const Word& word : find_words(error)) {
      std::string said = error.substr(word.start, word.end - word.start);
      constexpr auto kEmpty = std::to_array<std::string_view>(
          {"state", "status", "detail", "details", "message", "reason", "result", "false"});
      const bool telling = std::find(kEmpty.begin(), kEmpty.end(), said) == kEmpty.end() &&
                           std::find(kFailures.begin(), kFailures.end(), said) == kFailures.end();
      if (said.size() >= kErrorWordMin && telling) {
        words_.push_back(std::move(said));
      }
    }
  }
  constexpr std::size_t kValuesMax = 24;
  constexpr std::size_t kValueMin = 3;
  constexpr std::size_t kValueBytesMax = 60;
  for (const Argument& argument : step.arguments) {
    if (argument.value.size() >= kValueMin && argument.value.size() <= kValueBytesMax &&
        values_.size() < kValuesMax && is_its_own(value_key(argument.value))) {
      values_.push_back(fold_case(argument.value));
      keys_.push_back(value_key(argument.value));
    }
  }
}

bool StepWords::are_in(const Span& place) const {
  const std::string_view text = view_.text(place);
  const FoldedText folded_text(text);
  const auto tokens = view_.values(place.field);
  const auto first =
      std::lower_bound(tokens.begin(), tokens.end(), place.start, [](const auto& token, auto at) {
        return token.start < at;
      });
  for (auto token = first; token != tokens.end() && token->start < place.end; ++token) {
    if (std::find(keys_.begin(), keys_.end(), token->key) != keys_.end()) {
      return true;
    }
  }
  if (holds_one_of(folded_text, values_)) {
    return true;
  }
  const std::string folded = fold_case(text);
  const std::vector<Word> said = find_words(folded);
  return std::any_of(said.begin(), said.end(), [&](const Word& word) {
    constexpr std::size_t kWordMin = 4;
    const std::string_view one = std::string_view(folded).substr(word.start, word.end - word.start);
    return one.size() >= kWordMin &&
           std::any_of(words_.begin(), words_.end(), [one](const std::string& mark) {
             return same_stem(mark, one);
           });
  });
}

bool StepWords::act_is_in(const Span& place) const {
  const std::string folded = fold_case(view_.text(place));
  const std::vector<Word> said = find_words(folded);
  return !act_.empty() && std::any_of(said.begin(), said.end(), [&](const Word& word) {
    constexpr std::size_t kWordMin = 3;
    const std::string_view one = std::string_view(folded).substr(word.start, word.end - word.start);
    return one.size() >= kWordMin && same_stem(act_, one);
  });
}

bool StepWords::asked_for() const {
  if (view_.rubric().empty()) {
    return false;
  }
  const FieldId objective = view_.rubric().front();
  constexpr std::size_t kBytesMax = 2'000;
  return are_in({objective, 0, prefix_of(view_.field(objective).text, kBytesMax).size()});
}

std::optional<Span> StepWords::admitted_in(FieldId field) const {
  for (const Span& sentence : sentences_of(view_, field)) {
    if (holds_one_of(FoldedText(view_.text(sentence)), kOpenAdmissions)) {
      return sentence;
    }
    for (const Span& clause : clauses_of(view_, sentence)) {
      const FoldedText folded(view_.text(clause));
      if ((holds_one_of(folded, kNots) && act_is_in(clause)) ||
          (holds_one_of(folded, kFailures) && are_in(clause))) {
        return sentence;
      }
    }
  }
  return std::nullopt;
}

std::optional<Span> StepWords::admitted() const {
  if (view_.final_output()) {
    if (const auto place = admitted_in(*view_.final_output())) {
      return place;
    }
  }
  constexpr std::size_t kMessagesMax = 20;
  std::size_t messages = 0;
  for (const StepView& later : view_.steps().subspan(step_.index + 1)) {
    if (later.kind == StepKind::message && later.output && messages++ < kMessagesMax) {
      if (const auto place = admitted_in(*later.output)) {
        return place;
      }
    }
  }
  return std::nullopt;
}

std::optional<Span> StepWords::claimed() const {
  if (!view_.final_output()) {
    return std::nullopt;
  }
  for (const Span& sentence : sentences_of(view_, *view_.final_output())) {
    const FoldedText folded(view_.text(sentence));
    if (are_in(sentence) && !holds_one_of(folded, kOpenAdmissions) &&
        !holds_one_of(folded, kFailures) && !(holds_one_of(folded, kNots) && act_is_in(sentence))) {
      return sentence;
    }
  }
  return std::nullopt;
}

std::optional<Span> success_claim(const TraceView& view) { return find_any(view, kSuccess, true); }

std::optional<Span> admission(const TraceView& view) { return find_any(view, kAdmissions, false); }

}  // namespace infinium::maestro
