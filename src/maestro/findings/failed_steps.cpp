#include "maestro/findings/draft.h"
#include "maestro/findings/failures.h"
#include "maestro/findings/findings.h"

namespace infinium::maestro {

std::vector<ProvenFinding> find_failed_steps(const Facts& facts) {
  const TraceView& view = facts.view();
  std::vector<ProvenFinding> findings;
  std::vector<ProvenFinding> contradicted;
  const auto keep = [](std::vector<ProvenFinding>& kept, std::optional<ProvenFinding> finding) {
    if (finding && kept.size() < kFindingsOfDetectorMax) {
      kept.push_back(std::move(*finding));
    }
  };
  for (const Failure& failure : find_failures(facts)) {
    if (failure.sort == FailureSort::invalid_call) {
      keep(findings, tell_invalid_call(view, failure));
    } else if (failure.sort == FailureSort::inside_ok && !failure.admitted) {
      keep(findings, tell_error_inside_ok(view, failure));
    } else {
      keep(findings, tell_unrecovered_error(view, failure));
      keep(contradicted, tell_contradicted_success(view, failure));
    }
  }
  for (ProvenFinding& finding : contradicted) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace infinium::maestro
