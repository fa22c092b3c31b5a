#include <fmt/format.h>

#include <algorithm>

#include "maestro/findings/draft.h"
#include "maestro/findings/findings.h"
#include "maestro/findings/loops.h"

/// Behaviour: two to four calls go round (A, B, A, B, …) with the same arguments and the same
/// answers, so that nothing is learnt from the second round on. Source: step repetition of the
/// published multi-agent failure taxonomy.
/// How: see find_cycles. Three rounds are a warning; polling (an answer that says it is not done, a
/// tool that waits), a changing answer and a change of state end a cycle.
/// Blind spots: rounds that differ in a word; cycles of more than four calls.
namespace infinium::maestro {
namespace {

constexpr FindingKind kKind = {
    "loop.cycle",
    "Keep the answers of the first round, and stop when a round brings nothing new.",
};

}  // namespace

std::vector<ProvenFinding> find_looping_steps(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<ProvenFinding> findings;
  for (const Cycle& cycle : find_cycles(view)) {
    const auto first = cycle.steps.begin() + static_cast<std::ptrdiff_t>(cycle.period);
    const std::vector<std::size_t> again(first, cycle.steps.end());
    const auto count =
        measure(view, Count::identical_calls, fmt::format("{}", cycle.steps.front()), 1);
    if (!count || findings.size() >= kFindingsOfDetectorMax) {
      continue;
    }
    constexpr std::size_t kStepsMax = 50;
    const std::size_t shown_steps = std::min(again.size(), kStepsMax);
    Finding finding =
        draft(view, kKind, Severity::warning, std::span(again).first(shown_steps), "cycle");
    std::string tools;
    for (std::size_t i = 0; i < cycle.period; ++i) {
      tools += fmt::format("{}`{}`", i == 0 ? "" : ", ", view.steps()[cycle.steps[i]].tool);
    }
    finding.title = fmt::format(
        "{} went round {} times without a change", tools, cycle.steps.size() / cycle.period);
    finding.explanation =
        fmt::format("From step {} on the same {} calls are made again with the same answers.",
                    view.steps()[again.front()].number,
                    cycle.period);
    finding.wasted = waste_of(view, again);
    Proof proof(*count);
    for (std::size_t i = 0; i < cycle.period; ++i) {
      const StepView& step = view.steps()[again[i]];
      const FieldId field = step.input ? *step.input : *step.output;
      proof.add(quote(view, {field, 0, view.field(field).text.size()}));
    }
    findings.push_back(prove(std::move(finding), proof));
  }
  return findings;
}

}  // namespace infinium::maestro
