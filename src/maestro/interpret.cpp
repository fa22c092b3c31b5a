#include <fmt/format.h>

#include <utility>

#include "base/hash.h"
#include "infinium/maestro.h"
#include "maestro/baseline.h"
#include "maestro/behavior.h"
#include "maestro/beside.h"
#include "maestro/evidence.h"
#include "maestro/findings/company_findings.h"
#include "maestro/findings/waste.h"
#include "maestro/learning/signals.h"
#include "maestro/narrative.h"
#include "maestro/outcome/agreement.h"
#include "maestro/outcome/outcome.h"
#include "maestro/outcome/weights.h"
#include "maestro/reading.h"
#include "maestro/root_cause.h"
#include "maestro/score.h"
#include "maestro/trace_view.h"
#include "maestro/verdict.h"

namespace infinium::maestro {
namespace {

constexpr std::string_view kRules = "rules-3";

template <class Claim>
std::vector<Claim> release_all(std::vector<Proven<Claim>> claims) {
  std::vector<Claim> out;
  out.reserve(claims.size());
  for (Proven<Claim>& claim : claims) {
    out.push_back(std::move(claim).release());
  }
  return out;
}

/// What is said of a trace repeats none of its secrets.
void hide_secrets(const std::vector<std::string>& secrets, Interpretation& out) {
  const auto hide = [&secrets](std::string& text) {
    text = without_secrets(std::move(text), secrets);
  };
  hide(out.summary);
  for (RubricItem& item : out.rubric) {
    hide(item.text);
    hide(item.rationale);
    for (std::optional<std::string>* text : {&item.read_as, &item.would_settle}) {
      if (*text) {
        hide(**text);
      }
    }
  }
  for (Finding& finding : out.findings) {
    hide(finding.title);
    hide(finding.explanation);
  }
  if (out.undetermined) {
    hide(out.undetermined->would_settle);
  }
  if (out.root_cause) {
    hide(out.root_cause->reason);
    for (RootCauseAlternative& other : out.root_cause->alternatives) {
      hide(other.reason);
    }
  }
  for (ScorePart& part : out.score_parts) {
    hide(part.because);
  }
}

std::optional<double> probability_of(const Reading& reading,
                                     const Calibration& calibration,
                                     std::span<const Feature> features) {
  const std::optional<double> shipped = success_probability(reading.view(), features);
  if (calibration.empty()) {
    return shipped;
  }
  return calibrated_probability(
      calibration, signals_of(reading.view(), reading.rubric, reading.findings, features), shipped);
}

}  // namespace

const char* engine_version() { return "0.1.0"; }

std::string engine_model(const Calibration& calibration) {
  const auto short_hash = [](const std::string& parts) {
    const Sha256 hash = sha256(parts);
    return to_hex(std::string(hash.begin(), hash.begin() + 8));
  };
  const std::string shipped = std::string(kRules) + std::string(success_weights().digest) +
                              std::string(blame_weights().digest);
  static const std::string kShipped = short_hash(shipped);
  return calibration.empty() ? kShipped : short_hash(shipped + calibration.encode());
}

Interpretation interpret(const TaskData& trace) { return interpret(trace, Company{}); }

Interpretation interpret(const TaskData& trace, const Company& company) {
  return interpret(trace, company, Calibration{});
}

Interpretation interpret(const TaskData& trace,
                         const Company& company,
                         const Calibration& calibration) {
  Reading reading(trace);
  const TraceView& view = reading.view();
  const RunCues& cues = reading.cues();
  const Sibling run = sibling_of(view);
  const SiblingAgreement siblings = agreement_with(company, run);
  Interpretation out;
  std::vector<Feature> features =
      run_features(reading.facts(), cues, reading.findings, reading.rubric, siblings);
  out.success_probability = probability_of(reading, calibration, features);
  // What siblings did moves the probability and takes no part in the verdict: they may be wrong.
  std::optional<double> alone = out.success_probability;
  if (siblings.count > 0) {
    replace_siblings(features, agreement_with(Company{}, run));
    alone = probability_of(reading, calibration, features);
  }
  const Ruled ruled = decide_verdict(view, reading.rubric, reading.findings, alone);
  out.verdict = ruled.verdict;
  out.undetermined = ruled.undetermined;
  if (out.verdict != Verdict::succeeded) {
    const bool unlikely = alone.value_or(1) < 0.5;
    const std::vector<double> blamed = blame(step_features(reading.facts(), cues));
    if (auto root_cause = find_root_cause(reading, cues, blamed, unlikely)) {
      out.root_cause = std::move(*root_cause).release();
    }
  }
  out.engine_version = engine_version();
  out.engine_model = engine_model(calibration);
  out.objective_source =
      reading.rubric.empty() ? ObjectiveSource::derived : ObjectiveSource::rubric;
  out.rubric = release_all(std::move(reading.rubric));
  out.findings = release_all(std::move(reading.findings));
  if (company.sample_size() > 0 || run.task != 0) {
    for (ProvenFinding& finding : find_in_company(Beside(view, company, run))) {
      out.findings.push_back(std::move(finding).release());
    }
  }
  settle_waste(view, out.findings);
  for (std::size_t i = 0; i < out.findings.size(); ++i) {
    out.findings[i].id = fmt::format("f{}", i + 1);
  }
  out.behavior = describe_behavior(view);
  out.baseline = compare_with(company, trace, run);
  out.completeness = {static_cast<std::int64_t>(view.steps_cut()),
                      static_cast<std::int64_t>(view.fields_cut())};
  out.score_parts = score_parts(out.verdict, out.rubric, out.findings, out.behavior);
  for (const ScorePart& part : out.score_parts) {
    out.score += part.points;
  }
  out.coverage = coverage_of(out.rubric);
  out.confidence =
      calibrated_confidence(calibration, ruled.rule, out.coverage, out.success_probability);
  out.summary = tell(view, out, ruled);
  if (!view.secret_values().empty()) {
    hide_secrets(view.secret_values(), out);
  }
  return out;
}

}  // namespace infinium::maestro
