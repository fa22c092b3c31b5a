#include "maestro/facts_claims.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::array<std::string_view, 26> kSuccess = {
    "successfully",  "successful",  "completed",      "is complete",   "has been",
    "have been",     "all done",    "done",           "finished",      "sent",
    "submitted",     "is ready",    "all tests pass", "tests passed",  "everything works",
    "as requested",  "erfolgreich", "erledigt",       "abgeschlossen", "con éxito",
    "correctamente", "completado",  "完了",           "成功",          "しました",
    "passed"};

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

}  // namespace

std::optional<Span> success_claim(const TraceView& view) { return find_any(view, kSuccess, true); }

std::optional<Span> admission(const TraceView& view) { return find_any(view, kAdmissions, false); }

}  // namespace infinium::maestro
