#pragma once

#include <span>
#include <vector>

#include "maestro/evidence.h"

namespace infinium::maestro {

/// A deliverable or criterion that was met by what stands in the output is unmet once a critical
/// finding shows that just this is wrong: the finding is about the same words, or they come from
/// the answer of a call that failed or was refused. The finding's evidence is then the item's. A
/// number that is merely in doubt leaves the item unclear.
void withdraw_spoiled(std::span<const ProvenFinding> findings,
                      std::vector<Proven<RubricItem>>& items);

}  // namespace infinium::maestro
