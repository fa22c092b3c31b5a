#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace infinium::cli::evaluation {

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

/// A figure of some rows, which are given by their places and may repeat; nothing where it is not
/// defined (no rows, or all of one class).
using Statistic = std::function<std::optional<double>(std::span<const std::size_t>)>;

/// The 95 % percentile-bootstrap interval of a figure (Efron 1979): whole tasks are drawn again,
/// since the traces of one task are not independent. `tasks[i]` is the task of row i. The draws
/// come from a fixed seed, so that equal rows give equal intervals on any machine. Nothing if no
/// draw gives a figure.
[[nodiscard]] std::optional<Interval> interval_over_tasks(std::span<const std::string> tasks,
                                                          const Statistic& statistic);

}  // namespace infinium::cli::evaluation
