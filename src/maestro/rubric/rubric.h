#pragma once

#include <vector>

#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A judged rubric: every item of the expected outcome in order (objective, deliverables,
/// constraints, criteria), and the findings that follow from unmet items: `deliverable.missing` and
/// `constraint.violated`.
struct JudgedRubric {
  std::vector<Proven<RubricItem>> items;
  std::vector<ProvenFinding> findings;
};

/// Empty if the trace has no rubric. Items beyond the first 2,000 stay unclear.
[[nodiscard]] JudgedRubric judge_rubric(const TraceView& view);

}  // namespace infinium::maestro
