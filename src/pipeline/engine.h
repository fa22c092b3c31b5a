#pragma once

#include <functional>
#include <string>

#include "infinium/company.h"
#include "infinium/interpretation.h"
#include "infinium/types.h"
#include "pipeline/current_calibration.h"

namespace infinium::pipeline {

/// How one trace is judged in its company. Called from several threads at once.
using Interpret = std::function<Interpretation(const TaskData&, const maestro::Company&)>;

/// What judges, and what its results are called.
struct Engine {
  Interpret interpret;  ///< may throw, and is tried again then
  std::string version;
  std::string model{};
};

/// Maestro, as people taught it; the calibration is borrowed and outlives the engine. None: as
/// shipped. `model` is that of the calibration which is current now.
[[nodiscard]] Engine maestro_engine(const CurrentCalibration* calibration = nullptr);

}  // namespace infinium::pipeline
