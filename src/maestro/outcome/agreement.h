#pragma once

#include "infinium/company.h"
#include "maestro/outcome/features.h"

namespace infinium::maestro {

/// sibling_of() for a trace that is read already.
[[nodiscard]] Sibling sibling_of(const TraceView& view, std::string_view trace_id = {});

/// How far the run did what its siblings did. All zero without siblings.
[[nodiscard]] SiblingAgreement agreement_with(const Company& company, const Sibling& run);

}  // namespace infinium::maestro
