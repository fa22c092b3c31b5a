#pragma once

#include <optional>
#include <span>
#include <string>

#include "maestro/evidence.h"
#include "maestro/facts.h"
#include "maestro/outcome/features.h"

namespace infinium::maestro {

/// What of the trace would show whether the objective was reached, but was not sent: the end of the
/// output, or the answer of a call that was to change something. Nothing if all of it is there.
[[nodiscard]] std::optional<std::string> missing_evidence(const TraceView& view);

/// Decided if and only if there is proof.
struct JudgedObjective {
  RubricStatus status = RubricStatus::unclear;
  std::string rationale;
  std::optional<std::string> would_settle;
  std::optional<Proof> proof;
  bool incomplete = false;  ///< unclear, as what would decide was not sent
};

/// Whether the objective was reached, once everything else was looked at: unmet if a critical
/// finding shows that the result rests on something wrong, met if the work was brought to an end
/// whose words and actions are about the objective and nothing speaks against it, unclear where
/// what would decide was not sent.
[[nodiscard]] JudgedObjective judge_objective(const Facts& facts,
                                              const RunCues& cues,
                                              std::span<const ProvenFinding> findings);

}  // namespace infinium::maestro
