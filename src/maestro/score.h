#pragma once

#include <span>
#include <vector>

#include "infinium/interpretation.h"

namespace infinium::maestro {

/// How well the work was done, process included: five parts of whole points that sum to 0–100.
/// Rubric 50, outcome 20, findings 15, errors 10, waste 5; each part says why.
[[nodiscard]] std::vector<ScorePart> score_parts(Verdict verdict,
                                                 std::span<const RubricItem> rubric,
                                                 std::span<const Finding> findings,
                                                 const Behavior& behavior);

/// The share of rubric items that are decided; 0 without a rubric.
[[nodiscard]] double coverage_of(std::span<const RubricItem> rubric);

}  // namespace infinium::maestro
