#pragma once

#include <vector>

#include "infinium/types.h"
#include "maestro/evidence.h"
#include "maestro/facts.h"
#include "maestro/outcome/features.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A trace with everything that can be claimed about its parts, before a verdict is drawn: the
/// facts, the findings of detectors and rubric, and every rubric item. Borrows the trace; made in
/// time linear in it.
class Reading {
 public:
  explicit Reading(const TaskData& trace);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  [[nodiscard]] const TraceView& view() const noexcept { return view_; }
  [[nodiscard]] const Facts& facts() const noexcept { return facts_; }
  [[nodiscard]] const RunCues& cues() const noexcept { return cues_; }

  std::vector<ProvenFinding> findings;
  std::vector<Proven<RubricItem>> rubric;

 private:
  TraceView view_;
  Facts facts_;
  RunCues cues_;
};

}  // namespace infinium::maestro
