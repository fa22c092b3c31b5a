#pragma once

#include <cstdint>
#include <optional>

#include "infinium/company.h"
#include "maestro/outcome/features.h"
#include "maestro/text_values.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// sibling_of() for a trace that is read already.
[[nodiscard]] Sibling sibling_of(const TraceView& view, std::string_view trace_id = {});

/// What stands for a value of the final output and for a state-changing action in a Sibling;
/// nothing for a value that tells runs apart for no reason (a small count, a time of day).
[[nodiscard]] std::optional<std::uint64_t> final_of(const ValueToken& token);
[[nodiscard]] std::uint64_t write_of(const StepView& step);

/// How far the run did what its siblings did. All zero without siblings.
[[nodiscard]] SiblingAgreement agreement_with(const Company& company, const Sibling& run);

}  // namespace infinium::maestro
