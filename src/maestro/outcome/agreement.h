#pragma once

#include "infinium/company.h"
#include "maestro/outcome/features.h"

namespace infinium::maestro {

/// How far the run did what its siblings did. All zero without siblings.
[[nodiscard]] SiblingAgreement agreement_with(const Company& company, const Sibling& run);

}  // namespace infinium::maestro
