#include "maestro/findings/findings.h"

namespace infinium::maestro {

std::vector<ProvenFinding> find_all(const Facts& facts) {
  std::vector<ProvenFinding> all;
  for (const auto find : {find_failed_steps,      find_repeated_calls,   find_looping_steps,
                          find_thrashing,         find_retry_storms,     find_duplicate_actions,
                          find_ping_pong,         find_early_ends,       find_secret_leaks,
                          find_obeyed_injections, find_bad_output,       find_argument_mismatches,
                          find_unasked_choices,   find_derailments,      find_figure_slips,
                          find_false_arithmetic,  find_misread_rows,     find_misread_states,
                          find_failed_tests,      find_misread_readings, find_stale_words,
                          find_excluded_rows,     find_invented_words,   find_unfinished_work,
                          find_dropped_facts,     find_dropped_items,    find_ungrounded_values}) {
    for (ProvenFinding& finding : find(facts)) {
      all.push_back(std::move(finding));
    }
  }
  return all;
}

std::vector<ProvenFinding> find_all(const TraceView& view) { return find_all(Facts(view)); }

}  // namespace infinium::maestro
