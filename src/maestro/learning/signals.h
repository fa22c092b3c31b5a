#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "infinium/calibration.h"
#include "maestro/outcome/features.h"
#include "maestro/trace_view.h"
#include "maestro/verdict.h"

namespace infinium::maestro {

/// A verdict and the row of the rule table that gave it.
struct Drawn {
  Verdict verdict = Verdict::undetermined;
  std::string rule;
  auto operator<=>(const Drawn&) const = default;
};

/// What a calibration looks at: of each run a handful of counts that mean the same for every agent,
/// each within -1 and 1, so that few verdicts of people suffice and no single run can pull far.
struct RunSignals {
  bool inside = false;       ///< the shipped model answers for such a run
  double shipped_logit = 0;  ///< of its answer, or of its guess; within ±4
  /// The same without the siblings, which take no part in a verdict; none without siblings.
  std::optional<double> lone_logit;
  double coverage = 0;    ///< 0–1
  bool critical = false;  ///< a critical finding
  std::array<double, Calibration::kSignals> values{};
  Drawn likely;    ///< by the rules alone
  Drawn unlikely;  ///< where the probability speaks against a success
  auto operator<=>(const RunSignals&) const = default;

  /// What the rules draw with this probability, which is one without siblings.
  [[nodiscard]] const Drawn& drawn(std::optional<double> probability) const;
  /// Those of the run by itself.
  [[nodiscard]] RunSignals alone() const;
};

[[nodiscard]] RunSignals signals_of(const TraceView& view,
                                    std::span<const Proven<RubricItem>> rubric,
                                    std::span<const ProvenFinding> findings,
                                    std::span<const Feature> run);
/// The shipped model's answer, or its guess where it does not answer.
[[nodiscard]] double shipped_logit_of(std::span<const Feature> run);

/// The probability that the objective was reached in full; what was shipped where the calibration
/// does not say. Within 0.01 and 0.99 where it does.
[[nodiscard]] std::optional<double> calibrated_probability(const Calibration& calibration,
                                                           const RunSignals& run,
                                                           std::optional<double> shipped);

/// The probability that a careful reviewer gives the verdict that `rule` gave; what was shipped
/// where the calibration does not say.
[[nodiscard]] std::optional<double> calibrated_confidence(const Calibration& calibration,
                                                          std::string_view rule,
                                                          double coverage,
                                                          std::optional<double> probability);

/// The cell of a rule's table: coverage in thirds of [0, ½), [½, 1) and 1; probability unknown,
/// below 0.35, below 0.65, or above.
[[nodiscard]] std::size_t cell_of(double coverage, std::optional<double> probability);
inline constexpr std::size_t kCoverageCells = 3;
inline constexpr std::size_t kProbabilityCells = 4;  ///< the first: unknown
static_assert(kCoverageCells * kProbabilityCells == Calibration::kCells);

/// offset + slope · logit + Σ weight · signal.
[[nodiscard]] double calibrated_logit(const Calibration::Success& part, const RunSignals& run);

}  // namespace infinium::maestro
