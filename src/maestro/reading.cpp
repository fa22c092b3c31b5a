#include "maestro/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "maestro/findings/findings.h"
#include "maestro/rubric/rubric.h"

namespace infinium::maestro {
namespace {

/// Words that stand in the result do not show that the objective was reached once a critical
/// finding shows that the result rests on something wrong.
void withdraw_objective(std::vector<Proven<RubricItem>>& items,
                        const std::vector<ProvenFinding>& findings) {
  const auto critical = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding->severity == Severity::critical;
  });
  if (critical == findings.end()) {
    return;
  }
  for (Proven<RubricItem>& item : items) {
    if (item->kind == RubricKind::objective && item->status == RubricStatus::met &&
        item->method == RubricMethod::retrieved) {
      RubricItem unmet = *item;
      unmet.status = RubricStatus::unmet;
      unmet.rationale = fmt::format("The result speaks of it, but {}.", (*critical)->title);
      item = prove(std::move(unmet), proof_of(*critical));
    }
  }
}

}  // namespace

Reading::Reading(const TaskData& trace) : view_(trace), facts_(view_) {
  findings = find_all(facts_);
  JudgedRubric judged = judge_rubric(view_);
  withdraw_objective(judged.items, findings);
  for (ProvenFinding& finding : judged.findings) {
    findings.push_back(std::move(finding));
  }
  rubric = std::move(judged.items);
}

}  // namespace infinium::maestro
