#include <fmt/format.h>

#include "maestro/findings/draft.h"
#include "maestro/findings/failures.h"

/// Behaviour: a step fails and nothing makes up for it; worse, the output says it worked. Source:
/// published taxonomies of agent failures (premature end, no or wrong verification).
/// How: see find_failures for what counts as made good. It is critical where the step was to change
/// something, or the work ended with it, and the output claims it or passes over it. What the
/// agent told the user, who then went on, is but a note.
/// Blind spots: recovery by another tool with other words and other arguments; errors told in words
/// that no rule knows; an admission that is about something else.
namespace infinium::maestro {
namespace {

constexpr FindingKind kUnrecovered = {
    "error.unrecovered",
    "Handle the error: retry, take another way, or report it and stop.",
};
constexpr FindingKind kContradicted = {
    "error.contradicted_by_success",
    "Check the result of the step before reporting success.",
};

}  // namespace

Severity severity_of(const TraceView& view, const Failure& failure) {
  if (failure.put_to_user && (failure.admitted || !failure.ends_the_work)) {
    return Severity::info;  // the user knew of it and went on
  }
  if (failure.admitted && !failure.step->changes_state) {
    return Severity::info;  // what was not to be found was told
  }
  if (!failure.needed || failure.admitted) {
    return Severity::warning;
  }
  const bool passed_over = failure.ends_the_work || (failure.main && view.final_output());
  return failure.claimed || passed_over ? Severity::critical : Severity::warning;
}

std::optional<ProvenFinding> tell_unrecovered_error(const TraceView& view, const Failure& failure) {
  const StepView& step = *failure.step;
  const auto proof = quote(view, *step.error);
  if (!proof) {
    return std::nullopt;
  }
  const std::vector<std::size_t> steps = failure.steps();
  Finding finding =
      draft(view, kUnrecovered, severity_of(view, failure), steps, step.error_template);
  finding.title = fmt::format("{} failed and was not made good", name_of(step));
  finding.explanation =
      fmt::format("Step {} failed with {}; no later step succeeds at the same work{}.",
                  step.number,
                  shown(view.text(*step.error)),
                  failure.admitted ? ", and the output says that something went wrong" : "");
  finding.wasted = waste_of(view, steps);
  Proof pieces(*proof);
  if (failure.claimed && finding.severity == Severity::critical) {
    pieces.add(quote(view, *failure.claimed));
  }
  return prove(std::move(finding), pieces);
}

std::optional<ProvenFinding> tell_contradicted_success(const TraceView& view,
                                                       const Failure& failure) {
  const StepView& step = *failure.step;
  if (!failure.needed || !failure.claimed) {
    return std::nullopt;
  }
  const auto here = quote(view, *failure.claimed);
  const auto there = quote(view, *step.error);
  if (!here || !there) {
    return std::nullopt;
  }
  Finding finding =
      draft(view, kContradicted, Severity::critical, failure.steps(), step.error_template);
  finding.title = fmt::format("The output claims success, but {} failed", name_of(step));
  finding.explanation =
      fmt::format("The output says {}; step {} failed with {} and was not made good.",
                  shown(view.text(*failure.claimed)),
                  step.number,
                  shown(view.text(*step.error)));
  return prove(std::move(finding), Proof(*there).add(*here));
}

}  // namespace infinium::maestro
