#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "infinium/interpretation.h"

/// How well predictions fit what happened. Pure; nothing where a figure is not defined.
namespace infinium::cli::evaluation {

/// What was said to be likely, and whether it happened.
struct Forecast {
  double probability = 0;
  bool happened = false;
};
using Forecasts = std::span<const Forecast>;

/// The area under the ROC curve: how often what happened was held for likelier than what did not,
/// ties half. Nothing if all are of one class.
[[nodiscard]] std::optional<double> auc(Forecasts forecasts);

/// The share on the right side of a half; exactly a half says "no".
[[nodiscard]] std::optional<double> accuracy(Forecasts forecasts);

/// The same among the half that is farthest from a half.
[[nodiscard]] std::optional<double> accuracy_of_confident_half(Forecasts forecasts);

/// The mean squared error (Brier 1950).
[[nodiscard]] std::optional<double> brier(Forecasts forecasts);

/// The expected calibration error over ten bins of equal width (Naeini et al. 2015).
[[nodiscard]] std::optional<double> calibration_error(Forecasts forecasts);

/// Of the 30 % held for least likely (the earlier first, of equals), the share that did not happen.
[[nodiscard]] std::optional<double> precision_of_most_suspect(Forecasts forecasts);

inline constexpr std::array kVerdicts = {
    Verdict::succeeded, Verdict::partially_succeeded, Verdict::failed, Verdict::undetermined};

/// A verdict beside the true one.
struct VerdictPair {
  Verdict truth = Verdict::undetermined;
  Verdict said = Verdict::undetermined;
};

/// How often each true verdict was given as each other: [truth][said].
using Confusion = std::array<std::array<std::size_t, kVerdicts.size()>, kVerdicts.size()>;
[[nodiscard]] Confusion confusion(std::span<const VerdictPair> pairs);

/// The mean F1 over the verdicts that occur as truth. To abstain (`undetermined`) where the truth
/// is another verdict is a miss like any other.
[[nodiscard]] std::optional<double> macro_f1(const Confusion& confusion);

/// The value below which `share` of the values lie; nothing without values.
[[nodiscard]] std::optional<double> quantile(std::vector<double> values, double share);

}  // namespace infinium::cli::evaluation
