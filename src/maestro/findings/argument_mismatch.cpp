#include "maestro/findings/argument_mismatch.h"

#include <algorithm>

#include "maestro/findings/findings.h"

namespace infinium::maestro {

std::vector<ProvenFinding> find_argument_mismatches(const Facts& facts) {
  std::vector<ProvenFinding> all;
  for (const auto find : {find_wrong_rows,
                          find_stale_rows,
                          find_worse_rows,
                          find_drifted_arguments,
                          find_strayed_targets,
                          find_slot_mismatches,
                          find_stale_resources,
                          find_column_mismatches,
                          find_stale_outputs}) {
    for (ProvenFinding& finding : find(facts)) {
      // One fault of one step is told once, by the surest way of seeing it.
      const bool told = std::any_of(all.begin(), all.end(), [&finding](const ProvenFinding& other) {
        return other->step_indices == finding->step_indices && other->severity >= finding->severity;
      });
      if (!told) {
        all.push_back(std::move(finding));
      }
    }
  }
  return all;
}

}  // namespace infinium::maestro
