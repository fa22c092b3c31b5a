#pragma once

#include <string_view>

#include "maestro/outcome/model.h"

namespace infinium::maestro {

/// A trained pair of models; their answers are averaged.
struct Weights {
  LinearModel linear;
  Forest forest;
  std::string_view digest;  ///< 16 hex digits of the SHA-256 of the feature names and the weights
};

/// Of run_features(), for the probability that the objective was reached.
[[nodiscard]] const Weights& success_weights();
/// Of step_features(), for the step that went wrong first.
[[nodiscard]] const Weights& blame_weights();

}  // namespace infinium::maestro
