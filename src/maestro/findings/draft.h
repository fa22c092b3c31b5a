#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "maestro/evidence.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// At most so many findings of one detector: a reader wants the first ones.
inline constexpr std::size_t kFindingsOfDetectorMax = 12;

/// What is the same for every finding of one kind. The code stands in catalogue.cpp.
struct FindingKind {
  std::string_view code;
  std::string_view recommendation;
};

/// A finding to be proven: the step at fault comes first. `value_free` is its template for the
/// fingerprint; the tool is that of the step at fault.
[[nodiscard]] Finding draft(const TraceView& view,
                            const FindingKind& kind,
                            Severity severity,
                            std::span<const std::size_t> step_indices,
                            std::string_view value_free);

/// What these steps cost, for nothing: their time and tokens, and by their share of the trace's
/// tokens their part of its estimated cost.
[[nodiscard]] Waste waste_of(const TraceView& view, std::span<const std::size_t> step_indices);

/// "step 4 (`get_order`)".
[[nodiscard]] std::string name_of(const StepView& step);

/// The text in typographic quotes of a sentence, at most 60 bytes.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace infinium::maestro
