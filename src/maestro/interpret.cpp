#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "infinium/maestro.h"
#include "maestro/baseline.h"
#include "maestro/behavior.h"
#include "maestro/evidence.h"
#include "maestro/findings/findings.h"
#include "maestro/narrative.h"
#include "maestro/root_cause.h"
#include "maestro/rubric/rubric.h"
#include "maestro/score.h"
#include "maestro/trace_view.h"
#include "maestro/verdict.h"

namespace infinium::maestro {
namespace {

constexpr std::string_view kRules = "rules-1";

template <class Claim>
std::vector<Claim> release_all(std::vector<Proven<Claim>> claims) {
  std::vector<Claim> out;
  out.reserve(claims.size());
  for (Proven<Claim>& claim : claims) {
    out.push_back(std::move(claim).release());
  }
  return out;
}

/// Words that stand in the result do not show that the objective was reached once a critical
/// finding shows that the result rests on something wrong.
void withdraw_objective(std::vector<Proven<RubricItem>>& items,
                        const std::vector<ProvenFinding>& findings) {
  const auto critical = std::find_if(findings.begin(), findings.end(), [](const auto& finding) {
    return finding->severity == Severity::critical;
  });
  if (critical == findings.end()) {
    return;
  }
  for (Proven<RubricItem>& item : items) {
    if (item->kind == RubricKind::objective && item->status == RubricStatus::met &&
        item->method == RubricMethod::retrieved) {
      RubricItem unmet = *item;
      unmet.status = RubricStatus::unmet;
      unmet.rationale = fmt::format("The result speaks of it, but {}.", (*critical)->title);
      item = prove(std::move(unmet), proof_of(*critical));
    }
  }
}

std::string model_name() {
  const Sha256 hash = sha256(kRules);
  const std::string bytes(hash.begin(), hash.begin() + 8);
  return to_hex(bytes);
}

}  // namespace

const char* engine_version() { return "0.1.0"; }

Interpretation interpret(const TaskData& trace) { return interpret(trace, Company{}); }

Interpretation interpret(const TaskData& trace, const Company& company) {
  const TraceView view(trace);
  std::vector<ProvenFinding> findings = find_all(view);
  JudgedRubric judged = judge_rubric(view);
  withdraw_objective(judged.items, findings);
  for (ProvenFinding& finding : judged.findings) {
    findings.push_back(std::move(finding));
  }
  auto root_cause = find_root_cause(view, findings, judged.items);

  Interpretation out;
  out.engine_version = engine_version();
  out.engine_model = model_name();
  out.objective_source = judged.items.empty() ? ObjectiveSource::derived : ObjectiveSource::rubric;
  out.rubric = release_all(std::move(judged.items));
  out.findings = release_all(std::move(findings));
  for (std::size_t i = 0; i < out.findings.size(); ++i) {
    out.findings[i].id = fmt::format("f{}", i + 1);
  }
  if (root_cause) {
    out.root_cause = std::move(*root_cause).release();
  }
  out.behavior = describe_behavior(view);
  out.baseline = compare_with(company, trace);
  out.completeness = {static_cast<std::int64_t>(view.steps_cut()),
                      static_cast<std::int64_t>(view.fields_cut())};
  const Ruled ruled = decide_verdict(view, out.rubric, out.findings);
  out.verdict = ruled.verdict;
  out.undetermined = ruled.undetermined;
  out.score_parts = score_parts(out.verdict, out.rubric, out.findings, out.behavior);
  for (const ScorePart& part : out.score_parts) {
    out.score += part.points;
  }
  out.coverage = coverage_of(out.rubric);
  out.summary = tell(view, out, ruled);
  return out;
}

}  // namespace infinium::maestro
