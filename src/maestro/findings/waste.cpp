#include "maestro/findings/waste.h"

#include <algorithm>
#include <cstddef>

#include "maestro/findings/catalogue.h"
#include "maestro/findings/draft.h"

namespace infinium::maestro {

void settle_waste(const TraceView& view, std::vector<Finding>& findings) {
  std::vector<Finding*> order;
  for (Finding& finding : findings) {
    if (find_code(finding.code).waste && finding.wasted.step_indices.empty()) {
      finding.wasted.step_indices = finding.step_indices;
    }
    if (!finding.wasted.step_indices.empty()) {
      order.push_back(&finding);
    }
  }
  const auto waste_first = [](const Finding* finding) { return find_code(finding->code).waste; };
  const auto others = std::stable_partition(order.begin(), order.end(), waste_first);
  std::stable_sort(order.begin(), others, [](const Finding* a, const Finding* b) {
    return a->wasted.step_indices.size() > b->wasted.step_indices.size();
  });
  std::vector<bool> charged(view.steps().size(), false);
  for (Finding* finding : order) {
    std::vector<std::size_t> own;
    for (const std::int64_t index : finding->wasted.step_indices) {
      const auto step = static_cast<std::size_t>(index);
      if (!charged[step]) {
        charged[step] = true;
        own.push_back(step);
      }
    }
    finding->wasted = waste_of(view, own);
  }
}

}  // namespace infinium::maestro
