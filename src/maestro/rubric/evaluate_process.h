#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/rubric/actions.h"
#include "maestro/rubric/process_rule.h"
#include "maestro/rubric/ruling.h"

namespace infinium::maestro {

/// What a process rule is held against.
struct ProcessCase {
  const TraceView& view;
  const Actions& actions;
  std::string_view text;  ///< the rubric text, as sent
};

/// Whether the run kept the rule. What cannot be read from the steps is unclear.
[[nodiscard]] Ruling evaluate_process(const ProcessCase& run, const ProcessRule& rule);

// One kind of rule each; `evaluate_process` chooses.
[[nodiscard]] Ruling evaluate_precedence(const ProcessCase& run, const PrecedenceRule& rule);
[[nodiscard]] Ruling evaluate_follow_up(const ProcessCase& run, const FollowUpRule& rule);
[[nodiscard]] Ruling evaluate_outcome(const ProcessCase& run, const OutcomeRule& rule);
[[nodiscard]] Ruling evaluate_second_look(const ProcessCase& run, const SecondLookRule& rule);
[[nodiscard]] Ruling evaluate_consent(const ProcessCase& run, const ConsentRule& rule);
[[nodiscard]] Ruling evaluate_state(const ProcessCase& run, const StateRule& rule);
[[nodiscard]] Ruling evaluate_prohibition(const ProcessCase& run, const ProhibitionRule& rule);
[[nodiscard]] Ruling evaluate_count(const ProcessCase& run, const CountRule& rule);
[[nodiscard]] Ruling evaluate_amount(const ProcessCase& run, const AmountRule& rule);
[[nodiscard]] Ruling evaluate_mention_unless(const ProcessCase& run, const MentionRule& rule);
[[nodiscard]] Ruling evaluate_carry(const ProcessCase& run, const CarryRule& rule);

/// Whether the names of the calls can be held against the rule's words: they are of one language,
/// or every thing that the rule names is in the vocabulary.
[[nodiscard]] bool is_comparable(const ProcessCase& run, const ActionPhrase& phrase);

/// Unclear, because no step is known to be what the rule speaks of.
[[nodiscard]] Ruling no_such_step(const ActionPhrase& phrase);

/// The guarded deeds of a run, in order; or the end of the run.
struct Guarded {
  std::vector<const StepView*> steps;
  bool is_end = false;  ///< the answer itself
  bool sure = true;     ///< no guess was needed

  [[nodiscard]] bool empty() const { return steps.empty() && !is_end; }
  /// The place before which everything has to be done.
  [[nodiscard]] std::size_t first(const TraceView& view) const {
    return steps.empty() ? view.steps().size() : steps.front()->index;
  }
};
[[nodiscard]] Guarded guarded_by(const ProcessCase& run, const ActionPhrase& phrase, bool at_end);

/// Met, as nothing of the kind was done; or unclear, where the names of the calls leave it open.
[[nodiscard]] Ruling nothing_done(const ProcessCase& run, const ActionPhrase& phrase);

/// "tracking" and `track`, "searches" and `web_search`: the word of looking is itself what is
/// meant.
[[nodiscard]] bool shares_look(const StepView& step, const ActionPhrase& phrase);

/// The rule itself, as it was sent.
[[nodiscard]] std::optional<CheckedEvidence> quote_rule(const ProcessCase& run);

/// Where, after a step, the agent first says that something was checked, compared or approved.
struct Claim {
  Span at;
  std::optional<std::size_t> step;  ///< nothing: in the final output
};
[[nodiscard]] std::optional<Claim> find_check_claim(const TraceView& view, std::size_t after);
/// The first such claim that names the one who is said to have agreed.
[[nodiscard]] std::optional<Claim> find_claim_about(const TraceView& view, std::string_view name);

/// "3 failed, 209 passed": the answer of a check that found something.
[[nodiscard]] bool shows_failures(std::string_view text);

/// `a` and `b` share an identifier: an argument of one stands among the arguments or in the answer
/// of the other.
[[nodiscard]] bool share_entity(const TraceView& view, const StepView& a, const StepView& b);

/// An amount of money that a call acts on: of its arguments, else of its answer, else of the record
/// that it names.
struct ActedAmount {
  double value = 0;
  Currency currency = Currency::any;
  Span at;
};
[[nodiscard]] std::optional<ActedAmount> amount_of(const TraceView& view, const StepView& step);

}  // namespace infinium::maestro
