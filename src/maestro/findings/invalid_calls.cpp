#include <fmt/format.h>

#include "maestro/findings/draft.h"
#include "maestro/findings/failures.h"

/// Behaviour: a call is refused because it is malformed (an unknown tool, a missing, unknown or
/// badly written argument), and the agent never mends it. Source: "invalid invocation" of published
/// root-cause labels of tool-using agents.
/// How: the error blames the call (a status of 400, 404, 422; "unexpected keyword", "field
/// required", "must be an integer"), and find_failures sees no later call that makes it good.
/// Blind spots: an error that says no more than "failed"; a wrong but well-formed argument.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "call.invalid",
    "Give the model the tool's schema, and let it mend the call from the error it got.",
};

}  // namespace

std::optional<ProvenFinding> tell_invalid_call(const TraceView& view, const Failure& failure) {
  const StepView& step = *failure.step;
  const auto error = quote(view, *step.error);
  if (!error) {
    return std::nullopt;
  }
  const std::vector<std::size_t> steps = failure.steps();
  Finding finding = draft(view, kKind, severity_of(view, failure), steps, step.error_template);
  finding.title = fmt::format("{} was called wrongly and not mended", name_of(step));
  finding.explanation = fmt::format(
      "The call of step {} was refused with {}, and no later call makes it good{}.",
      step.number,
      shown(view.text(*step.error)),
      failure.claimed    ? fmt::format("; the output says {}", shown(view.text(*failure.claimed)))
      : failure.admitted ? std::string("; the output says so")
                         : std::string());
  finding.wasted = waste_of(view, steps);
  Proof proof(*error);
  if (step.input) {
    proof.add(quote(view, {*step.input, 0, view.field(*step.input).text.size()}));
  }
  if (failure.claimed) {
    proof.add(quote(view, *failure.claimed));
  }
  return prove(std::move(finding), proof);
}

}  // namespace infinium::maestro
