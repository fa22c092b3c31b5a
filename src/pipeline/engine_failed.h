#pragma once

#include <string>

#include "infinium/interpretation.h"

namespace infinium::pipeline {

/// The result of a trace that Maestro could not read to its end: `undetermined` with the one
/// finding `engine.failed`. `why` is a sentence that repeats nothing of the trace; `attempts` is
/// how often it was tried.
[[nodiscard]] Interpretation engine_failed(std::string why,
                                           int attempts,
                                           const std::string& engine_version);

}  // namespace infinium::pipeline
