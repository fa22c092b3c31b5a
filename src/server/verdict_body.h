#pragma once

#include <string_view>

#include "infinium/result.h"
#include "store/opinion.h"

namespace infinium::server {

/// Reads the body of a verdict call,
///
///     {"verdict": "failed", "note": "…", "rubric": {"r1": "met"}, "root_step": 3}
///
/// of which only `verdict` must be there; null means absent. Trace and reviewer are left to the
/// caller. Errors: `malformed` (not JSON), `invalid_argument` with the field (an unknown key, a
/// wrong kind, a limit of base/limits.h).
[[nodiscard]] Result<store::NewOpinion> parse_verdict_body(std::string_view text);

}  // namespace infinium::server
