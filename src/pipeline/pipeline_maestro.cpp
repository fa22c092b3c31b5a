#include "infinium/maestro.h"
#include "pipeline/pipeline.h"

namespace infinium::pipeline {

Pipeline::Pipeline(
    store::Store& store, ResultHub& hub, const Clock& clock, Log& log, const Options& options)
    : Pipeline(
          store,
          hub,
          clock,
          log,
          options,
          [](const TaskData& trace) { return maestro::interpret(trace); },
          maestro::engine_version()) {}

}  // namespace infinium::pipeline
