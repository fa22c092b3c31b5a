#include <fmt/format.h>

#include "maestro/findings/draft.h"
#include "maestro/findings/failures.h"

/// Behaviour: a call answers OK, but its text says that it was refused or did nothing ({"sent":
/// false}, {"status": "rejected"}, "0 rows updated"), and the agent goes on as if it had worked.
/// Source: incorrect verification of the published failure taxonomy; the most frequent silent fault
/// of agents over business services.
/// How: read_answer tells such answers; find_failures whether anything made them good; the output
/// whether the agent saw it. An agent that reports the refusal is told of by error.unrecovered.
/// Blind spots: refusals in words that read_answer does not know; a refusal of one thing in a long
/// list of others.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "error.inside_ok",
    "Read the answer before going on: an OK with a refusal inside is a failure.",
};

}  // namespace

std::optional<ProvenFinding> tell_error_inside_ok(const TraceView& view, const Failure& failure) {
  const StepView& step = *failure.step;
  const auto there = quote(view, *step.error);
  if (!there) {
    return std::nullopt;
  }
  const std::vector<std::size_t> steps = failure.steps();
  Finding finding = draft(view, kKind, severity_of(view, failure), steps, step.error_template);
  finding.title = fmt::format("{} answered OK, but was refused", name_of(step));
  finding.explanation = fmt::format(
      "The answer of step {} says {}; the agent went on as if it had worked{}.",
      step.number,
      shown(view.text(*step.error)),
      failure.claimed ? fmt::format(", and the output says {}", shown(view.text(*failure.claimed)))
                      : std::string());
  finding.wasted = waste_of(view, steps);
  Proof proof(*there);
  if (failure.claimed) {
    proof.add(quote(view, *failure.claimed));
  }
  return prove(std::move(finding), proof);
}

}  // namespace infinium::maestro
