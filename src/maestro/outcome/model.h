#pragma once

#include <cstdint>
#include <span>

/// Small models whose weights are compiled in. They are written by tools/train and never edited by
/// hand; evaluating one is pure and gives the same bits on every machine.
namespace infinium::maestro {

/// One input of a linear model: (value - mean) * weight is summed; the weight holds the scale.
struct LinearTerm {
  std::uint16_t feature = 0;
  double mean = 0;
  double weight = 0;
};

struct LinearModel {
  double bias = 0;
  std::span<const LinearTerm> terms;
};

/// A node of a tree. Left if the value is at most the threshold. `left` and `right` are indices
/// into the forest's nodes; a leaf has `left` 0 and its share of positives in `value`.
struct TreeNode {
  std::uint16_t feature = 0;
  std::uint16_t left = 0;
  std::uint16_t right = 0;
  float value = 0;  ///< the threshold, or a leaf's share
};

/// Trees whose leaves' shares are averaged.
struct Forest {
  std::span<const TreeNode> nodes;
  std::span<const std::uint16_t> roots;
};

/// The sum of the terms and the bias.
[[nodiscard]] double evaluate(const LinearModel& model, std::span<const double> features);
/// The mean share, 0–1; 0 without trees.
[[nodiscard]] double evaluate(const Forest& forest, std::span<const double> features);

}  // namespace infinium::maestro
