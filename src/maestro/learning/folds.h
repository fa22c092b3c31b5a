#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace infinium::maestro {

inline constexpr std::size_t kFolds = 5;

/// Which runs are held out together.
struct Folds {
  bool by_task = false;
  std::vector<std::size_t> group;  ///< one a run: its task, or itself
  std::vector<std::size_t> fold;   ///< one a run, below kFolds
};

/// Whole tasks into folds of about the same size, large tasks first; single runs where there are
/// too few tasks for that, or one that has most runs. Deterministic.
[[nodiscard]] Folds make_folds(std::span<const std::uint64_t> tasks);

}  // namespace infinium::maestro
