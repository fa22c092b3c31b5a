#pragma once

#include <span>
#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"

namespace infinium::maestro {

/// Decides the items that ask for nothing invented ("every number comes from the systems", "the
/// reply states nothing that the tools did not return"): unmet if a finding shows a value that
/// stands in no source or was worked out wrongly, met if values of the output stand in sources and
/// no such finding was made. Only items that are unclear so far.
void decide_grounding(const Facts& facts,
                      std::span<const ProvenFinding> findings,
                      std::vector<Proven<RubricItem>>& items);

}  // namespace infinium::maestro
