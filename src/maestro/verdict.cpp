#include "maestro/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "maestro/decisive.h"
#include "maestro/findings/catalogue.h"
#include "maestro/objective.h"
#include "maestro/text.h"

namespace infinium::maestro {
namespace {

/// What the rule table looks at, counted once.
struct Counted {
  int met = 0;
  int unmet = 0;
  int items = 0;
  RubricStatus objective = RubricStatus::unclear;
  bool has_objective = false;
  const Finding* fatal = nullptr;   ///< critical, and not only a broken rule or missing part
  const Finding* broken = nullptr;  ///< a critical finding that is no more than an unmet item
  const Finding* undone = nullptr;  ///< an unrecovered error of a step that was to change state
  const Finding* doubt = nullptr;   ///< a warning that a value or a step cannot be relied on
  bool output = false;
  bool changed = false;                ///< a call that changed something succeeded
  std::optional<std::string> missing;  ///< what would decide, but was not sent
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

Counted gather(const TraceView& view,
               std::span<const Proven<RubricItem>> rubric,
               std::span<const ProvenFinding> findings) {
  Counted facts;
  for (const Proven<RubricItem>& proven : rubric) {
    const RubricItem& item = *proven;
    ++facts.items;
    const bool met = item.status == RubricStatus::met;
    facts.met += met ? 1 : 0;
    facts.unmet += item.status == RubricStatus::unmet ? 1 : 0;
    if (item.kind == RubricKind::objective) {
      facts.objective = item.status;
      facts.has_objective = true;
    }
  }
  for (const ProvenFinding& proven : findings) {
    const Finding& finding = *proven;
    if (find_code(finding.code).company) {
      continue;
    }
    const bool failed_call = finding.code == "error.unrecovered" ||
                             finding.code == "error.inside_ok" || finding.code == "call.invalid";
    if (facts.undone == nullptr && failed_call && finding.severity != Severity::info &&
        changed_state(view, finding)) {
      facts.undone = &finding;
    }
    if (finding.severity != Severity::critical) {
      facts.doubt = facts.doubt == nullptr && casts_doubt(finding) ? &finding : facts.doubt;
      continue;
    }
    const bool part = is_part(view, finding);
    const Finding*& kept = part ? facts.broken : facts.fatal;
    kept = kept != nullptr ? kept : &finding;
  }
  facts.output = !view.delivered().empty();
  facts.missing = missing_evidence(view);
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

/// A part of the work is not as it had to be, though the objective may be reached.
std::optional<Ruled> decide_parts(const Counted& facts) {
  const bool worked = facts.objective != RubricStatus::unmet && (facts.met > 0 || facts.missing);
  if (facts.broken != nullptr) {
    return worked ? Ruled{Verdict::partially_succeeded, {}, "P1", facts.broken->title}
                  : Ruled{Verdict::failed,
                          {},
                          "F3",
                          facts.broken->title + ", and nothing shows that the rest was done"};
  }
  if (facts.unmet > 0) {
    return worked
               ? Ruled{Verdict::partially_succeeded,
                       {},
                       "P2",
                       fmt::format("{} of {} rubric items are not met", facts.unmet, facts.items)}
               : Ruled{Verdict::failed, {}, "F4", "no rubric item is met"};
  }
  return std::nullopt;
}

Ruled decide_with_rubric(const Counted& facts, std::optional<double> probability) {
  if (facts.objective == RubricStatus::unmet) {
    return {Verdict::failed, {}, "F2", "the objective was not reached"};
  }
  if (std::optional<Ruled> part = decide_parts(facts)) {
    return *std::move(part);
  }
  if (facts.missing) {
    return undetermined("U1",
                        UndeterminedReason::incomplete_trace,
                        *facts.missing,
                        "The full output of the run, and the answers of its calls.");
  }
  if (facts.doubt != nullptr) {
    return {Verdict::partially_succeeded, {}, "P3", facts.doubt->title};
  }
  const bool supported = facts.has_objective && facts.objective == RubricStatus::met;
  if (supported && probability && *probability < kDoubtful) {
    return undetermined("U6",
                        UndeterminedReason::probability_near_half,
                        "nothing that was checked went wrong, but runs like this one often fail",
                        "A person's reading of the run, or acceptance criteria that can be "
                        "checked.");
  }
  if (supported) {
    return {Verdict::succeeded,
            {},
            "S1",
            "the objective is supported by what was handed over and nothing that could be "
            "decided speaks against it"};
  }
  return undetermined("U2",
                      UndeterminedReason::rubric_unclear,
                      fmt::format("{} of {} rubric items could be decided, and not the objective",
                                  facts.met + facts.unmet,
                                  facts.items),
                      "Acceptance criteria that can be checked in the output, or a person's "
                      "reading of it.");
}

}  // namespace

Ruled decide_verdict(const TraceView& view,
                     std::span<const Proven<RubricItem>> rubric,
                     std::span<const ProvenFinding> findings,
                     std::optional<double> success_probability) {
  const Counted facts = gather(view, rubric, findings);
  if (facts.fatal != nullptr) {
    return {Verdict::failed, {}, "F1", facts.fatal->title};
  }
  if (facts.undone != nullptr) {
    return {Verdict::failed, {}, "F6", facts.undone->title};
  }
  if (!rubric.empty()) {
    return decide_with_rubric(facts, success_probability);
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
  if (facts.missing) {
    return undetermined("U1",
                        UndeterminedReason::incomplete_trace,
                        *facts.missing,
                        "The full output of the run, and the answers of its calls.");
  }
  return undetermined("U4",
                      UndeterminedReason::no_objective,
                      "nothing went visibly wrong, but no expected outcome says what success is",
                      "An expected outcome with an objective and acceptance criteria.");
}

}  // namespace infinium::maestro
