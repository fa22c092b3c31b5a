#include "maestro/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "maestro/findings/catalogue.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// What the rule table looks at, counted once.
struct Facts {
  int met = 0;
  int unmet = 0;
  int items = 0;
  RubricStatus objective = RubricStatus::unclear;
  bool has_objective = false;
  int deliverables = 0;
  int deliverables_met = 0;
  const Finding* fatal = nullptr;      ///< critical, and not only a broken rule or missing part
  const Finding* broken = nullptr;     ///< a critical finding that is no more than an unmet item
  const Finding* undone = nullptr;     ///< an unrecovered error of a step that was to change state
  const Finding* forbidden = nullptr;  ///< a broken rule by a step that changed state
  const Finding* doubt = nullptr;      ///< a warning that a value or a step cannot be relied on
  bool output = false;
  bool output_cut = false;
};

/// Warnings about how the work was done leave its result alone; the others put it in doubt.
bool casts_doubt(const Finding& finding) {
  return finding.severity == Severity::warning && !find_code(finding.code).waste &&
         finding.code != "output.empty";
}

bool changed_state(const TraceView& view, const Finding& finding) {
  return std::any_of(
      finding.step_indices.begin(), finding.step_indices.end(), [&](std::int64_t index) {
        return view.steps()[static_cast<std::size_t>(index)].changes_state;
      });
}

Facts gather(const TraceView& view,
             std::span<const RubricItem> rubric,
             std::span<const Finding> findings) {
  Facts facts;
  for (const RubricItem& item : rubric) {
    ++facts.items;
    const bool met = item.status == RubricStatus::met;
    facts.met += met ? 1 : 0;
    facts.unmet += item.status == RubricStatus::unmet ? 1 : 0;
    if (item.kind == RubricKind::objective) {
      facts.objective = item.status;
      facts.has_objective = true;
    } else if (item.kind == RubricKind::deliverable) {
      ++facts.deliverables;
      facts.deliverables_met += met ? 1 : 0;
    }
  }
  for (const Finding& finding : findings) {
    if (facts.undone == nullptr && finding.code == "error.unrecovered" &&
        finding.severity != Severity::info && changed_state(view, finding)) {
      facts.undone = &finding;
    }
    if (finding.severity != Severity::critical) {
      facts.doubt = facts.doubt == nullptr && casts_doubt(finding) ? &finding : facts.doubt;
      continue;
    }
    const bool part = find_code(finding.code).rule;
    const Finding*& kept = part ? facts.broken : facts.fatal;
    kept = kept != nullptr ? kept : &finding;
    const bool acted = finding.code == "constraint.violated" && changed_state(view, finding);
    facts.forbidden = facts.forbidden == nullptr && acted ? &finding : facts.forbidden;
  }
  facts.output = !view.delivered().empty();
  facts.output_cut = view.final_output() && view.field(*view.final_output()).cut;
  return facts;
}

Ruled undetermined(std::string rule,
                   UndeterminedReason reason,
                   std::string because,
                   std::string would_settle) {
  return {Verdict::undetermined,
          Undetermined{reason, std::move(would_settle)},
          std::move(rule),
          std::move(because)};
}

Ruled decide_with_rubric(const Facts& facts) {
  const bool worked = facts.objective == RubricStatus::met || facts.deliverables_met > 0;
  if (facts.objective == RubricStatus::unmet) {
    return {Verdict::failed, {}, "F2", "the objective was not reached"};
  }
  if (facts.forbidden != nullptr) {
    return {Verdict::failed, {}, "F5", facts.forbidden->title};
  }
  if (facts.broken != nullptr) {
    return worked ? Ruled{Verdict::partially_succeeded, {}, "P1", facts.broken->title}
                  : Ruled{Verdict::failed,
                          {},
                          "F3",
                          facts.broken->title + ", and nothing shows that the rest was done"};
  }
  if (facts.unmet > 0) {
    return facts.met > 0
               ? Ruled{Verdict::partially_succeeded,
                       {},
                       "P2",
                       fmt::format("{} of {} rubric items are not met", facts.unmet, facts.items)}
               : Ruled{Verdict::failed, {}, "F4", "no rubric item is met"};
  }
  if (facts.output_cut) {
    return undetermined("U1",
                        UndeterminedReason::incomplete_trace,
                        "the output is cut",
                        "The full output of the run.");
  }
  if (facts.doubt != nullptr) {
    return undetermined("U5",
                        UndeterminedReason::rubric_unclear,
                        "the result is in doubt",
                        "Whether the finding \"" + facts.doubt->title + "\" is right.");
  }
  const bool supported = facts.has_objective && facts.objective == RubricStatus::met;
  if (supported && facts.met * 2 >= facts.items) {
    return {Verdict::succeeded,
            {},
            "S1",
            "the objective is supported by what was handed over and nothing that could be "
            "decided speaks against it"};
  }
  return undetermined("U2",
                      UndeterminedReason::rubric_unclear,
                      fmt::format("{} of {} rubric items could be decided, {}",
                                  facts.met + facts.unmet,
                                  facts.items,
                                  supported ? "too few" : "and not the objective"),
                      "Acceptance criteria that can be checked in the output, or a person's "
                      "reading of it.");
}

}  // namespace

Ruled decide_verdict(const TraceView& view,
                     std::span<const RubricItem> rubric,
                     std::span<const Finding> findings) {
  const Facts facts = gather(view, rubric, findings);
  if (facts.fatal != nullptr) {
    return {Verdict::failed, {}, "F1", facts.fatal->title};
  }
  if (facts.undone != nullptr) {
    return {Verdict::failed, {}, "F6", facts.undone->title};
  }
  if (!rubric.empty()) {
    return decide_with_rubric(facts);
  }
  if (facts.broken != nullptr) {
    return {Verdict::failed, {}, "F3", facts.broken->title};
  }
  if (!facts.output) {
    return undetermined("U3",
                        UndeterminedReason::no_output,
                        "the trace reports no output",
                        "A trace that reports the final output.");
  }
  if (facts.output_cut) {
    return undetermined("U1",
                        UndeterminedReason::incomplete_trace,
                        "the output is cut",
                        "The full output of the run.");
  }
  return undetermined("U4",
                      UndeterminedReason::no_objective,
                      "nothing went visibly wrong, but no expected outcome says what success is",
                      "An expected outcome with an objective and acceptance criteria.");
}

}  // namespace infinium::maestro
