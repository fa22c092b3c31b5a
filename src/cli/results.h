#pragma once

#include <chrono>
#include <string>

#include "cli/api.h"
#include "cli/program.h"
#include "infinium/json.h"

/// Fetching an interpretation and showing it: what `send --wait`, `get` and `wait` share.
namespace infinium::cli {

/// The interpretation of a trace, as soon as it is there and at most `wait` later. Errors: those of
/// Api::get(), and `timeout` while Maestro is still at work.
[[nodiscard]] Result<Json> fetch_interpretation(Api& api,
                                                const Clock& clock,
                                                const std::string& trace_id,
                                                std::chrono::milliseconds wait);

/// Prints it as text for a person, or as one line of JSON.
void show_interpretation(const Program& program, const Json& interpretation, bool as_json);

/// Error: `invalid_argument` if this is no trace id.
[[nodiscard]] Status check_trace_id(const std::string& trace_id);

}  // namespace infinium::cli
