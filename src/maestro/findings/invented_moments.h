#pragma once

#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"

namespace infinium::maestro {

/// The part of find_invented_words that looks at days and times of day.
[[nodiscard]] std::vector<ProvenFinding> find_invented_moments(const Facts& facts);

}  // namespace infinium::maestro
