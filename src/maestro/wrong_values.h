#pragma once

#include <vector>

#include "infinium/interpretation.h"
#include "maestro/text_values.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// The values that a finding says are wrong: those of its first quote that its title names, else
/// all of a short quote; of a calculation the result alone. Empty where it is about no value.
[[nodiscard]] std::vector<ValueToken> wrong_values(const TraceView& view, const Finding& finding);

}  // namespace infinium::maestro
