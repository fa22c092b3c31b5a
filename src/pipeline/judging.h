#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "infinium/company.h"
#include "infinium/types.h"
#include "pipeline/companies.h"
#include "pipeline/engine.h"
#include "pipeline/result_saver.h"
#include "store/store.h"

namespace infinium::pipeline {

/// A trace as the engine takes it, and what it adds to the company of later ones.
struct ReadTrace {
  std::optional<TaskData> trace;                        ///< nothing if it does not read back
  std::optional<maestro::Contribution> contribution{};  ///< nothing if that failed too
};

/// Reads stored bytes. Does not throw but bad_alloc.
[[nodiscard]] ReadTrace read_trace(const store::ClaimedTrace& claim, Log& log);

/// Whether the trace was in hand so often when a process died that it is not touched again.
[[nodiscard]] bool is_given_up(const store::ClaimedTrace& claim);

/// A trace that was judged, and whether the engine failed at it.
struct Judged {
  Finished finished;
  bool failed = false;
};

/// From the trace to the bytes to be saved. Whatever is wrong with the trace or the engine, there
/// is a result: at worst `engine.failed`. Does not throw but bad_alloc. `known` is nothing for a
/// trace without contribution. With `for_judge` the trace and its result are kept for the judge,
/// unless the engine failed.
[[nodiscard]] Judged judge(const store::ClaimedTrace& claim,
                           const ReadTrace& read,
                           const std::optional<Known>& known,
                           const Engine& engine,
                           const Clock& clock,
                           Log& log,
                           bool for_judge = false);

}  // namespace infinium::pipeline
