#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/facts.h"
#include "maestro/trace_view.h"

/// What the final output says of itself. Words in English, German, Spanish, French, Portuguese,
/// Japanese and Chinese.
namespace infinium::maestro {

/// The first sentence that says it worked ("successfully", "done", "erfolgreich", "完了"), not
/// negated.
[[nodiscard]] std::optional<Span> success_claim(const TraceView& view);

/// Where it says that something did not work ("could not", "failed", "konnte nicht", "no se pudo").
[[nodiscard]] std::optional<Span> admission(const TraceView& view);

/// What the agent and its rubric say of one step: they speak of it by the words of its tool, its
/// error, or arguments that no other tool was given. Borrows the view.
class StepWords {
 public:
  StepWords(const Facts& facts, const StepView& step);

  /// Whether the objective speaks of the step.
  [[nodiscard]] bool asked_for() const;
  /// Where the output, or a message after the step, says that it did not work: a sentence that
  /// admits a failure in so many words, or a clause that denies the act or tells of a failure and
  /// speaks of the step.
  [[nodiscard]] std::optional<Span> admitted() const;
  /// The first sentence of the output that speaks of the step and denies nothing.
  [[nodiscard]] std::optional<Span> claimed() const;

 private:
  [[nodiscard]] bool are_in(const Span& place) const;
  [[nodiscard]] bool act_is_in(const Span& place) const;
  [[nodiscard]] std::optional<Span> admitted_in(FieldId field) const;

  const TraceView& view_;
  const StepView& step_;
  std::string act_;
  std::vector<std::string> words_;
  std::vector<std::string> values_;
  std::vector<std::uint64_t> keys_;
};

/// The sentences and lines of a field, at most 2,000, trimmed. A mark inside a number, an
/// abbreviation or a URL ends none.
[[nodiscard]] std::vector<Span> sentences_of(const TraceView& view, FieldId field);

}  // namespace infinium::maestro
