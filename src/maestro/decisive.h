#pragma once

#include "infinium/interpretation.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// Whether a critical finding leaves the objective itself alone: a rule was broken; or something is
/// wrong in what was said alone (the answer, a notice that went out beside the work), and no call
/// that changes something acted on it; or the notice itself failed, and the work was done.
[[nodiscard]] bool is_part(const TraceView& view, const Finding& finding);

}  // namespace infinium::maestro
