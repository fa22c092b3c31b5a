#pragma once

#include "infinium/interpretation.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// What the agent did, counted. An error is recovered if its record says so or if the same tool
/// succeeds later; a retry is a call of the tool whose last call failed. The path names each run of
/// equal steps once, at most 200 of them.
[[nodiscard]] Behavior describe_behavior(const TraceView& view);

}  // namespace infinium::maestro
