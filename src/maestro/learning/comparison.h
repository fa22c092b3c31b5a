#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace infinium::maestro {

/// How well probabilities foretold what people said.
struct Figures {
  double accuracy = 0;        ///< share on the right side of one half
  double brier = 0;           ///< mean square of the distance; 0 is best, 0.25 is a coin's
  std::optional<double> auc;  ///< nothing if all labels are alike
  bool operator==(const Figures&) const = default;
};

/// Probabilities as they were, and as they were learned from other runs, on the same runs.
struct Comparison {
  std::int64_t runs = 0;
  bool learned = false;  ///< there were enough runs; else there are no figures
  Figures before;
  Figures after;
  double gain = 0;        ///< how much smaller the Brier score got
  double gain_error = 0;  ///< its standard error over tasks
  bool helps = false;     ///< the gain is more than one standard error
  bool operator==(const Comparison&) const = default;
};

struct Foretold {
  double before = 0;
  double after = 0;
  double label = 0;       ///< 0–1: the share of people that says yes
  double weight = 0;      ///< 0–1
  std::size_t group = 0;  ///< runs of one group are no evidence apart from each other
};

[[nodiscard]] Comparison compare(std::span<const Foretold> runs);

}  // namespace infinium::maestro
