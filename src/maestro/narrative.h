#pragma once

#include <string>

#include "infinium/interpretation.h"
#include "maestro/trace_view.h"
#include "maestro/verdict.h"

namespace infinium::maestro {

/// Two to five sentences that a person can read alone: what was asked, what happened, the verdict
/// and its best evidence, where it went wrong and why, what to do. `result` is complete but for the
/// summary. Words of the trace are quoted, at most 160 bytes at a time.
[[nodiscard]] std::string tell(const TraceView& view,
                               const Interpretation& result,
                               const Ruled& ruled);

}  // namespace infinium::maestro
