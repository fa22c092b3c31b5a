#pragma once

#include <optional>
#include <span>
#include <string>

#include "store/opinion.h"

/// What people, the judge and Maestro say of a trace, as every answer gives it beside the native
/// result.
namespace infinium::server {

/// `brief` leaves out notes and rubrics: for lists.
enum class Detail { brief, full };

/// Appends `"verdictBy":…,"decidingVerdict":…,"opinions":[…]`: which verdict counts (null while
/// nobody has said anything), and every current opinion, people's first, then the judge's, then
/// Maestro's (nothing while the trace is pending).
void append_verdicts(std::string& out,
                     std::optional<Verdict> maestro,
                     std::optional<double> score,
                     std::span<const store::Opinion> opinions,
                     Detail detail);

/// Appends one opinion as a JSON object. One that has ended says so: `"standing"`, `"endedAt"`.
void append_opinion(std::string& out, const store::Opinion& opinion, Detail detail);

}  // namespace infinium::server
