#pragma once

#include <vector>

#include "maestro/evidence.h"
#include "maestro/facts.h"
#include "maestro/trace_view.h"

/// The detectors: each a pure function from a trace to what it has seen and can show. In every
/// finding `steps.front()` is the step at fault and the others are those it touches; a finding
/// without steps is about the final output. `id` is left empty: interpret() numbers them.
namespace infinium::maestro {

/// Runs every detector in a fixed order.
[[nodiscard]] std::vector<ProvenFinding> find_all(const Facts& facts);
[[nodiscard]] std::vector<ProvenFinding> find_all(const TraceView& view);

/// A step failed and nothing after it made up for it: an error, an error inside an OK answer, an
/// invalid call; and an output that says it worked.
[[nodiscard]] std::vector<ProvenFinding> find_failed_steps(const Facts& facts);
/// The same call with the same answer, again.
[[nodiscard]] std::vector<ProvenFinding> find_repeated_calls(const Facts& facts);
/// Two to four calls that go round.
[[nodiscard]] std::vector<ProvenFinding> find_looping_steps(const Facts& facts);
/// One tool with ever other arguments, for nothing.
[[nodiscard]] std::vector<ProvenFinding> find_thrashing(const Facts& facts);
/// A call that cannot succeed, over and over.
[[nodiscard]] std::vector<ProvenFinding> find_retry_storms(const Facts& facts);
/// A deed done twice.
[[nodiscard]] std::vector<ProvenFinding> find_duplicate_actions(const Facts& facts);
/// Two agents that hand the work to and fro.
[[nodiscard]] std::vector<ProvenFinding> find_ping_pong(const Facts& facts);
/// An end before the work is done.
[[nodiscard]] std::vector<ProvenFinding> find_early_ends(const Facts& facts);
/// Keys, tokens and passwords that got out.
[[nodiscard]] std::vector<ProvenFinding> find_secret_leaks(const Facts& facts);
/// Instructions that came with an answer and were obeyed.
[[nodiscard]] std::vector<ProvenFinding> find_obeyed_injections(const Facts& facts);
/// No output, or one that stops in the middle.
[[nodiscard]] std::vector<ProvenFinding> find_bad_output(const Facts& facts);
/// A value in the output that stands nowhere and cannot be derived.
[[nodiscard]] std::vector<ProvenFinding> find_ungrounded_values(const Facts& facts);
/// An argument that differs from the user's words or an earlier result.
[[nodiscard]] std::vector<ProvenFinding> find_argument_mismatches(const Facts& facts);
/// Figures with the wrong unit.
[[nodiscard]] std::vector<ProvenFinding> find_figure_slips(const Facts& facts);
/// Equations, totals, shares, durations and weekdays that do not hold.
[[nodiscard]] std::vector<ProvenFinding> find_false_arithmetic(const Facts& facts);
/// Items found and then left out.
[[nodiscard]] std::vector<ProvenFinding> find_dropped_items(const Facts& facts);

}  // namespace infinium::maestro
