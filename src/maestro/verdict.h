#pragma once

#include <optional>
#include <span>
#include <string>

#include "infinium/interpretation.h"
#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A probability of success below this keeps a run from being called a success.
inline constexpr double kDoubtful = 0.35;

/// The verdict by the published rule table (docs/verdict-rules.md), and the rule that gave it.
struct Ruled {
  Verdict verdict = Verdict::undetermined;
  std::optional<Undetermined> undetermined;  ///< set if and only if undetermined
  std::string rule;                          ///< "F1", "S1", … of the table
  std::string because;                       ///< the rule in one clause, for the summary
};

/// `rubric` is empty if the objective is derived. A probability keeps a verdict from being drawn
/// where it speaks against it; alone it draws none.
[[nodiscard]] Ruled decide_verdict(const TraceView& view,
                                   std::span<const Proven<RubricItem>> rubric,
                                   std::span<const ProvenFinding> findings,
                                   std::optional<double> success_probability);

}  // namespace infinium::maestro
