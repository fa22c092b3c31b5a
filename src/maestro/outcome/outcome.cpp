#include "maestro/outcome/outcome.h"

#include <algorithm>

#include "maestro/outcome/exact_math.h"
#include "maestro/outcome/weights.h"

namespace infinium::maestro {
namespace {

/// Of the success model; tools/train/models.py has the same.
constexpr double kLinearShare = 0.25;

std::vector<double> values_of(std::span<const Feature> features) {
  std::vector<double> values;
  values.reserve(features.size());
  for (const Feature& feature : features) {
    values.push_back(feature.value);
  }
  return values;
}

/// A conversation of at least two turns of a user, with calls.
bool is_conversation(const TraceView& view) {
  std::size_t users = 0;
  std::size_t calls = 0;
  for (const StepView& step : view.steps()) {
    users += step.kind == StepKind::user ? 1 : 0;
    calls += step.kind == StepKind::tool ? 1 : 0;
  }
  return users >= 2 && calls >= 1;
}

}  // namespace

bool model_applies(const TraceView& view) {
  return is_conversation(view) && view.trace().expected_outcome.has_value();
}

double model_probability(std::span<const Feature> run) {
  const std::vector<double> values = values_of(run);
  const Weights& weights = success_weights();
  return kLinearShare * logistic(evaluate(weights.linear, values)) +
         (1 - kLinearShare) * evaluate(weights.forest, values);
}

std::optional<double> success_probability(const TraceView& view, std::span<const Feature> run) {
  return model_applies(view) ? std::optional(model_probability(run)) : std::nullopt;
}

std::vector<double> blame(std::span<const std::vector<Feature>> steps) {
  const Weights& weights = blame_weights();
  std::vector<double> linear;
  std::vector<double> trees;
  for (const std::vector<Feature>& step : steps) {
    const std::vector<double> values = values_of(step);
    linear.push_back(evaluate(weights.linear, values));
    trees.push_back(evaluate(weights.forest, values));
  }
  if (linear.empty()) {
    return {};
  }
  const double highest = *std::max_element(linear.begin(), linear.end());
  double linear_sum = 0;
  double tree_sum = 0;
  for (std::size_t i = 0; i < linear.size(); ++i) {
    linear[i] = exact_exp(linear[i] - highest);
    linear_sum += linear[i];
    tree_sum += trees[i];
  }
  for (std::size_t i = 0; i < linear.size(); ++i) {
    const double tree_share = tree_sum > 0 ? trees[i] / tree_sum : 0;
    linear[i] = (linear[i] / linear_sum + tree_share) / 2;
  }
  return linear;
}

}  // namespace infinium::maestro
