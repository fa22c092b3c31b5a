#pragma once

#include <optional>
#include <span>

#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// The earliest step whose correction would have changed the outcome, from the findings' steps and
/// where their values came from. Nothing if no finding is of warning or above and no rubric item is
/// unmet, or if no step and no part of the output can be shown to be at fault.
[[nodiscard]] std::optional<Proven<RootCause>> find_root_cause(
    const TraceView& view,
    std::span<const ProvenFinding> findings,
    std::span<const Proven<RubricItem>> rubric);

}  // namespace infinium::maestro
