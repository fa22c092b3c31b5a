#pragma once

#include <span>
#include <string>
#include <vector>

#include "infinium/calibration.h"
#include "maestro/learning/signals.h"

namespace infinium::maestro {

/// A run and how it went according to people.
struct LabelledRun {
  const RunSignals* run = nullptr;
  double label = 0;   ///< 0–1: the share of it that says yes
  double weight = 0;  ///< 0–1
};

/// The part of a calibration that fits such runs best and stays near the prior: inside the shipped
/// model's domain its own answer (slope 1), outside nothing (slope 0). Ridge regression by Newton's
/// method in a fixed number of rounds: the same bits for the same order on any machine. Runs pull
/// against the prior by their weight, so that more of them have more freedom.
[[nodiscard]] Calibration::Success fit_success(std::span<const LabelledRun> runs, bool inside);

/// A verdict that was drawn, and how far people agree with it.
struct DrawnRun {
  std::string_view rule;
  std::size_t cell = 0;
  double agreed = 0;  ///< 0–1
  double weight = 0;  ///< 0–1
};

/// How often people agree with each rule in each cell. A cell leans on its rule, a rule on what was
/// shipped for it (else on all rules together), each like a few verdicts. More coverage never means
/// less confidence in a verdict that was decided, a higher probability never less in `S…` and never
/// more in `F…`.
[[nodiscard]] std::vector<Calibration::Rule> fit_confidence(std::span<const DrawnRun> runs);

}  // namespace infinium::maestro
