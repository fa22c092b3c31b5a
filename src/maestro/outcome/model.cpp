#include "maestro/outcome/model.h"

namespace infinium::maestro {

double evaluate(const LinearModel& model, std::span<const double> features) {
  double sum = model.bias;
  for (const LinearTerm& term : model.terms) {
    sum += (features[term.feature] - term.mean) * term.weight;
  }
  return sum;
}

double evaluate(const Forest& forest, std::span<const double> features) {
  if (forest.roots.empty()) {
    return 0;
  }
  double sum = 0;
  for (const std::uint16_t root : forest.roots) {
    const TreeNode* node = &forest.nodes[root];
    while (node->left != 0) {
      const bool left = features[node->feature] <= static_cast<double>(node->value);
      node = &forest.nodes[left ? node->left : node->right];
    }
    sum += static_cast<double>(node->value);
  }
  return sum / static_cast<double>(forest.roots.size());
}

}  // namespace infinium::maestro
