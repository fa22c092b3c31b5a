#pragma once

#include <optional>
#include <span>

#include "maestro/evidence.h"
#include "maestro/outcome/features.h"
#include "maestro/reading.h"

namespace infinium::maestro {

/// The earliest step whose correction would have changed the outcome: by the findings, and where
/// they are silent or weak by `blamed`, how likely each step is at fault (one a step). For a run
/// that did not plainly succeed. By blame alone only a run of several agents, or one that is
/// `unlikely` to have succeeded, has a cause: elsewhere a guess would help nobody. Nothing if there
/// is no step and no finding to show.
[[nodiscard]] std::optional<Proven<RootCause>> find_root_cause(const Reading& reading,
                                                               const RunCues& cues,
                                                               std::span<const double> blamed,
                                                               bool unlikely = false);

}  // namespace infinium::maestro
