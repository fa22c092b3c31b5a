#include "pipeline/engine.h"

#include "infinium/maestro.h"

namespace infinium::pipeline {

Engine maestro_engine(const CurrentCalibration* calibration) {
  return {[calibration](const TaskData& trace, const maestro::Company& company) {
            return calibration == nullptr ? maestro::interpret(trace, company)
                                          : maestro::interpret(trace, company, *calibration->get());
          },
          maestro::engine_version(),
          calibration == nullptr ? maestro::engine_model()
                                 : maestro::engine_model(*calibration->get())};
}

}  // namespace infinium::pipeline
