#pragma once

#include <cstdint>
#include <vector>

#include "maestro/trace_view.h"

/// What the detectors of repetition share.
namespace infinium::maestro {

/// Equal for steps that make the same call (tool and canonical arguments).
[[nodiscard]] std::uint64_t call_key(const StepView& step);
/// Equal for steps that make the same call and get the same answer, times of day aside.
[[nodiscard]] std::uint64_t turn_key(const StepView& step);

/// Tool steps that go round: at least three rounds of the same two to four calls with the same
/// answers, nothing changed in between and nobody waiting for anything.
struct Cycle {
  std::size_t period = 0;
  std::vector<std::size_t> steps;  ///< places of all its steps, the first round included
};
[[nodiscard]] std::vector<Cycle> find_cycles(const TraceView& view);

}  // namespace infinium::maestro
