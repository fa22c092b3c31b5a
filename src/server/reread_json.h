#pragma once

#include "infinium/json.h"
#include "pipeline/reread_job.h"

namespace infinium::server::admin {

/// How a run that reads traces again stands, as the control socket says it: `{state, dry_run,
/// seconds, total, seen, read, of_other_engine, stale, failed, same, verdicts: [{from, to, count,
/// examples}], score: {up, down, sum}, error?}`. `state` is none, running, done, stopped or failed.
[[nodiscard]] Json encode_reread_status(const pipeline::RereadStatus& status);

}  // namespace infinium::server::admin
