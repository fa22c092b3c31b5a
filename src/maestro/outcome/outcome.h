#pragma once

#include <optional>
#include <span>
#include <vector>

#include "maestro/outcome/features.h"

namespace infinium::maestro {

/// The probability, 0–1, that the run reached its objective in full, by the shipped model. Nothing
/// for a run unlike those it was trained on (conversations with a user over tools): a model's
/// answer there would be a guess.
[[nodiscard]] std::optional<double> success_probability(const TraceView& view,
                                                        std::span<const Feature> run);

/// Whether the shipped model answers for such a run.
[[nodiscard]] bool model_applies(const TraceView& view);
/// What the shipped model says or, where it does not apply, would guess.
[[nodiscard]] double model_probability(std::span<const Feature> run);

/// For each step, how likely it is the first decisive error if the run went wrong; sums to 1.
/// Empty without steps.
[[nodiscard]] std::vector<double> blame(std::span<const std::vector<Feature>> steps);

}  // namespace infinium::maestro
