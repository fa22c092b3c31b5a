#include "pipeline/engine_failed.h"

#include <utility>

#include "base/hash.h"
#include "base/limits.h"

namespace infinium::pipeline {

Interpretation engine_failed(std::string why, int attempts, const std::string& engine_version) {
  Finding finding;
  finding.id = "f1";
  finding.code = "engine.failed";
  finding.category = "engine";
  finding.fingerprint = to_hex({reinterpret_cast<const char*>(sha256(why).data()), 8});
  finding.severity = Severity::critical;
  finding.title = "Maestro could not interpret this trace";
  finding.explanation = std::move(why);
  finding.evidence.push_back(
      MeasureEvidence{"attempts to interpret this trace",
                      static_cast<double>(attempts),
                      static_cast<double>(limits::kInterpretAttemptsMax),
                      "one for each time the trace was taken up, counted before the work began"});
  finding.recommendation =
      "Read the trace itself; it is stored in full. Interpret it again after an update of "
      "Infinium.";

  Interpretation result;
  result.engine_version = engine_version;
  result.verdict = Verdict::undetermined;
  result.undetermined =
      Undetermined{UndeterminedReason::engine_failed, "An interpretation that runs to its end."};
  result.summary =
      "Maestro could not interpret this trace, so nothing is said of how the task went. " +
      finding.explanation + " The trace itself is stored in full.";
  result.findings.push_back(std::move(finding));
  return result;
}

}  // namespace infinium::pipeline
