#include "maestro/reading.h"

#include <algorithm>
#include <utility>

#include "maestro/findings/findings.h"
#include "maestro/objective.h"
#include "maestro/rubric/grounded.h"
#include "maestro/rubric/linked.h"
#include "maestro/rubric/rubric.h"
#include "maestro/rubric/spoiled.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

/// Whether anything beside the words of the output supports the objective: another item that is
/// met, or a call that changed something.
bool has_support(const TraceView& view, const std::vector<Proven<RubricItem>>& items) {
  const bool other = std::any_of(items.begin(), items.end(), [](const auto& item) {
    return item->kind != RubricKind::objective && item->status == RubricStatus::met;
  });
  return other || std::any_of(view.steps().begin(), view.steps().end(), [](const StepView& step) {
           // Whatever a shell or a browser was told may be the work.
           return (step.changes_state ||
                   (step.kind == StepKind::tool && runs_anything(step.tool))) &&
                  !step.failed;
         });
}

/// The objective is decided last: it depends on what went wrong.
void decide_objective(const Facts& facts,
                      const RunCues& cues,
                      std::span<const ProvenFinding> findings,
                      std::vector<Proven<RubricItem>>& items) {
  const auto objective = std::find_if(items.begin(), items.end(), [](const auto& item) {
    return item->kind == RubricKind::objective;
  });
  if (objective == items.end() || (*objective)->status == RubricStatus::unmet) {
    return;
  }
  JudgedObjective judged = judge_objective(facts, cues, findings);
  const bool own = (*objective)->status == RubricStatus::met;
  if (own && judged.status == RubricStatus::unclear && !judged.incomplete) {
    return;  // its own words show more than those of the whole
  }
  if (!own && judged.status == RubricStatus::met && !has_support(facts.view(), items)) {
    return;  // an answer alone cannot be taken on its word
  }
  RubricItem item = **objective;
  item.status = judged.status;
  item.method = RubricMethod::retrieved;
  item.rationale = std::move(judged.rationale);
  item.would_settle = std::move(judged.would_settle);
  *objective = judged.proof ? prove(std::move(item), *judged.proof) : undecided(std::move(item));
}

}  // namespace

Reading::Reading(const TaskData& trace) : view_(trace), facts_(view_), cues_(read_run_cues(view_)) {
  findings = find_all(facts_);
  JudgedRubric judged = judge_rubric(view_);
  withdraw_spoiled(findings, judged.items);
  link_findings(view_, findings, judged.items);
  decide_grounding(facts_, findings, judged.items);
  for (ProvenFinding& finding : judged.findings) {
    findings.push_back(std::move(finding));
  }
  decide_objective(facts_, cues_, findings, judged.items);
  rubric = std::move(judged.items);
}

}  // namespace infinium::maestro
