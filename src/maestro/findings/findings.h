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
/// Work on another goal than the one that was asked for.
[[nodiscard]] std::vector<ProvenFinding> find_derailments(const Facts& facts);
/// One of several that the user's words fit, taken without asking.
[[nodiscard]] std::vector<ProvenFinding> find_unasked_choices(const Facts& facts);
/// Figures with the wrong unit.
[[nodiscard]] std::vector<ProvenFinding> find_figure_slips(const Facts& facts);
/// Equations, totals, shares, durations and weekdays that do not hold.
[[nodiscard]] std::vector<ProvenFinding> find_false_arithmetic(const Facts& facts);
/// A record that is given another row's value, or the value of the opposite field.
[[nodiscard]] std::vector<ProvenFinding> find_misread_rows(const Facts& facts);
/// Something said to be done, granted or free that the last answer on it says is not.
[[nodiscard]] std::vector<ProvenFinding> find_misread_states(const Facts& facts);
[[nodiscard]] std::vector<ProvenFinding> find_failed_tests(const Facts& facts);
/// A measured or computed figure that is then stated as another.
[[nodiscard]] std::vector<ProvenFinding> find_misread_readings(const Facts& facts);
/// Days, times, labels, quotations, prices and names that stand in no source.
[[nodiscard]] std::vector<ProvenFinding> find_invented_words(const Facts& facts);
/// Pages that were not read, a least amount that was not reached, a deed that was not done.
[[nodiscard]] std::vector<ProvenFinding> find_unfinished_work(const Facts& facts);
/// Facts that were to be told or counted with and are not.
[[nodiscard]] std::vector<ProvenFinding> find_dropped_facts(const Facts& facts);
/// A value that the text it stands in calls replaced.
[[nodiscard]] std::vector<ProvenFinding> find_stale_words(const Facts& facts);
/// What the request leaves out counted in, and records that break a limit of the request.
[[nodiscard]] std::vector<ProvenFinding> find_excluded_rows(const Facts& facts);
/// Items found and then left out.
[[nodiscard]] std::vector<ProvenFinding> find_dropped_items(const Facts& facts);

}  // namespace infinium::maestro
