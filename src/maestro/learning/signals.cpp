#include "maestro/learning/signals.h"

#include <algorithm>

#include "maestro/confidence.h"
#include "maestro/outcome/exact_math.h"
#include "maestro/outcome/outcome.h"

namespace infinium::maestro {
namespace {

constexpr double kLogitMax = 4;
constexpr double kCertainMost = 0.99;

double capped_share(double count, double most) { return std::min(count, most) / most; }

double feature(std::span<const Feature> run, std::string_view name) {
  const auto found =
      std::find_if(run.begin(), run.end(), [&](const Feature& one) { return one.name == name; });
  return found == run.end() ? 0 : found->value;
}

struct Tallied {
  double met = 0;
  double unmet = 0;
  double items = 0;
  double objective = 0;  ///< 1 met, -1 unmet
  double critical = 0;
  double warnings = 0;
};

Tallied count(std::span<const Proven<RubricItem>> rubric, std::span<const ProvenFinding> findings) {
  Tallied counts;
  for (const Proven<RubricItem>& item : rubric) {
    const double said = item->status == RubricStatus::met     ? 1
                        : item->status == RubricStatus::unmet ? -1
                                                              : 0;
    counts.items += 1;
    counts.met += said > 0 ? 1 : 0;
    counts.unmet += said < 0 ? 1 : 0;
    counts.objective = item->kind == RubricKind::objective ? said : counts.objective;
  }
  for (const ProvenFinding& finding : findings) {
    counts.critical += finding->severity == Severity::critical ? 1 : 0;
    counts.warnings += finding->severity == Severity::warning ? 1 : 0;
  }
  return counts;
}

double value_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::succeeded:
      return 1;
    case Verdict::partially_succeeded:
      return -0.5;
    case Verdict::failed:
      return -1;
    case Verdict::undetermined:
      return 0;
  }
  return 0;
}

}  // namespace

const Drawn& RunSignals::drawn(std::optional<double> probability) const {
  return probability && *probability < kDoubtful ? unlikely : likely;
}

RunSignals RunSignals::alone() const {
  RunSignals lone = *this;
  lone.shipped_logit = lone_logit.value_or(shipped_logit);
  lone.lone_logit.reset();
  return lone;
}

double shipped_logit_of(std::span<const Feature> run) {
  return std::clamp(exact_logit(model_probability(run)), -kLogitMax, kLogitMax);
}

RunSignals signals_of(const TraceView& view,
                      std::span<const Proven<RubricItem>> rubric,
                      std::span<const ProvenFinding> findings,
                      std::span<const Feature> run) {
  const Tallied counts = count(rubric, findings);
  Ruled likely = decide_verdict(view, rubric, findings, std::nullopt);
  Ruled unlikely = decide_verdict(view, rubric, findings, 0.0);
  RunSignals signals;
  signals.inside = model_applies(view);
  signals.shipped_logit = shipped_logit_of(run);
  signals.critical = counts.critical > 0;
  signals.coverage = counts.items > 0 ? (counts.met + counts.unmet) / counts.items : 0;
  signals.values = {capped_share(counts.critical, 2),
                    capped_share(counts.warnings, 3),
                    counts.items > 0 ? counts.met / counts.items : 0,
                    counts.items > 0 ? counts.unmet / counts.items : 0,
                    counts.objective,
                    value_of(likely.verdict),
                    feature(run, "last_call_failed"),
                    feature(run, "last_refuses")};
  signals.likely = {likely.verdict, std::move(likely.rule)};
  signals.unlikely = {unlikely.verdict, std::move(unlikely.rule)};
  return signals;
}

double calibrated_logit(const Calibration::Success& part, const RunSignals& run) {
  double sum = part.offset + part.slope * run.shipped_logit;
  for (std::size_t i = 0; i < run.values.size(); ++i) {
    sum += part.weights[i] * run.values[i];
  }
  return sum;
}

std::optional<double> calibrated_probability(const Calibration& calibration,
                                             const RunSignals& run,
                                             std::optional<double> shipped) {
  const auto& part = run.inside ? calibration.inside : calibration.outside;
  if (!part) {
    return shipped;
  }
  return std::clamp(logistic(calibrated_logit(*part, run)), 1 - kCertainMost, kCertainMost);
}

std::size_t cell_of(double coverage, std::optional<double> probability) {
  constexpr double kLikely = 0.65;
  const std::size_t row = coverage >= 1 ? 2 : coverage >= 0.5 ? 1 : 0;
  std::size_t column = 0;
  if (probability) {
    column = *probability < kDoubtful ? 1 : *probability < kLikely ? 2 : 3;
  }
  return row * kProbabilityCells + column;
}

std::optional<double> calibrated_confidence(const Calibration& calibration,
                                            std::string_view rule,
                                            double coverage,
                                            std::optional<double> probability) {
  const auto found = std::lower_bound(
      calibration.rules.begin(),
      calibration.rules.end(),
      rule,
      [](const Calibration::Rule& one, std::string_view wanted) { return one.rule < wanted; });
  if (found == calibration.rules.end() || found->rule != rule) {
    return shipped_confidence(rule);
  }
  return found->agreement[cell_of(coverage, probability)];
}

}  // namespace infinium::maestro
