#include "pipeline/engine.h"

#include "infinium/maestro.h"

namespace infinium::pipeline {

Engine maestro_engine() {
  return {[](const TaskData& trace, const maestro::Company& company) {
            return maestro::interpret(trace, company);
          },
          maestro::engine_version(),
          maestro::engine_model()};
}

}  // namespace infinium::pipeline
