#include "maestro/outcome/agreement.h"

#include "maestro/outcome/text_cues.h"

namespace infinium::maestro {

SiblingAgreement agreement_with(const Company& company, const Sibling& run) {
  const std::vector<Sibling> others = company.siblings_of(run);
  SiblingAgreement agreement;
  agreement.count = others.size();
  agreement.writes_here = !run.writes.empty();
  if (others.empty()) {
    return agreement;
  }
  for (const Sibling& other : others) {
    const std::size_t shared = shared_stems(run.writes, other.writes);
    const std::size_t all = run.writes.size() + other.writes.size() - shared;
    agreement.same_writes += run.writes == other.writes ? 1 : 0;
    agreement.overlap += all == 0 ? 1 : static_cast<double>(shared) / static_cast<double>(all);
    agreement.with_writes += other.writes.empty() ? 0 : 1;
  }
  const auto count = static_cast<double>(others.size());
  agreement.same_writes /= count;
  agreement.overlap /= count;
  agreement.with_writes /= count;
  return agreement;
}

}  // namespace infinium::maestro
