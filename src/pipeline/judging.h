#pragma once

#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/pipeline.h"
#include "pipeline/result_saver.h"
#include "store/store.h"

namespace infinium::pipeline {

/// A trace that was judged, and whether the engine failed at it.
struct Judged {
  Finished finished;
  bool failed = false;
};

/// From the claimed bytes to the bytes to be saved. Whatever is wrong with the trace or the engine,
/// there is a result: at worst `engine.failed`. Does not throw but bad_alloc. With `for_judge` the
/// trace and its result are kept for the judge, unless the engine failed.
[[nodiscard]] Judged judge(const store::ClaimedTrace& claim,
                           const Interpret& interpret,
                           const std::string& engine_version,
                           const Clock& clock,
                           Log& log,
                           bool for_judge = false);

}  // namespace infinium::pipeline
