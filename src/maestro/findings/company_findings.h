#pragma once

#include <vector>

#include "maestro/beside.h"
#include "maestro/evidence.h"

/// What the agent's other runs say of this one. None of it is part of a verdict, of the root cause
/// or of the score: the majority may be wrong. At most warnings.
namespace infinium::maestro {

/// All of the below, in a fixed order.
[[nodiscard]] std::vector<ProvenFinding> find_in_company(const Beside& beside);

/// Siblings that agree on changes or on a final value, and this run does not.
[[nodiscard]] std::vector<ProvenFinding> find_disagreements(const Beside& beside);
/// Time, tokens, money and calls far above what the agent ever took.
[[nodiscard]] std::vector<ProvenFinding> find_outliers(const Beside& beside);
/// A step where the agent never took it before.
[[nodiscard]] std::vector<ProvenFinding> find_unusual_paths(const Beside& beside);

}  // namespace infinium::maestro
