#pragma once

#include <vector>

#include "infinium/interpretation.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Charges every step to one finding only, so that what the findings of a trace wasted can be
/// summed: to the finding of mere waste that has most steps, else to the first that names it. A
/// finding whose code is waste (catalogue.cpp) and whose detector counted nothing is charged with
/// its own steps.
void settle_waste(const TraceView& view, std::vector<Finding>& findings);

}  // namespace infinium::maestro
